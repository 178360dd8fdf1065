import type { FileHandle } from "node:fs/promises";
import type { Readable } from "node:stream";
import { outputMask } from "./masked-output.ts";

/** What was kept of a stream. */
export interface KeptOutput {
  readonly path: string;
  /** Bytes that came in all, secrets masked. */
  readonly bytes: number;
  /** Bytes that stand in the file. */
  readonly keptBytes: number;
  /** The end of all that came, as text. */
  readonly tail: string;
}

/** Where a stream goes, and how much of it. */
export interface KeepOrder {
  readonly path: string;
  readonly file: FileHandle;
  readonly maxBytes: number;
  readonly tailBytes: number;
  readonly watch: StreamWatch;
}

/** Whether a stream is waited for, or what came of it is still being written. */
export interface StreamWatch {
  /** By the clock of `performance.now()`; null while something is being written. */
  waitingSinceMs: number | null;
}

/**
 * Write a stream to a file as it comes, secrets masked. What goes beyond the limit is counted and
 * dropped, so that the program at its other end is never held up. A stream that is destroyed has ended.
 */
export async function keepOutput(stream: Readable, order: KeepOrder): Promise<KeptOutput> {
  const { path, file, maxBytes, tailBytes, watch } = order;
  const last: Buffer[] = [];
  let lastBytes = 0;
  let bytes = 0;
  let keptBytes = 0;
  for await (const chunk of maskedChunks(chunksOf(stream, watch))) {
    const kept = chunk.subarray(0, maxBytes - keptBytes);
    if (kept.length > 0) await file.writeFile(kept);
    keptBytes += kept.length;
    bytes += chunk.length;
    last.push(chunk);
    lastBytes += chunk.length;
    while (lastBytes - (last[0]?.length ?? 0) >= tailBytes) lastBytes -= last.shift()?.length ?? 0;
  }
  return { path, bytes, keptBytes, tail: textOf(Buffer.concat(last), tailBytes) };
}

async function* maskedChunks(chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const mask = outputMask();
  for await (const chunk of chunks) yield mask.push(chunk);
  yield mask.end();
}

async function* chunksOf(stream: Readable, watch: StreamWatch): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) {
      watch.waitingSinceMs = null;
      yield Buffer.from(chunk);
      watch.waitingSinceMs = performance.now();
    }
  } catch (error) {
    if (!stream.destroyed || !isCut(error)) throw error;
  }
}

/** Node's word for a stream that was destroyed before its end. */
function isCut(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_STREAM_PREMATURE_CLOSE";
}

/** The last bytes as text, without the rest of a character that the limit cut in two. */
export function textOf(bytes: Buffer, limit: number): string {
  let start = Math.max(0, bytes.length - limit);
  if (start > 0) while (((bytes[start] ?? 0) & 0xc0) === 0x80) start++;
  return bytes.subarray(start).toString("utf8");
}
