/** What is durable of one account's part in one run. */
import type { ProgressEvent, RunHappening } from "./events.ts";
import type { AttemptRecord, EffectRecord, TaskRecord } from "./records.ts";
import type { StageRecord } from "./status.ts";

/** Records that become durable together. */
export interface JournalEntry {
  readonly tasks?: readonly TaskRecord[];
  readonly attempts?: readonly AttemptRecord[];
  readonly effects?: readonly EffectRecord[];
  readonly stages?: readonly StageRecord[];
  /** Told to listeners once the entry is durable, in this order. */
  readonly happenings?: readonly RunHappening[];
}

/**
 * The journal of one account in one run. The process that holds the run's lease is its only writer,
 * so reads answer from memory; a record stands there as soon as `commit` is called.
 */
export interface Journal {
  readonly runId: string;
  readonly account: string;
  /** In the order in which they were first recorded. */
  tasks(): readonly TaskRecord[];
  task(task: string): TaskRecord | undefined;
  /** Of one task, all rounds, in order. */
  attempts(task: string): readonly AttemptRecord[];
  effects(task: string): readonly EffectRecord[];
  stages(): readonly StageRecord[];
  /**
   * One transaction. Resolves when it is on disk; entries become durable in the order of the calls.
   *
   * @throws {WranglerError} RUN_LOST when another process has taken the run over: nothing was written.
   */
  commit(entry: JournalEntry): Promise<void>;
  /** Events of this account so far, of all processes that worked on the run. */
  events(): readonly ProgressEvent[];
}
