/** What is remembered of a source between runs: the files that it gave, and one that is not complete. */
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import {
  discard,
  fileSha256,
  isWranglerError,
  type Log,
  readJson,
  writeJson,
} from "../../core/index.ts";
import { MEMORY_FOLDER } from "./names.ts";

export const Status = z.enum(["new", "unchanged", "copied", "moved"]);
export type Status = z.infer<typeof Status>;

/** A file that was saved. */
const Known = z.object({
  /** Fingerprint of what was asked for, or version of the file that was copied. */
  asked: z.string(),
  /** Name that the source gave. */
  name: z.string(),
  /** Where it was saved, relative to the folder. */
  file: z.string(),
  bytes: z.int().min(0),
  sha256: z.string(),
  modifiedMs: z.number(),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
  /** Which run and task saved it, and what that was told as. */
  by: z.string(),
  status: Status,
});
export type Known = z.infer<typeof Known>;

/** A file of which only the beginning is there. */
const Part = z.object({
  asked: z.string(),
  /** What the rest can be asked for with: a strong ETag, a date, a version. */
  validator: z.string(),
  name: z.string(),
  /** Of the whole, if it was told. */
  totalBytes: z.int().min(0).optional(),
  /** What is there and on the disk for good. */
  bytes: z.int().min(0),
});
export type Part = z.infer<typeof Part>;

const Remembered = z.object({ files: z.record(z.string(), Known), part: Part.nullable() });
type Remembered = z.infer<typeof Remembered>;

/** Of one source of a task. */
export interface Memory {
  /** Where a file is written until it is complete. */
  readonly partPath: string;
  /** A file that was saved and stands as it was. */
  standing(key: string): Promise<Known | undefined>;
  /** The beginning of a file that is kept for the rest. */
  part(): Promise<Part | undefined>;
  /** Null: there is none any more. */
  keepPart(part: Part | null): Promise<void>;
  /** A file is complete; it gets its name next. Written down at once, or after a while with others. */
  keep(key: string, known: Known): Promise<void>;
  /** Write down what is not yet. */
  flush(): Promise<void>;
  /** Files that the source does not have any more need not be remembered. */
  forgetOthers(keys: ReadonlySet<string>): Promise<void>;
}

export interface MemoryOrder {
  /** Absolute folder of the files. */
  readonly folder: string;
  /** Unique for the source within the folder, and a plain name. */
  readonly slot: string;
  /**
   * How long files may be kept in mind before they are written down. To write down thousands of them
   * one by one would take longer than to fetch a few of them again.
   */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/**
 * Read what is remembered. It lies beside the files, in `.download`, one file a source; whoever
 * removes it loses nothing but time.
 */
export async function memoryOf({
  folder,
  slot,
  patienceMs,
  signal,
  log,
}: MemoryOrder): Promise<Memory> {
  const path = join(folder, MEMORY_FOLDER, `${slot}.json`);
  const partPath = join(folder, MEMORY_FOLDER, `${slot}.part`);
  await mkdir(join(folder, MEMORY_FOLDER), { recursive: true });
  let now = await remembered(path, log);
  let written = now;
  let writtenMs = performance.now();
  const flush = async () => {
    if (written === now) return;
    await writeJson(path, now);
    written = now;
    writtenMs = performance.now();
  };
  const put = (next: Remembered) => {
    now = next;
    return flush();
  };
  return {
    partPath,
    async standing(key) {
      const known = Object.hasOwn(now.files, key) ? now.files[key] : undefined;
      return known && (await stands(join(folder, known.file), known, signal)) ? known : undefined;
    },
    async part() {
      const { part } = now;
      const found = part && (await stat(partPath).catch(() => undefined));
      return part && found && found.size >= part.bytes ? part : undefined;
    },
    async keepPart(part) {
      if (part === null && now.part === null) return;
      await put({ ...now, part });
    },
    async keep(key, known) {
      now = { files: { ...now.files, [key]: known }, part: null };
      if (performance.now() - writtenMs >= patienceMs) await flush();
    },
    flush,
    async forgetOthers(keys) {
      const files = Object.entries(now.files).filter(([key]) => keys.has(key));
      if (files.length === Object.keys(now.files).length) return flush();
      await put({ ...now, files: Object.fromEntries(files) });
    },
  };
}

async function remembered(path: string, log: Log): Promise<Remembered> {
  const nothing: Remembered = { files: {}, part: null };
  if (!(await stat(path).catch(() => undefined))) return nothing;
  try {
    return await readJson(path, Remembered);
  } catch (error) {
    if (!isWranglerError(error)) throw error;
    // Only a memory: without it everything is fetched anew.
    log.warn({ path, reason: error.message }, "what is remembered of a download cannot be read");
    await discard(path);
    return nothing;
  }
}

/** Whether a file is what was saved: by its size and time, or by its bytes when somebody touched it. */
async function stands(
  path: string,
  { bytes, modifiedMs, sha256 }: Known,
  signal: AbortSignal,
): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile() || found.size !== bytes) return false;
  return found.mtimeMs === modifiedMs || (await fileSha256(path, signal)) === sha256;
}
