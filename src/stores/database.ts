import { mkdirSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { WranglerError } from "../core/index.ts";

/** Raised when a table changes shape; an older file is refused rather than misread. */
const SCHEMA_VERSION = 1;
/** How long a writer waits for another process's transaction. */
const BUSY_TIMEOUT_MS = 10_000;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS runs (
  run_id TEXT PRIMARY KEY,
  pipeline TEXT NOT NULL,
  config_path TEXT,
  accounts TEXT NOT NULL,
  status TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  attempts INTEGER NOT NULL,
  log_path TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS stages (
  run_id TEXT NOT NULL,
  account TEXT NOT NULL,
  dataset TEXT NOT NULL,
  stage TEXT NOT NULL,
  status TEXT NOT NULL,
  started_at TEXT,
  ended_at TEXT,
  duration_ms REAL,
  counts TEXT NOT NULL,
  failure TEXT,
  PRIMARY KEY (run_id, account, dataset, stage)
);
CREATE TABLE IF NOT EXISTS summaries (
  run_id TEXT NOT NULL,
  account TEXT NOT NULL,
  summary TEXT NOT NULL,
  PRIMARY KEY (run_id, account)
);
CREATE TABLE IF NOT EXISTS leases (
  run_id TEXT PRIMARY KEY,
  token TEXT NOT NULL,
  pid INTEGER NOT NULL,
  host TEXT NOT NULL,
  born TEXT NOT NULL,
  expires_at INTEGER NOT NULL
);`;

export type Connection = Database.Database;

/**
 * Open `wrangler.sqlite` in a folder. Write-ahead log with a flush at each commit: what is
 * announced as done survives a power cut, not only a killed process.
 *
 * @throws {WranglerError} STORE_UNUSABLE when it cannot be opened or is of another version.
 */
export function openDatabase(folder: string): Connection {
  const path = join(folder, "wrangler.sqlite");
  try {
    mkdirSync(folder, { recursive: true });
    const database = new Database(path, { timeout: BUSY_TIMEOUT_MS });
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = FULL");
    const version = Number(database.pragma("user_version", { simple: true }));
    if (version > SCHEMA_VERSION) {
      database.close();
      throw new Error(`it was written by a newer version (schema ${version})`);
    }
    database.exec(SCHEMA);
    database.pragma(`user_version = ${SCHEMA_VERSION}`);
    return database;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WranglerError("STORE_UNUSABLE", `${path}: ${reason}`, { path }, { cause });
  }
}
