/** The end of a way: what is complete is checked and gets its name. */
import { rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { discard, flush } from "../../core/index.ts";
import { invalid } from "./failures.ts";
import type { Item, Job, Received } from "./job.ts";
import { receivedOf } from "./job.ts";
import type { Known } from "./memory.ts";
import { forget, type Whole } from "./receive.ts";

export type NewFile = Whole &
  Pick<Known, "name" | "file" | "etag" | "lastModified"> & {
    readonly status: "new" | "copied";
  };

/**
 * Give the part of an item its name. What stands there with the same bytes stays as it is, and is
 * told as unchanged.
 *
 * First it is remembered, then renamed: when that is cut short, the file that stands is not the one
 * that is remembered, and it is fetched again.
 */
export async function save(job: Job, item: Item, found: NewFile): Promise<Received> {
  const { memory, key, asked } = item;
  const before = await memory.standing(key);
  const isSame =
    job.options.conditional && before?.file === found.file && before.sha256 === found.sha256;
  if (isSame) {
    const isOurs = before.by === job.by;
    const status = isOurs ? before.status : "unchanged";
    const { modifiedMs } = before;
    const known: Known = { ...found, modifiedMs, asked, by: job.by, status };
    await memory.keep(key, known);
    await discard(memory.partPath);
    return receivedOf(job, item, known);
  }
  const path = join(job.folder, found.file);
  const known: Known = { ...found, asked, by: job.by };
  await memory.keep(key, known);
  await rename(memory.partPath, path);
  await flush(dirname(path));
  await flush(dirname(memory.partPath));
  return receivedOf(job, item, known);
}

/**
 * The file that was saved for the same item, when neither it nor the source has changed since;
 * undefined when the source has to be read.
 */
export async function asBefore(job: Job, item: Item, file: string): Promise<Received | undefined> {
  if (!job.options.conditional) return undefined;
  const known = await item.memory.standing(item.key);
  if (known?.asked !== item.asked || known.file !== file) return undefined;
  const status = known.by === job.by ? known.status : "unchanged";
  const next: Known = { ...known, by: job.by, status };
  await item.memory.keep(item.key, next);
  return receivedOf(job, item, next);
}

/**
 * Check a file before it gets its name; one that does not hold is removed.
 *
 * @param sum - SHA-256 that it must have; undefined: any.
 * @throws {WranglerError} DOWNLOAD_INVALID
 */
export async function checkWhole(
  job: Job,
  { what, memory }: Item,
  whole: Whole,
  sum: string | undefined,
): Promise<void> {
  try {
    checkSum(job, what, whole, sum);
  } catch (error) {
    await forget(memory);
    throw error;
  }
}

/** Hold size and SHA-256 of a file against what is expected: DOWNLOAD_INVALID. */
export function checkSum(
  { minBytes }: Pick<Job, "minBytes">,
  what: string,
  { bytes, sha256 }: Pick<Whole, "bytes" | "sha256">,
  sum: string | undefined,
): void {
  if (bytes < minBytes)
    throw invalid(`${what}: it has ${bytes} bytes, and minSize is ${minBytes}.`);
  const wanted = sum?.toLowerCase() ?? sha256;
  if (wanted !== sha256) throw invalid(`${what}: expected the SHA-256 ${wanted}, got ${sha256}.`);
}
