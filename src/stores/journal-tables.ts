import { WranglerError } from "../core/index.ts";
import type {
  AttemptRecord,
  EffectRecord,
  StageRecord,
  TaskRecord,
} from "../orchestration/index.ts";
import type { ArtifactRef, Artifacts } from "./artifacts.ts";
import type { Connection } from "./database.ts";
import {
  bodyOf,
  type DraftRow,
  type JournalTable,
  KEYS,
  KINDS,
  type RecordKind,
  recordOf,
} from "./journal-rows.ts";
import type { RowCodec } from "./row-codec.ts";

interface BodyRow {
  readonly body: unknown;
  readonly [column: string]: unknown;
}

const PUT_TASK = `INSERT INTO tasks (run_id, task, status, taken, ended_at, duration_ms, body)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (run_id, task) DO UPDATE SET status = excluded.status, taken = excluded.taken,
    ended_at = excluded.ended_at, duration_ms = excluded.duration_ms, body = excluded.body`;

function putSql(table: Exclude<JournalTable, "tasks">): string {
  const keys = ["run_id", ...KEYS[table]];
  return `INSERT INTO ${table} (${keys.join(", ")}, body) VALUES (${keys.map(() => "?").join(", ")}, ?)
    ON CONFLICT (${keys.join(", ")}) DO UPDATE SET body = excluded.body`;
}

/** Attempts by their numbers, all else in the order in which it was first recorded. */
const ORDER = { tasks: "n", attempts: "task, round, attempt", effects: "n", stages: "n" } as const;

/** Reads and writes the records of one account's file. */
export class JournalTables {
  readonly #database: Connection;
  readonly #codec: RowCodec;
  readonly #artifacts: Artifacts;
  readonly #account: string;
  readonly #put;

  constructor(database: Connection, codec: RowCodec, artifacts: Artifacts, account: string) {
    this.#database = database;
    this.#codec = codec;
    this.#artifacts = artifacts;
    this.#account = account;
    this.#put = {
      tasks: database.prepare(PUT_TASK),
      attempts: database.prepare(putSql("attempts")),
      effects: database.prepare(putSql("effects")),
      stages: database.prepare(putSql("stages")),
    };
  }

  /** @param ref Where the row's big value was put, if it has one. */
  put(runId: string, row: DraftRow, ref: ArtifactRef | undefined): void {
    const place = [row.table, runId, ...row.keys.map(String)];
    const body = this.#codec.seal(bodyOf(row, ref), ...place);
    const { task } = row;
    const shown = task
      ? [task.status, task.takenFrom === null ? 0 : 1, task.endedAt, task.durationMs]
      : [];
    this.#put[row.table].run(runId, ...row.keys, ...shown, body);
  }

  tasks(runId: string): TaskRecord[] {
    return this.#all(KINDS.tasks, runId);
  }

  attempts(runId: string, task?: string): AttemptRecord[] {
    return this.#all(KINDS.attempts, runId, task);
  }

  effects(runId: string, task?: string): EffectRecord[] {
    return this.#all(KINDS.effects, runId, task);
  }

  stages(runId: string): StageRecord[] {
    return this.#all(KINDS.stages, runId);
  }

  /** One task's record as its row gives it. */
  taskOf(runId: string, row: BodyRow): TaskRecord {
    return this.#record(KINDS.tasks, runId, row);
  }

  deleteRun(runId: string): void {
    for (const table of Object.keys(KEYS)) {
      this.#database.prepare(`DELETE FROM ${table} WHERE run_id = ?`).run(runId);
    }
  }

  #all<T>(kind: RecordKind<T>, runId: string, task?: string): T[] {
    const of = task === undefined ? "" : " AND task = @task";
    const sql = `SELECT * FROM ${kind.table} WHERE run_id = @runId${of} ORDER BY ${ORDER[kind.table]}`;
    return this.#database
      .prepare<[object], BodyRow>(sql)
      .all({ runId, task })
      .map((row) => this.#record(kind, runId, row));
  }

  #record<T>(kind: RecordKind<T>, runId: string, row: BodyRow): T {
    const place = [kind.table, runId, ...KEYS[kind.table].map((key) => String(row[key]))];
    const text = this.#codec.open(row.body, ...place);
    try {
      return recordOf(kind, text, (ref) => this.#artifacts.get(runId, this.#account, ref));
    } catch (cause) {
      if (cause instanceof WranglerError) throw cause;
      const where = `${this.#database.name}: ${place.join(" / ")}`;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new WranglerError("STORE_UNUSABLE", `${where}: ${reason}`, {}, { cause });
    }
  }
}
