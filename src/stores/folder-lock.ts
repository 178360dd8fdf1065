import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { asideOf, discard, unwritable, WranglerError } from "../core/index.ts";
import { isGone, Owner, thisOwner } from "./owner.ts";

const LOCK_NAME = ".data-wrangler.lock";

/**
 * Hold an output folder for one writer. The lock of a process that is gone is taken over.
 *
 * @returns How to let go of it.
 * @throws {WranglerError} OUTPUT_BUSY when another writer holds it, OUTPUT_UNWRITABLE when the
 *   folder cannot be written.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, LOCK_NAME);
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw unwritable(error, folder);
  });
  // Two tries: the second one follows the removal of a lock whose process is gone.
  for (let tries = 1; ; tries++) {
    if (await claim(folder, path)) return () => rm(path, { force: true });
    const holder = await readOwner(path);
    if (holder && (tries > 1 || !isGone(holder))) {
      const who = `process ${holder.pid} on ${holder.host}`;
      throw new WranglerError("OUTPUT_BUSY", `${folder} is held by ${who}.`, { folder });
    }
    await rm(path, { force: true });
  }
}

/** Linking a finished file is atomic: whoever sees the lock can read whose it is. */
async function claim(folder: string, path: string): Promise<boolean> {
  const aside = asideOf(path);
  try {
    await writeFile(aside, JSON.stringify(thisOwner()));
    await link(aside, path);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw unwritable(error, folder);
  } finally {
    await discard(aside);
  }
}

/** Whose lock it is; undefined when it was released meanwhile. */
async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    return Owner.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw new WranglerError(
      "OUTPUT_BUSY",
      `${path} is not a lock of ours.`,
      { path },
      { cause: error },
    );
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
