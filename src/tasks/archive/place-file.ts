/** Putting one file into a folder of the archive: it is whole there before it is gone here. */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, link, lstat, realpath, rename, rm, unlink, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { discard, exists, flush, sha256, unwritable, WranglerError } from "../../core/index.ts";
import type { ArchiveOptions } from "./archive-options.ts";
import { changed, checkUnchanged, compared, type Entry, pathOf } from "./entry.ts";

export interface PlaceTerms extends Pick<ArchiveOptions, "mode" | "onConflict"> {
  readonly signal: AbortSignal;
}

export interface Placed {
  /** Absolute path in the archive: of the file, or of the other one that was kept there. */
  readonly file: string;
  /** `present`: it was there already. `kept`: another one was, and it stays where it is. */
  readonly how: "placed" | "present" | "kept";
}

/** Names of files on their way. */
export const ASIDE = /^\.archive-[0-9a-f]{16}\.tmp$/;

/** Files of one name in one folder; beyond that something is wrong. */
const MAX_COUNT = 10_000;

/**
 * Put a file away. The same file given again is recognised by its bytes, so that a move that was
 * broken off anywhere can be made again. Without `replace` nothing is ever written over, also when
 * two do this at once.
 *
 * @throws {WranglerError} OUTPUT_UNWRITABLE, also when a name is taken and that is to fail;
 *   INPUT_CHANGED when the file is being written to
 */
export async function placeFile(entry: Entry, terms: PlaceTerms): Promise<Placed> {
  const { mode, onConflict, signal } = terms;
  for (let count = 1, tries = 0; tries < MAX_COUNT; tries++) {
    const file = pathOf(entry, count);
    const there = await compared(file, entry, signal);
    if (there === "same") {
      await discard(asideOf(entry));
      if (mode === "move") await removeSource(entry, file);
      return { file, how: "present" };
    }
    if (there === "other" && onConflict === "keep") return { file, how: "kept" };
    if (there === "other" && onConflict === "fail") throw taken(file);
    if (there === "other" && onConflict === "rename") count++;
    else if (await wasPut(entry, file, terms)) return { file, how: "placed" };
    // Else somebody was faster; the name is looked at again.
  }
  throw taken(pathOf(entry, 1));
}

/** Where a file is in the archive whose source is gone; undefined when it is not there. */
export async function findPlaced(entry: Entry, signal: AbortSignal): Promise<string | undefined> {
  for (let count = 1; count < MAX_COUNT; count++) {
    const file = pathOf(entry, count);
    const there = await compared(file, entry, signal);
    if (there === "same") return file;
    if (there === "nothing") return undefined;
  }
  return undefined;
}

/** False when the name was taken meanwhile. */
async function wasPut(entry: Entry, file: string, terms: PlaceTerms): Promise<boolean> {
  const { mode, onConflict, signal } = terms;
  const replace = onConflict === "replace";
  try {
    signal.throwIfAborted();
    if (mode === "move" && !entry.isPacked) {
      const moved = await movedByName(entry, file, replace);
      if (moved !== undefined) return moved;
    }
    if (!(await copied(entry, file, replace, signal))) return false;
    if (mode === "move") await removeSource(entry, file);
    return true;
  } catch (error) {
    throw unwritable(error, file);
  }
}

/** The same file under another name. Undefined where that cannot be: on another disk, say. */
async function movedByName(
  entry: Entry,
  file: string,
  replace: boolean,
): Promise<boolean | undefined> {
  const { source, folder } = entry;
  await checkUnchanged(entry);
  try {
    // A second name first: unlike a renaming it never takes the place of another file.
    await (replace ? rename(source, file) : link(source, file));
  } catch (error) {
    return nameTaken(error);
  }
  await flush(folder);
  if (!replace) await unlink(source);
  await flush(dirname(source));
  return true;
}

async function copied(
  entry: Entry,
  file: string,
  replace: boolean,
  signal: AbortSignal,
): Promise<boolean> {
  const aside = asideOf(entry);
  try {
    await write(entry, aside, signal);
    await flush(aside);
    if (!(await named(aside, file, replace))) return false;
    await flush(entry.folder);
    return true;
  } finally {
    await discard(aside);
  }
}

/** @throws {WranglerError} INPUT_CHANGED when other bytes came than were looked at */
async function write(entry: Entry, aside: string, signal: AbortSignal): Promise<void> {
  const { source, isPacked } = entry;
  const hash = createHash("sha256");
  const tap = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  // What an earlier attempt may have left; whatever else stands there is not followed.
  await rm(aside, { force: true });
  const target = createWriteStream(aside, { flags: "wx" });
  const read = createReadStream(source);
  await (isPacked
    ? pipeline(read, tap, createGzip(), target, { signal })
    : pipeline(read, tap, target, { signal }));
  if (hash.digest("hex") !== entry.sha256) throw changed(source);
  const { mode, atime, mtime } = await lstat(source);
  await chmod(aside, mode & 0o777);
  await utimes(aside, atime, mtime);
}

/** Give a written file its name; false when that is taken. */
async function named(aside: string, file: string, replace: boolean): Promise<boolean> {
  if (!replace) {
    try {
      await link(aside, file);
      return true;
    } catch (error) {
      if (nameTaken(error) === false) return false;
      // No second names on this disk: look first, then rename.
      if (await exists(file)) return false;
    }
  }
  await rename(aside, file);
  return true;
}

/** Where second names cannot be given, or not to a file of somebody else. */
const NO_LINKS = new Set(["EXDEV", "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EACCES"]);

/** False: the name is taken. Undefined: it has to be done in another way. Everything else is thrown. */
function nameTaken(error: unknown): false | undefined {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "EEXIST") return false;
  if (NO_LINKS.has(code)) return undefined;
  throw error;
}

/** Not when it is the very file in the archive, by whatever path. */
async function removeSource(entry: Entry, file: string): Promise<void> {
  const { source } = entry;
  if ((await realpath(source)) === (await realpath(file))) return;
  await checkUnchanged(entry);
  try {
    await unlink(source);
    await flush(dirname(source));
  } catch (error) {
    throw unwritable(error, source);
  }
}

/** The same each time, so that what a killed process left is written over. */
function asideOf({ folder, source }: Entry): string {
  return join(folder, `.archive-${sha256(source).slice(0, 16)}.tmp`);
}

function taken(file: string): WranglerError {
  const reason = `${file} is there already with other content (onConflict).`;
  return new WranglerError("OUTPUT_UNWRITABLE", reason, { file });
}
