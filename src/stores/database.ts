import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { isWranglerError, WranglerError } from "../core/index.ts";
import type { Cipher } from "./cipher.ts";

/** Raised when a table changes shape; a file of another shape is refused rather than misread. */
const SCHEMA_VERSION = 3;
/** How long a writer waits for another process's transaction. */
const BUSY_TIMEOUT_MS = 10_000;
/** SQLite refuses at once, without waiting, where two processes make one file; then we wait. */
const OPEN_TRIES = 200;
const OPEN_PAUSE_MS = 25;
/** What a file that was made with a key holds sealed: it opens under that key only. */
const SEALED_WORD = "data-wrangler";

export type Connection = Database.Database;

const META = "CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;";

/**
 * Open a SQLite file of ours, or make it. Write-ahead log with a flush at each commit, while the
 * process stands still; the queue of writes flushes in its own time (`wal-sync.ts`). What is announced
 * as done survives a power cut, not only a killed process.
 *
 * @throws {WranglerError} STORE_UNUSABLE when it cannot be opened or is of another version,
 *   STORE_LOCKED when it was made with another key, or without one.
 */
export function openDatabase(path: string, schema: string, cipher?: Cipher): Connection {
  for (let tries = 1; ; tries++) {
    try {
      return connect(path, schema, cipher);
    } catch (cause) {
      if (isWranglerError(cause)) throw cause;
      if (!isBusy(cause) || tries === OPEN_TRIES) throw unusable(path, cause);
      pause(OPEN_PAUSE_MS);
    }
  }
}

/** An error of SQLite as STORE_UNUSABLE; one of ours as it is. */
export function unusable(path: string, cause: unknown): Error {
  if (isWranglerError(cause)) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new WranglerError("STORE_UNUSABLE", `${path}: ${reason}`, { path }, { cause });
}

/**
 * One transaction that begins by taking the right to write.
 *
 * @throws {WranglerError} STORE_UNUSABLE when the disk refuses, or whatever `work` throws of ours.
 */
export function transact<T>(database: Connection, work: () => T): T {
  try {
    return database.transaction(work).immediate();
  } catch (error) {
    throw unusable(database.name, error);
  }
}

function connect(path: string, schema: string, cipher: Cipher | undefined): Connection {
  mkdirSync(dirname(path), { recursive: true });
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    // Before the first page is written: it cannot be changed later.
    database.pragma("auto_vacuum = INCREMENTAL");
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = FULL");
    if (versionOf(database) !== SCHEMA_VERSION) make(database, schema, cipher);
    checkKey(database, path, cipher);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function make(database: Connection, schema: string, cipher: Cipher | undefined): void {
  const making = database.transaction(() => {
    const version = versionOf(database);
    // Another process made it meanwhile.
    if (version === SCHEMA_VERSION) return;
    const tables = database.prepare("SELECT count(*) FROM sqlite_schema").pluck().get();
    if (version !== 0 || tables !== 0) throw new Error(foreign(version));
    database.exec(META + schema);
    if (cipher) {
      const word = cipher.sealText(SEALED_WORD, "seal");
      database.prepare("INSERT INTO meta VALUES ('seal', ?)").run(word);
    }
    database.pragma(`user_version = ${SCHEMA_VERSION}`);
  });
  making.immediate();
}

function foreign(version: number): string {
  const ours = `this version reads schema ${SCHEMA_VERSION}`;
  if (version > SCHEMA_VERSION) {
    return `it was written by a newer version (schema ${version}, ${ours}); use that one.`;
  }
  const what = version === 0 ? "it is not a file of ours" : `it has schema ${version}`;
  return `${what}, ${ours}; move the folder away or name another one under checkpoints.`;
}

function versionOf(database: Connection): number {
  return Number(database.pragma("user_version", { simple: true }));
}

function checkKey(database: Connection, path: string, cipher: Cipher | undefined): void {
  const sealed = database
    .prepare<[], string>("SELECT value FROM meta WHERE name = 'seal'")
    .pluck()
    .get();
  if (sealed === undefined) {
    if (!cipher) return;
    throw new WranglerError("STORE_LOCKED", `${path} was made without a key, one is set.`, {
      path,
    });
  }
  if (!cipher) {
    throw new WranglerError("STORE_LOCKED", `${path} was made with a key, none is set.`, { path });
  }
  try {
    cipher.openText(sealed, "seal");
  } catch (cause) {
    const reason = `${path} was made with another key than the one set.`;
    throw new WranglerError("STORE_LOCKED", reason, { path }, { cause });
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY");
}

/** Opening is synchronous, so is the wait. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
