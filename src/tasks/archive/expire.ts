/** Deleting what an archive has kept for long enough, and nothing else. */
import { readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../../core/index.ts";
import type { DayFolders } from "./day-folders.ts";
import { ASIDE } from "./place-file.ts";

export interface Expiry {
  readonly folders: DayFolders;
  readonly keepDays: number;
  /** Days to come whose folders are there already. */
  readonly aheadDays: number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** How far back folders are looked for. */
const LOOK_BACK_DAYS = 3_660;

/**
 * Delete the files in folders of days that are over, and those folders when they are empty then. A
 * folder that also belongs to a day still kept (all of a month, or `{ddMMM}` without a year) stays.
 *
 * Only folders are looked into whose whole path below the root is what the template gives for such
 * a day, only plain files are deleted, and no link is followed. Hidden files are not ours.
 *
 * @returns how many files were deleted
 */
export async function expire({ folders, ...terms }: Expiry): Promise<number> {
  const { keepDays, aheadDays, signal, log } = terms;
  const namesOf = (day: number) => folders.below(day).join("/");
  const shape = shapeOf(namesOf(0));
  const there = await foldersBelow(folders.root, folders.below(0).length);
  const unclear = new Set(there.filter((names) => shapeOf(names) === shape));
  for (let day = -keepDays; day <= aheadDays; day++) unclear.delete(namesOf(day));
  let deleted = 0;
  for (let back = 1; back <= LOOK_BACK_DAYS && unclear.size > 0; back++) {
    const names = namesOf(-keepDays - back);
    if (!unclear.delete(names)) continue;
    const folder = join(folders.root, names);
    const files = await emptied(folder, signal);
    log.info({ folder, files }, "archived files were kept long enough and are deleted");
    deleted += files;
    await removeEmpty(folders.root, names.split("/"));
  }
  return deleted;
}

/** Equal for the folders of all days, so that most of those that are none are seen at once. */
function shapeOf(names: string): string {
  return names.replaceAll(/\d/g, "0").replaceAll(/[A-Z]/g, "A").replaceAll(/[a-z]/g, "a");
}

/** Folders so many levels below the root, as `2026/01Mar`; links are none. */
async function foldersBelow(root: string, levels: number): Promise<string[]> {
  let found = [""];
  for (let level = 0; level < levels; level++) {
    const below = found.map(async (names) => {
      const entries = await readdir(join(root, names), { withFileTypes: true }).catch(none);
      const inside = entries.filter((entry) => entry.isDirectory());
      return inside.map(({ name }) => (names === "" ? name : `${names}/${name}`));
    });
    found = (await Promise.all(below)).flat();
  }
  return found;
}

/** Nothing has been put away yet. */
function none(error: NodeJS.ErrnoException): [] {
  if (error.code === "ENOENT") return [];
  throw error;
}

async function emptied(folder: string, signal: AbortSignal): Promise<number> {
  let files = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const isOurs = entry.isFile() && (!entry.name.startsWith(".") || ASIDE.test(entry.name));
    if (!isOurs) continue;
    signal.throwIfAborted();
    await rm(join(folder, entry.name), { force: true });
    files++;
  }
  return files;
}

/** From the innermost outwards, until one has something in it. */
async function removeEmpty(root: string, names: readonly string[]): Promise<void> {
  for (let depth = names.length; depth > 0; depth--) {
    try {
      await rmdir(join(root, ...names.slice(0, depth)));
    } catch (error) {
      if (error instanceof Error && "code" in error && HAS_MORE.has(String(error.code))) return;
      throw error;
    }
  }
}

const HAS_MORE = new Set(["ENOTEMPTY", "EEXIST", "ENOENT"]);
