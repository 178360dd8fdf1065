import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { download } from "../../src/tasks/index.ts";
import { memoryJournal } from "./memory-journal.ts";
import { taskContext } from "./task-context.ts";

export interface DownloadParts {
  readonly attempt?: number;
  readonly signal?: AbortSignal;
  readonly journal?: ReturnType<typeof memoryJournal>;
  /** Of a new journal. */
  readonly runId?: string;
  readonly scheduledAt?: string;
}

interface DownloadResults {
  readonly files: string[];
  readonly sources: Record<string, unknown>[];
  readonly bytes: number;
  readonly unchanged: boolean;
}

/**
 * Run a download by options as they stand in a file. Files go to `in`, and loopback may be reached,
 * unless the options say otherwise.
 */
export async function ranDownload(
  folder: string,
  options: object,
  parts: DownloadParts = {},
): Promise<DownloadResults> {
  const { runId = "run-1", scheduledAt, ...rest } = parts;
  const checked = download.options.parse({ to: "in", allowPrivate: ["127.0.0.1"], ...options });
  const context = taskContext({
    journal: memoryJournal(runId),
    ...rest,
    options: checked,
    folder,
  });
  const results = await download.run({
    ...context,
    ...(scheduledAt === undefined ? {} : { scheduledAt }),
  });
  return results as unknown as DownloadResults;
}

export function sha256(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Names in the folder of the downloads, without what is remembered of them. */
export async function savedNames(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, "in"));
  return names.filter((name) => name !== ".download").toSorted();
}
