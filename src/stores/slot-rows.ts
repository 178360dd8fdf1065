import { SlotRecord } from "../schedule/index.ts";
import type { Connection } from "./database.ts";

/** A slot is one row, so it can be decided and started once only. */
export const SLOTS_SCHEMA = `
CREATE TABLE slots (
  schedule TEXT NOT NULL,
  due_at TEXT NOT NULL,
  start_at TEXT NOT NULL,
  status TEXT NOT NULL,
  reason TEXT,
  run_id TEXT,
  at TEXT NOT NULL,
  PRIMARY KEY (schedule, due_at)
) WITHOUT ROWID;
CREATE INDEX slots_by_run ON slots (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX slots_pending ON slots (due_at) WHERE status IN ('DUE', 'QUEUED', 'STARTED');
CREATE INDEX slots_by_time ON slots (due_at);`;

const COLUMNS = `schedule, due_at AS dueAt, start_at AS startAt, status, reason, run_id AS runId, at`;
/** As the index has it: SQLite uses it for these very words only. */
const PENDING = "status IN ('DUE', 'QUEUED', 'STARTED')";
const OF_SLOT = "schedule = @schedule AND due_at = @dueAt";
/** Over, and no run that it goes with. */
const LEFT_OUT = "run_id IS NULL AND status IN ('SKIPPED', 'MISSED', 'ENDED')";
const FORGET = `DELETE FROM slots WHERE (schedule, due_at) IN (
  SELECT schedule, due_at FROM (
    SELECT schedule, due_at, row_number() OVER (PARTITION BY schedule ORDER BY due_at DESC) AS place
    FROM slots WHERE ${LEFT_OUT})
  WHERE place > @keepSlots OR due_at < @before)`;

/** What a slot becomes. */
export type SlotChange = Pick<SlotRecord, "status" | "reason" | "runId" | "at">;

/** Rows of the table `slots`. What is told of slots comes by due time, rising, unless it says otherwise. */
export class SlotRows {
  readonly #database: Connection;
  readonly #insert;
  readonly #change;

  constructor(database: Connection) {
    this.#database = database;
    this.#insert = database.prepare(
      `INSERT OR IGNORE INTO slots (schedule, due_at, start_at, status, reason, run_id, at)
       VALUES (@schedule, @dueAt, @startAt, @status, @reason, @runId, @at)`,
    );
    this.#change = database.prepare(
      `UPDATE slots SET status = @status, reason = @reason, run_id = @runId, at = @at
       WHERE ${OF_SLOT}`,
    );
  }

  /** Whether it was not on record before. */
  add(slot: SlotRecord): boolean {
    return this.#insert.run(slot).changes === 1;
  }

  change(slot: Pick<SlotRecord, "schedule" | "dueAt"> & SlotChange): void {
    this.#change.run(slot);
  }

  get(schedule: string, dueAt: string): SlotRecord | undefined {
    return this.#select(`WHERE ${OF_SLOT}`, { schedule, dueAt })[0];
  }

  pending(): SlotRecord[] {
    return this.#select(
      "WHERE status IN ('DUE', 'QUEUED', 'STARTED') ORDER BY due_at, schedule",
      {},
    );
  }

  /** Latest first. */
  of(schedule: string, limit: number): SlotRecord[] {
    const where = "WHERE schedule = @schedule ORDER BY due_at DESC LIMIT @limit";
    return this.#select(where, { schedule, limit });
  }

  since(dueAt: string): SlotRecord[] {
    return this.#select("WHERE due_at >= @dueAt ORDER BY due_at, schedule", { dueAt });
  }

  /** Started, and their run has ended or is not on record any more. */
  over(): SlotRecord[] {
    return this.#select(
      `WHERE ${PENDING} AND status = 'STARTED' AND NOT EXISTS (
         SELECT 1 FROM runs WHERE runs.run_id = slots.run_id
           AND runs.status IN ('IDLE', 'RUNNING', 'WAITING'))
       ORDER BY due_at, schedule`,
      {},
    );
  }

  /** Started, and their run has not begun. */
  unbegun(): SlotRecord[] {
    return this.#select(
      `WHERE ${PENDING} AND status = 'STARTED' AND EXISTS (
         SELECT 1 FROM runs WHERE runs.run_id = slots.run_id AND runs.status = 'IDLE')
       ORDER BY due_at, schedule`,
      {},
    );
  }

  /** Left out, and due later than now: since then the clock was set back. Only of schedules on record. */
  ahead(now: string): SlotRecord[] {
    const where = `WHERE due_at > @now AND status IN ('SKIPPED', 'MISSED')
      AND schedule IN (SELECT name FROM schedules) ORDER BY due_at, schedule`;
    return this.#select(where, { now });
  }

  /**
   * Forget slots that were left out: those due before a time, and of each schedule all but the latest.
   * Slots that had a run go with it.
   */
  forget(before: string, keepSlots: number): void {
    this.#database.prepare(FORGET).run({ before, keepSlots });
  }

  #select(where: string, values: object): SlotRecord[] {
    return this.#database
      .prepare<[object], object>(`SELECT ${COLUMNS} FROM slots ${where}`)
      .all(values)
      .map((row) => SlotRecord.parse(row));
  }
}
