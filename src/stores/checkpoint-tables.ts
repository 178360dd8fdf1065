import { type Connection, transact } from "./database.ts";
import type { RowCodec } from "./row-codec.ts";

/** `seq` is the order in which checkpoints were first put. */
export const CHECKPOINTS_SCHEMA = `
CREATE TABLE checkpoints (
  seq INTEGER PRIMARY KEY,
  thread_id TEXT NOT NULL,
  checkpoint_ns TEXT NOT NULL,
  checkpoint_id TEXT NOT NULL,
  parent_checkpoint_id TEXT,
  type TEXT NOT NULL,
  checkpoint BLOB NOT NULL,
  metadata BLOB NOT NULL,
  UNIQUE (thread_id, checkpoint_ns, checkpoint_id)
);
CREATE TABLE writes (
  thread_id TEXT NOT NULL,
  checkpoint_ns TEXT NOT NULL,
  checkpoint_id TEXT NOT NULL,
  task_id TEXT NOT NULL,
  idx INTEGER NOT NULL,
  channel TEXT NOT NULL,
  type TEXT NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (thread_id, checkpoint_ns, checkpoint_id, task_id, idx)
) WITHOUT ROWID;`;

export interface CheckpointBody {
  readonly thread_id: string;
  readonly checkpoint_ns: string;
  readonly checkpoint_id: string;
  readonly parent_checkpoint_id: string | null;
  readonly type: string;
  readonly checkpoint: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface CheckpointRow extends CheckpointBody {
  readonly seq: number;
}

export interface WriteRow {
  readonly thread_id: string;
  readonly checkpoint_ns: string;
  readonly checkpoint_id: string;
  readonly task_id: string;
  readonly idx: number;
  readonly channel: string;
  readonly type: string;
  readonly value: Uint8Array;
}

/** Which checkpoints to list: those put before `seq`, latest first. */
export interface PageRequest {
  readonly thread_id: string | undefined;
  readonly checkpoint_ns: string | undefined;
  /** Undefined where `before` is not of this file; then ids are compared. */
  readonly seq: number | undefined;
  readonly before: string | undefined;
  readonly limit: number;
}

const LATEST = "SELECT * FROM checkpoints WHERE thread_id = ? AND checkpoint_ns = ?";
const PUT = `INSERT INTO checkpoints
  (thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, type, checkpoint, metadata)
  VALUES (@thread_id, @checkpoint_ns, @checkpoint_id, @parent_checkpoint_id, @type, @checkpoint,
    @metadata)
  ON CONFLICT DO UPDATE SET parent_checkpoint_id = excluded.parent_checkpoint_id,
    type = excluded.type, checkpoint = excluded.checkpoint, metadata = excluded.metadata`;
const putWriteOr = (conflict: "REPLACE" | "IGNORE") => `INSERT OR ${conflict} INTO writes
  VALUES (@thread_id, @checkpoint_ns, @checkpoint_id, @task_id, @idx, @channel, @type, @value)`;
/** The threads of a run: its id, or its id, a point and more; `/` is the character after the point. */
const OF_RUN = "(thread_id = @runId OR (thread_id >= @runId || '.' AND thread_id < @runId || '/'))";

/** How deep a graph is nested: `""` is the outermost, then `account:…`, then `account:…|prepare:…`. */
const DEPTH = `(checkpoint_ns <> '')
  + length(checkpoint_ns) - length(replace(checkpoint_ns, '|', ''))`;

/** Rows of checkpoints and pending writes in one file. */
export class CheckpointTables {
  readonly #database: Connection;
  readonly #codec: RowCodec;
  readonly #latest;
  readonly #byId;
  readonly #writes;
  readonly #put;
  readonly #replaceWrite;
  readonly #ignoreWrite;

  constructor(database: Connection, codec: RowCodec) {
    this.#database = database;
    this.#codec = codec;
    this.#latest = database.prepare<string[], CheckpointRow>(`${LATEST} ORDER BY seq DESC LIMIT 1`);
    this.#byId = database.prepare<string[], CheckpointRow>(`${LATEST} AND checkpoint_id = ?`);
    this.#writes = database.prepare<string[], WriteRow>(
      `SELECT * FROM writes WHERE thread_id = ? AND checkpoint_ns = ? AND checkpoint_id = ?
       ORDER BY task_id, idx`,
    );
    this.#put = database.prepare(PUT);
    this.#replaceWrite = database.prepare(putWriteOr("REPLACE"));
    this.#ignoreWrite = database.prepare(putWriteOr("IGNORE"));
  }

  put(row: CheckpointBody): void {
    const place = placeOf(row);
    this.#put.run({
      ...row,
      checkpoint: this.#codec.sealBytes(row.checkpoint, "checkpoint", ...place),
      metadata: this.#codec.sealBytes(row.metadata, "metadata", ...place),
    });
  }

  putWrite(row: WriteRow, replace: boolean): void {
    const value = this.#codec.sealBytes(row.value, ...writePlaceOf(row));
    (replace ? this.#replaceWrite : this.#ignoreWrite).run({ ...row, value });
  }

  /** One checkpoint; the one that was put last when no id is given. */
  get(threadId: string, namespace: string, id: string | undefined): CheckpointRow | undefined {
    const row = id
      ? this.#byId.get(threadId, namespace, id)
      : this.#latest.get(threadId, namespace);
    return row && this.#opened(row);
  }

  /** Place in the order of a checkpoint of this file. */
  seqBefore(checkpointId: string | undefined): number | undefined {
    if (checkpointId === undefined) return undefined;
    return (
      this.#database
        .prepare<[string], number | null>(
          "SELECT max(seq) FROM checkpoints WHERE checkpoint_id = ?",
        )
        .pluck()
        .get(checkpointId) ?? undefined
    );
  }

  page(request: PageRequest): CheckpointRow[] {
    const where = [
      ...(request.thread_id === undefined ? [] : ["thread_id = @thread_id"]),
      ...(request.checkpoint_ns === undefined ? [] : ["checkpoint_ns = @checkpoint_ns"]),
      ...(request.seq === undefined ? [] : ["seq < @seq"]),
      ...(request.seq === undefined && request.before !== undefined
        ? ["checkpoint_id < @before"]
        : []),
    ];
    const sql = `SELECT * FROM checkpoints ${where.length > 0 ? `WHERE ${where.join(" AND ")}` : ""}
      ORDER BY seq DESC LIMIT @limit`;
    return this.#database
      .prepare<[object], CheckpointRow>(sql)
      .all(request)
      .map((row) => this.#opened(row));
  }

  /** By task, each task's in the order in which it wrote them. */
  writes(threadId: string, namespace: string, checkpointId: string): WriteRow[] {
    const rows = this.#writes.all(threadId, namespace, checkpointId);
    return rows.map((row) => this.#openedWrite(row));
  }

  deleteThread(threadId: string): void {
    for (const table of ["checkpoints", "writes"]) {
      this.#database.prepare(`DELETE FROM ${table} WHERE thread_id = ?`).run(threadId);
    }
  }

  /** All threads of a run. */
  deleteRun(runId: string): void {
    for (const table of ["checkpoints", "writes"]) {
      this.#database.prepare(`DELETE FROM ${table} WHERE ${OF_RUN}`).run({ runId });
    }
  }

  /**
   * Keep the newest checkpoint of each thread of a run, and what was written after it: of the graph
   * itself, or where only nested ones are kept here, of the least nested.
   */
  compact(runId: string): void {
    const kept = `SELECT seq FROM (
      SELECT seq, row_number() OVER (PARTITION BY thread_id ORDER BY ${DEPTH}, seq DESC) AS place
      FROM checkpoints WHERE ${OF_RUN}) WHERE place = 1`;
    const checkpoints = `DELETE FROM checkpoints WHERE ${OF_RUN} AND seq NOT IN (${kept})`;
    const writes = `DELETE FROM writes WHERE ${OF_RUN} AND NOT EXISTS (
      SELECT 1 FROM checkpoints AS c WHERE c.thread_id = writes.thread_id
        AND c.checkpoint_ns = writes.checkpoint_ns AND c.checkpoint_id = writes.checkpoint_id)`;
    transact(this.#database, () => {
      this.#database.prepare(checkpoints).run({ runId });
      this.#database.prepare(writes).run({ runId });
    });
  }

  #openedWrite(row: WriteRow): WriteRow {
    return { ...row, value: this.#codec.openBytes(row.value, ...writePlaceOf(row)) };
  }

  #opened(row: CheckpointRow): CheckpointRow {
    const place = placeOf(row);
    return {
      ...row,
      checkpoint: this.#codec.openBytes(row.checkpoint, "checkpoint", ...place),
      metadata: this.#codec.openBytes(row.metadata, "metadata", ...place),
    };
  }
}

function placeOf(row: CheckpointBody): string[] {
  const { thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, type } = row;
  return [thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id ?? "", type];
}

function writePlaceOf(row: WriteRow): string[] {
  const { thread_id, checkpoint_ns, checkpoint_id, task_id, idx, channel, type } = row;
  return ["writes", thread_id, checkpoint_ns, checkpoint_id, task_id, String(idx), channel, type];
}
