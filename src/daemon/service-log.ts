import { once } from "node:events";
import { mkdir, rm } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { ServiceSettings } from "../config/index.ts";
import { type Log, masked, silentLog } from "../core/index.ts";

/** The service's own log: JSON lines. */
export interface ServiceLog {
  readonly log: Log;
  /** Resolves when all is written, as far as the disk lets it. */
  readonly close: () => Promise<void>;
}

/**
 * Open the log of a service, or one that says nothing when no file is wanted. A file that reaches its
 * size becomes `FILE.1`, what was `FILE.1` becomes `FILE.2`, and so on up to the number that is kept.
 * A full disk loses lines and stops nothing.
 */
export async function openServiceLog(
  { file, maxSizeBytes, maxFiles }: ServiceSettings["log"],
  level: string,
): Promise<ServiceLog> {
  if (file === null) return { log: silentLog, close: () => Promise.resolve() };
  const { createStream } = await import("rotating-file-stream");
  const { pino } = await import("pino");
  const folder = dirname(file);
  await mkdir(folder, { recursive: true });
  const stream = createStream(basename(file), {
    path: folder,
    size: `${Math.max(1, Math.round(maxSizeBytes))}B`,
    rotate: Math.max(1, maxFiles - 1),
  });
  // One of its own is enough where no older one is wanted.
  if (maxFiles === 1) stream.on("rotated", (name) => void rm(name, { force: true }));
  stream.on("error", () => undefined);
  stream.on("warning", () => undefined);
  const write = (line: string): void => {
    if (!stream.destroyed) stream.write(masked(line));
  };
  return {
    log: pino({ level, base: { pid: process.pid } }, { write }),
    async close() {
      if (stream.destroyed) return;
      const closed = once(stream, "close").catch(() => undefined);
      stream.end();
      await closed;
    },
  };
}
