import { closeSync, fdatasync, fdatasyncSync, openSync } from "node:fs";
import type { Connection } from "./database.ts";

/** How what was committed to a file is put on disk. */
export interface LogSync {
  /** Do work whose transactions are not on disk before the next flush. */
  unflushed<T>(work: () => T): T;
  /** Put on disk what was committed so far. */
  flush(done: (error: Error | null) => void): void;
  /** The same, while the process stands still. */
  flushNow(): void;
  /** Let go of the log; a flush under way ends by itself. */
  close(): void;
}

/**
 * Commits to a SQLite file whose flush to disk is ours, so that a slow disk holds up no other
 * account.
 *
 * SQLite flushes its write-ahead log at each commit while the process stands still. In here it does
 * not (`synchronous=NORMAL`); the log is flushed after the commit on a thread of Node, and what was
 * committed counts as done only then. That covers all that was committed before the flush began:
 * either it is in the log, or SQLite has moved it into the file, before which it flushes the log, and
 * flushed the file, which it does before it starts the log over. It starts over in the same file:
 * the log is removed by the last connection that closes, and ours is open. Its header and its folder
 * are flushed when it is begun, in this mode too. Commits that do not go through here are flushed
 * as ever.
 *
 * Nothing but the log is opened here: to close a second descriptor of the file, or of its index,
 * would end SQLite's locks on it.
 */
export class WalSync implements LogSync {
  readonly #database: Connection;
  /** A failed flush is told once to each descriptor; so either way of flushing has its own. */
  #log: { readonly inTurn: number; readonly atOnce: number } | undefined;
  #pending = 0;
  #isClosed = false;

  constructor(database: Connection) {
    this.#database = database;
  }

  unflushed<T>(work: () => T): T {
    // Opened before the first commit: a descriptor hears of no failure before it.
    this.#open();
    this.#database.pragma("synchronous = NORMAL");
    try {
      return work();
    } finally {
      this.#database.pragma("synchronous = FULL");
    }
  }

  flush(done: (error: Error | null) => void): void {
    this.#pending++;
    fdatasync(this.#open().inTurn, (error) => {
      this.#pending--;
      if (this.#isClosed) this.#release();
      done(error);
    });
  }

  flushNow(): void {
    fdatasyncSync(this.#open().atOnce);
  }

  close(): void {
    this.#isClosed = true;
    this.#release();
  }

  /** The log is there since the connection first read, and the same file for as long as it is open. */
  #open() {
    const path = `${this.#database.name}-wal`;
    this.#log ??= { inTurn: openSync(path, "r+"), atOnce: openSync(path, "r+") };
    return this.#log;
  }

  #release(): void {
    if (this.#pending > 0 || this.#log === undefined) return;
    closeSync(this.#log.inTurn);
    closeSync(this.#log.atOnce);
    this.#log = undefined;
  }
}
