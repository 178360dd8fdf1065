import { join } from "node:path";
import type { Artifacts } from "./artifacts.ts";
import { CHECKPOINTS_SCHEMA, CheckpointTables } from "./checkpoint-tables.ts";
import type { Cipher } from "./cipher.ts";
import { type Connection, openDatabase, transact } from "./database.ts";
import { EventRows, EVENTS_SCHEMA } from "./event-rows.ts";
import { GroupCommit, runLost } from "./group-commit.ts";
import { JOURNAL_SCHEMA } from "./journal-rows.ts";
import { JournalTables } from "./journal-tables.ts";
import type { Leases } from "./leases.ts";
import { RowCodec } from "./row-codec.ts";
import { TaskHistory } from "./task-history.ts";

/** `n` is the order in which runs came to the account; `token` that of its latest owner. */
const SCHEMA = `
CREATE TABLE fences (
  n INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,
  token INTEGER NOT NULL,
  workflow TEXT NOT NULL
);
${JOURNAL_SCHEMA}
${EVENTS_SCHEMA}
${CHECKPOINTS_SCHEMA}`;

export interface AccountFileDeps {
  readonly folder: string;
  readonly account: string;
  readonly cipher: Cipher | undefined;
  readonly artifacts: Artifacts;
  readonly leases: Leases;
}

/** Where an account's file is. */
export function accountPath(folder: string, account: string): string {
  return join(folder, "accounts", `${account}.sqlite`);
}

/** All that is kept of one account, over all runs: `accounts/ACCOUNT.sqlite`. */
export class AccountFile {
  readonly database: Connection;
  readonly codec: RowCodec;
  readonly queue: GroupCommit;
  readonly journal: JournalTables;
  readonly events: EventRows;
  readonly checkpoints: CheckpointTables;
  readonly history: TaskHistory;
  readonly #leases: Leases;
  readonly #token;

  constructor({ folder, account, cipher, artifacts, leases }: AccountFileDeps) {
    this.#leases = leases;
    this.database = openDatabase(accountPath(folder, account), SCHEMA, cipher);
    this.codec = new RowCodec(cipher, account);
    this.journal = new JournalTables(this.database, this.codec, artifacts, account);
    this.events = new EventRows(this.database, this.codec);
    this.checkpoints = new CheckpointTables(this.database, this.codec);
    this.history = new TaskHistory(this.database, this.journal);
    this.#token = this.database
      .prepare<[string], number>("SELECT token FROM fences WHERE run_id = ?")
      .pluck();
    this.queue = new GroupCommit(this.database, (...claim) => this.#isOurs(...claim));
  }

  /**
   * Put up our fence: whoever has a lower number writes no more.
   *
   * @throws {WranglerError} RUN_LOST when a higher one stands there.
   */
  raiseFence(runId: string, token: number, workflow: string): void {
    transact(this.database, () => {
      if ((this.#token.get(runId) ?? 0) > token) {
        this.#leases.lose(runId, token);
        throw runLost(runId);
      }
      this.database
        .prepare(
          `INSERT INTO fences (run_id, token, workflow) VALUES (?, ?, ?)
           ON CONFLICT (run_id) DO UPDATE SET token = excluded.token, workflow = excluded.workflow`,
        )
        .run(runId, token, workflow);
    });
  }

  /** Forget a run, its fence included: an owner that comes back late writes nothing. */
  deleteRun(runId: string): void {
    transact(this.database, () => {
      this.journal.deleteRun(runId);
      this.checkpoints.deleteRun(runId);
      this.database.prepare("DELETE FROM events WHERE run_id = ?").run(runId);
      this.database.prepare("DELETE FROM fences WHERE run_id = ?").run(runId);
    });
  }

  close(): void {
    this.queue.close();
    this.database.close();
  }

  #isOurs(runId: string, token: number): boolean {
    if (this.#leases.held(runId)?.token !== token) return false;
    if (this.#token.get(runId) === token) return true;
    this.#leases.lose(runId, token);
    return false;
  }
}
