import type { RunnableConfig } from "@langchain/core/runnables";
import {
  BaseCheckpointSaver,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
  type CheckpointTuple,
  copyCheckpoint,
  maxChannelVersion,
  type PendingWrite,
  TASKS,
  WRITES_IDX_MAP,
} from "@langchain/langgraph-checkpoint";
import { stableJson, WranglerError } from "../core/index.ts";
import { type CheckpointRow, CheckpointTables, type WriteRow } from "./checkpoint-tables.ts";
import type { Connection } from "./database.ts";
import type { Claim, GroupCommit } from "./group-commit.ts";
import { checkText } from "./names.ts";
import type { RowCodec } from "./row-codec.ts";

/** Checkpoints read at once while listing: rows hold whole states. */
const PAGE = 50;

/** What a saver works on. */
export interface SaverFile {
  readonly database: Connection;
  readonly codec: RowCodec;
  readonly queue: GroupCommit;
  /** In whose name a thread is written. Throws for threads that are none of this saver's. */
  readonly claimOf: (threadId: string) => Claim;
}

/**
 * LangGraph's checkpointer over one file of ours. What differs from `SqliteSaver`, whose tables it
 * follows: writes go through the file's queue and behind its fence, the latest checkpoint is the one
 * that was put last (not the one with the greatest time in its id, which a clock can set back),
 * bytes come back as bytes, and values may be sealed.
 */
export class FencedSaver extends BaseCheckpointSaver {
  readonly #file: SaverFile;
  readonly #tables: CheckpointTables;

  constructor(file: SaverFile) {
    super();
    this.#file = file;
    this.#tables = new CheckpointTables(file.database, file.codec);
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const { thread_id, checkpoint_ns, checkpoint_id } = placeOf(config);
    if (thread_id === undefined) return undefined;
    this.#file.queue.commit();
    const row = this.#tables.get(thread_id, checkpoint_ns ?? "", checkpoint_id);
    return row && this.#tupleOf(row);
  }

  override async *list(
    config: RunnableConfig,
    options: CheckpointListOptions = {},
  ): AsyncGenerator<CheckpointTuple> {
    const { thread_id, checkpoint_ns } = placeOf(config);
    this.#file.queue.commit();
    const before = placeOf(options.before ?? {}).checkpoint_id;
    const filter = Object.entries(options.filter ?? {}).filter(([, value]) => value !== undefined);
    let left = options.limit ?? Number.POSITIVE_INFINITY;
    let seq = this.#tables.seqBefore(before);
    while (left > 0) {
      const page = this.#tables.page({ thread_id, checkpoint_ns, seq, before, limit: PAGE });
      for (const row of page) {
        seq = row.seq;
        if (!(await this.#matches(row, filter))) continue;
        if (left-- <= 0) return;
        yield await this.#tupleOf(row);
      }
      if (page.length < PAGE) return;
    }
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
  ): Promise<RunnableConfig> {
    const { thread_id, checkpoint_ns = "", checkpoint_id } = placeOf(config);
    const threadId = required(thread_id, "thread_id");
    const claim = this.#file.claimOf(threadId);
    const [[type, body], [metadataType, meta]] = await Promise.all([
      this.serde.dumpsTyped(copyCheckpoint(checkpoint)),
      this.serde.dumpsTyped(metadata),
    ]);
    if (type !== metadataType) throw new Error(`expected metadata as ${type}, got ${metadataType}`);
    const id = checkText(checkpoint.id, "checkpoint id");
    const row = {
      thread_id: threadId,
      checkpoint_ns,
      checkpoint_id: id,
      parent_checkpoint_id: checkpoint_id ?? null,
      type,
      checkpoint: body,
      metadata: meta,
    };
    await this.#file.queue.write(claim, { write: () => this.#tables.put(row) });
    return { configurable: { thread_id: threadId, checkpoint_ns, checkpoint_id: id } };
  }

  override async putWrites(
    config: RunnableConfig,
    writes: PendingWrite[],
    taskId: string,
  ): Promise<void> {
    const { thread_id, checkpoint_ns = "", checkpoint_id } = placeOf(config);
    const threadId = required(thread_id, "thread_id");
    const checkpointId = required(checkpoint_id, "checkpoint_id");
    const claim = this.#file.claimOf(threadId);
    // Errors and interrupts take the place of earlier ones; a task's results are written once.
    const replace = writes.every(([channel]) => channel in WRITES_IDX_MAP);
    const rows = await Promise.all(
      writes.map(async ([channel, content], index): Promise<WriteRow> => {
        const [type, value] = await this.serde.dumpsTyped(content);
        return {
          thread_id: threadId,
          checkpoint_ns,
          checkpoint_id: checkpointId,
          task_id: checkText(taskId, "task id"),
          idx: WRITES_IDX_MAP[channel] ?? index,
          channel: checkText(channel, "channel"),
          type,
          value,
        };
      }),
    );
    const write = () => {
      for (const row of rows) this.#tables.putWrite(row, replace);
    };
    await this.#file.queue.write(claim, { write });
  }

  override async deleteThread(threadId: string): Promise<void> {
    const thread = checkText(threadId, "thread_id");
    const claim = this.#file.claimOf(thread);
    await this.#file.queue.write(claim, { write: () => this.#tables.deleteThread(thread) });
  }

  async #matches(row: CheckpointRow, filter: readonly [string, unknown][]): Promise<boolean> {
    if (filter.length === 0) return true;
    const metadata: unknown = await this.serde.loadsTyped(row.type, row.metadata);
    if (typeof metadata !== "object" || metadata === null) return false;
    return filter.every(
      ([key, value]) => stableJson(Reflect.get(metadata, key)) === stableJson(value),
    );
  }

  async #tupleOf(row: CheckpointRow): Promise<CheckpointTuple> {
    const { thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id } = row;
    const checkpoint: Checkpoint = await this.serde.loadsTyped(row.type, row.checkpoint);
    const metadata: CheckpointMetadata = await this.serde.loadsTyped(row.type, row.metadata);
    const pendingWrites = await this.#writesOf(row, checkpoint_id);
    if (checkpoint.v < 4 && parent_checkpoint_id !== null) {
      await this.#migrate(checkpoint, row, parent_checkpoint_id);
    }
    const place = (id: string) => ({
      configurable: { thread_id, checkpoint_ns, checkpoint_id: id },
    });
    return {
      config: place(checkpoint_id),
      checkpoint,
      metadata,
      ...(parent_checkpoint_id === null ? {} : { parentConfig: place(parent_checkpoint_id) }),
      pendingWrites,
    };
  }

  #writesOf(row: CheckpointRow, checkpointId: string): Promise<CheckpointPendingWrite[]> {
    const rows = this.#tables.writes(row.thread_id, row.checkpoint_ns, checkpointId);
    return Promise.all(
      rows.map(async ({ task_id, channel, type, value }): Promise<CheckpointPendingWrite> => [
        task_id,
        channel,
        await this.serde.loadsTyped(type, value),
      ]),
    );
  }

  /** Before format 4, sends stood with the writes of the checkpoint before. */
  async #migrate(checkpoint: Checkpoint, row: CheckpointRow, parentId: string): Promise<void> {
    const before = await this.#writesOf(row, parentId);
    const versions = Object.values(checkpoint.channel_versions);
    checkpoint.channel_values[TASKS] = before
      .filter(([, channel]) => channel === TASKS)
      .map(([, , value]) => value);
    checkpoint.channel_versions[TASKS] =
      versions.length > 0 ? maxChannelVersion(...versions) : this.getNextVersion(undefined);
  }
}

interface Place {
  readonly thread_id?: string;
  readonly checkpoint_ns?: string;
  readonly checkpoint_id?: string;
}

/** Texts only: better-sqlite3 would take the fields of an object for named parameters. */
function placeOf(config: RunnableConfig): Place {
  const place: Record<string, string> = {};
  for (const key of ["thread_id", "checkpoint_ns", "checkpoint_id"]) {
    const value: unknown = config.configurable?.[key];
    if (value !== undefined && value !== null) place[key] = checkText(value, key);
  }
  return place;
}

function required(value: string | undefined, key: string): string {
  if (value) return value;
  throw new WranglerError("INTERNAL", `Expected ${key} in config.configurable, got none.`);
}
