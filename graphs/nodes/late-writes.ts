import type { RunnableConfig } from "@langchain/core/runnables";
import {
  BaseCheckpointSaver,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointTuple,
  type PendingWrite,
} from "@langchain/langgraph-checkpoint";
import { type Clock, isWranglerError } from "../../src/core/index.ts";
import { whileBusy } from "../../src/orchestration/index.ts";

/**
 * A checkpointer for graphs whose run may be over before their last node is: another process took
 * the run over, or the run was interrupted and LangGraph did not wait for what was still at work.
 *
 * The store refuses what such a node writes. LangGraph looks at the promises of writes only when the
 * graph has ended, so Node would take the refusal for an unhandled one and end the process, with all
 * other runs in it. Here the refusal is silent: nothing was written, and who executes the run learns
 * of the loss from its lease.
 *
 * For the same reason what the store refuses otherwise, on a full disk say, can be told to `onRefused`
 * instead of being thrown.
 *
 * A simulated clock stands still while something is written.
 */
export class LateWrites extends BaseCheckpointSaver {
  readonly #saver: BaseCheckpointSaver;
  readonly #clock: Clock;
  readonly #onRefused: ((error: unknown) => void) | undefined;

  constructor(saver: BaseCheckpointSaver, clock: Clock, onRefused?: (error: unknown) => void) {
    super(saver.serde);
    this.#saver = saver;
    this.#clock = clock;
    this.#onRefused = onRefused;
  }

  override getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    return this.#saver.getTuple(config);
  }

  override list(
    config: RunnableConfig,
    options?: CheckpointListOptions,
  ): AsyncGenerator<CheckpointTuple> {
    return this.#saver.list(config, options);
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    versions: Record<string, number | string>,
  ): Promise<RunnableConfig> {
    const { thread_id, checkpoint_ns = "" } = config.configurable ?? {};
    const written = { configurable: { thread_id, checkpoint_ns, checkpoint_id: checkpoint.id } };
    const put = () => this.#saver.put(config, checkpoint, metadata, versions);
    return whileBusy(this.#clock, put).catch(this.#unlessLost(written));
  }

  override async putWrites(
    config: RunnableConfig,
    writes: PendingWrite[],
    taskId: string,
  ): Promise<void> {
    const put = () => this.#saver.putWrites(config, writes, taskId);
    return whileBusy(this.#clock, put).catch(this.#unlessLost(undefined));
  }

  override deleteThread(threadId: string): Promise<void> {
    return this.#saver.deleteThread(threadId);
  }

  #unlessLost<T>(answer: T): (error: unknown) => T {
    return (error) => {
      const isLost = isWranglerError(error) && error.code === "RUN_LOST";
      if (!isLost && !this.#onRefused) throw error;
      if (!isLost) this.#onRefused?.(error);
      return answer;
    };
  }
}
