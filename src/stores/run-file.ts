import { join } from "node:path";
import { CHECKPOINTS_SCHEMA, CheckpointTables } from "./checkpoint-tables.ts";
import type { Cipher } from "./cipher.ts";
import { type Connection, openDatabase, transact } from "./database.ts";
import { EventRows, EVENTS_SCHEMA } from "./event-rows.ts";
import { GroupCommit } from "./group-commit.ts";
import { Leases, LEASES_SCHEMA } from "./leases.ts";
import { checkRunId } from "./names.ts";
import { RowCodec } from "./row-codec.ts";
import { RUNS_SCHEMA, type RunStore, runStore } from "./runs.ts";
import { SCHEDULES_SCHEMA } from "./schedule-rows.ts";
import { SERVICE_KEY, SERVICE_SCHEMA, serviceBusy } from "./service-row.ts";
import { SLOTS_SCHEMA } from "./slot-rows.ts";
import type { SlotLedger, SlotUpkeep } from "./slot-ledger.ts";
import { slotLedger } from "./slots.ts";

const SCHEMA = `
${RUNS_SCHEMA}
${LEASES_SCHEMA}
${EVENTS_SCHEMA}
${CHECKPOINTS_SCHEMA}
${SCHEDULES_SCHEMA}
${SLOTS_SCHEMA}
${SERVICE_SCHEMA}
CREATE TABLE requests (run_id TEXT PRIMARY KEY, action TEXT NOT NULL) WITHOUT ROWID;`;

/** What one process asks of the executor of a run. */
export type RunAction = "cancel" | "pause";

/** All that is kept of runs as a whole: `wrangler.sqlite`. */
export class RunFile {
  readonly database: Connection;
  readonly codec: RowCodec;
  readonly leases: Leases;
  readonly runs: RunStore;
  readonly events: EventRows;
  readonly checkpoints: CheckpointTables;
  readonly queue: GroupCommit;
  readonly slots: SlotLedger & SlotUpkeep;

  constructor(folder: string, cipher: Cipher | undefined, leaseMs: number) {
    this.database = openDatabase(join(folder, "wrangler.sqlite"), SCHEMA, cipher);
    this.codec = new RowCodec(cipher, "");
    this.leases = new Leases(this.database, leaseMs);
    this.runs = runStore(this.database, this.codec, (runId) => this.leases.mayNote(runId));
    this.events = new EventRows(this.database, this.codec);
    this.checkpoints = new CheckpointTables(this.database, this.codec);
    this.queue = new GroupCommit(this.database, (runId, token) => this.leases.isOurs(runId, token));
    const { database, leases, runs } = this;
    const checkService = () => {
      if (!leases.mayNote(SERVICE_KEY)) throw serviceBusy(leases);
    };
    this.slots = slotLedger({ database, runs, checkService });
  }

  /** A pause does not replace a cancel. */
  request(runId: string, action: RunAction): void {
    this.database
      .prepare(
        `INSERT INTO requests VALUES (?, ?) ON CONFLICT (run_id)
         DO UPDATE SET action = excluded.action WHERE action <> 'cancel'`,
      )
      .run(checkRunId(runId), action);
  }

  requested(runId: string): RunAction | undefined {
    return this.database
      .prepare<[string], RunAction>("SELECT action FROM requests WHERE run_id = ?")
      .pluck()
      .get(checkRunId(runId));
  }

  clearRequest(runId: string): void {
    this.database.prepare("DELETE FROM requests WHERE run_id = ?").run(checkRunId(runId));
  }

  /** Forget a run. */
  deleteRun(runId: string): void {
    transact(this.database, () => {
      this.checkpoints.deleteRun(runId);
      for (const table of ["events", "summaries", "requests", "leases", "slots", "runs"]) {
        this.database.prepare(`DELETE FROM ${table} WHERE run_id = ?`).run(runId);
      }
    });
  }

  close(): void {
    this.queue.close();
    this.leases.releaseAll();
    this.database.close();
  }
}
