/** A look at the files of a store: nothing in them is changed. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { openStore } from "./open-store.ts";
import type { StoreOptions } from "./store.ts";

export interface StoreCheck {
  readonly files: number;
  readonly sizeBytes: number;
  /** What is wrong, each with the path of its file; none in a store that is whole and takes writes. */
  readonly flaws: readonly string[];
}

/** How long it may take until a writer lets us ask for the right to write. */
const BUSY_TIMEOUT_MS = 10_000;
/** Damage is told so far: one broken page may have very many consequences. */
const MAX_FLAWS = 5;

/**
 * Look whether the store of a folder opens under a key, may be written and is whole; also while others
 * use it.
 *
 * @returns undefined when there is none yet.
 * @throws {WranglerError} As `openStore` does.
 */
export function checkStore(folder: string, options: StoreOptions = {}): StoreCheck | undefined {
  const main = join(folder, "wrangler.sqlite");
  if (!existsSync(main)) return undefined;
  openStore(folder, options).close();
  const files = [main, ...accountFiles(join(folder, "accounts"))];
  return {
    files: files.length,
    sizeBytes: files.reduce((sum, path) => sum + statSync(path).size, 0),
    flaws: files.flatMap(flawsOf),
  };
}

function accountFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sqlite"))
    .toSorted()
    .map((name) => join(folder, name));
}

function flawsOf(path: string): string[] {
  try {
    const database = new Database(path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    try {
      // taken and given back: whoever may not write is refused here
      database.exec("BEGIN IMMEDIATE; ROLLBACK");
      const check = database.prepare<[], string>(`PRAGMA quick_check(${MAX_FLAWS})`).pluck();
      return check
        .all()
        .filter((line) => line !== "ok")
        .map((line) => `${path}: ${line}`);
    } finally {
      database.close();
    }
  } catch (error) {
    return [`${path}: ${error instanceof Error ? error.message : String(error)}`];
  }
}
