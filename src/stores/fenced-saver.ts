import type { RunnableConfig } from "@langchain/core/runnables";
import {
  type Checkpoint,
  type CheckpointMetadata,
  copyCheckpoint,
  type PendingWrite,
  WRITES_IDX_MAP,
} from "@langchain/langgraph-checkpoint";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { WranglerError } from "../core/index.ts";
import type { Connection } from "./database.ts";

const PUT = `INSERT OR REPLACE INTO checkpoints
  (thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, type, checkpoint, metadata)
  VALUES (?, ?, ?, ?, ?, ?, ?)`;
const writeInto = (mode: "REPLACE" | "IGNORE") => `INSERT OR ${mode} INTO writes
  (thread_id, checkpoint_ns, checkpoint_id, task_id, idx, channel, type, value)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;

/**
 * LangGraph's SQLite checkpointer with a fence: a checkpoint is written in one transaction with the
 * question whether this process still owns the run, so that a process that was taken for dead and
 * comes back cannot overwrite its successor's work.
 */
export class FencedSqliteSaver extends SqliteSaver {
  readonly #isHeld: (runId: string) => boolean;

  constructor(database: Connection, isHeld: (runId: string) => boolean) {
    super(database);
    this.setup();
    this.#isHeld = isHeld;
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
  ): Promise<RunnableConfig> {
    this.setup();
    const { thread_id, checkpoint_ns = "", checkpoint_id } = config.configurable ?? {};
    const [[type, body], [, meta]] = await Promise.all([
      this.serde.dumpsTyped(copyCheckpoint(checkpoint)),
      this.serde.dumpsTyped(metadata),
    ]);
    this.#commit(thread_id, () => {
      const row = [
        thread_id,
        checkpoint_ns,
        checkpoint.id,
        checkpoint_id ?? null,
        type,
        body,
        meta,
      ];
      this.db.prepare(PUT).run(...row);
    });
    return { configurable: { thread_id, checkpoint_ns, checkpoint_id: checkpoint.id } };
  }

  override async putWrites(
    config: RunnableConfig,
    writes: PendingWrite[],
    taskId: string,
  ): Promise<void> {
    this.setup();
    const { thread_id, checkpoint_ns = "", checkpoint_id } = config.configurable ?? {};
    const special = writes.every(([channel]) => channel in WRITES_IDX_MAP);
    const rows = await Promise.all(
      writes.map(async ([channel, value], index) => {
        const [type, body] = await this.serde.dumpsTyped(value);
        const place = WRITES_IDX_MAP[channel] ?? index;
        return [thread_id, checkpoint_ns, checkpoint_id, taskId, place, channel, type, body];
      }),
    );
    this.#commit(thread_id, () => {
      const insert = this.db.prepare(writeInto(special ? "REPLACE" : "IGNORE"));
      for (const row of rows) insert.run(...row);
    });
  }

  #commit(runId: string, write: () => void): void {
    const fenced = this.db.transaction(() => {
      if (!this.#isHeld(runId)) throw new WranglerError("RUN_LOST", `Run ${runId}.`, { runId });
      write();
    });
    fenced.immediate();
  }
}
