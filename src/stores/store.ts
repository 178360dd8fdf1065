import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import type {
  Journal,
  ProgressEvent,
  RunHappening,
  RunRecord,
  RunStatus,
  TaskStatus,
} from "../orchestration/index.ts";
import type { SlotRecord } from "../schedule/index.ts";
import type { StoreKey } from "./cipher.ts";
import type { JournalView } from "./journal-view.ts";
import type { Lease } from "./leases.ts";
import type { Owner } from "./owner.ts";
import type { PruneLimits, Pruned } from "./prune.ts";
import type { RunStore } from "./runs.ts";
import type { ServicePost } from "./service-row.ts";
import type { SlotLedger } from "./slot-ledger.ts";
import type { LatestTask } from "./task-history.ts";

export interface StoreOptions {
  /** Encrypts what tasks gave and checkpoints hold. Names, statuses and times stay readable. */
  readonly key?: StoreKey;
  /** A lease lives this long without renewal: the wait after the loss of a whole machine. */
  readonly leaseMs?: number;
  /** What events are dated by, in milliseconds since the epoch; leases go by the machine's clock. */
  readonly now?: () => number;
}

/** How a run stands when the process that executes it lets go of it. */
export interface RunEnd {
  readonly status: RunStatus;
  /** ISO 8601, UTC; null when it is to go on. */
  readonly endedAt: string | null;
  readonly durationMs: number;
  /** Of one that is WAITING. */
  readonly waitsFor?: RunRecord["waitsFor"];
}

/** One account's part of a run that this process executes. */
export interface AccountStore {
  readonly journal: Journal;
  /** Of the account's own graph; `thread_id` is the run's id, or `RUN.ROUND`. */
  readonly checkpointer: BaseCheckpointSaver;
  /** Resolves when all that was committed is on disk or was refused; the journal takes no more. */
  close(): Promise<void>;
}

/**
 * Everything that outlives a process: `wrangler.sqlite` for runs, leases, requests, events of runs
 * and the master's checkpoints, and `accounts/ACCOUNT.sqlite` for all that belongs to an account.
 *
 * Run ids are letters, digits, `_` and `-`.
 */
export interface Store {
  readonly runs: RunStore;
  readonly slots: SlotLedger;
  readonly service: ServicePost;
  /** Of the master graph: `thread_id` is the run's id or `RUN.ROUND`. Needs the run's lease to write. */
  readonly checkpointer: BaseCheckpointSaver;
  /**
   * Become the one executor of a run.
   *
   * @throws {WranglerError} RUN_BUSY, naming process and machine, when another executes it.
   */
  take(runId: string): Lease;
  /** The live process that executes a run, if any does. */
  holder(runId: string): Owner | undefined;
  /**
   * Open one account's part of a run, which must be on record and whose lease must be ours. The
   * same object is given until it is closed.
   *
   * @throws {WranglerError} RUN_LOST without the lease, RUN_UNKNOWN without a record.
   */
  openAccount(runId: string, account: string): AccountStore;
  /** Read an account's part of a run without owning it; empty when there is none. */
  readAccount(runId: string, account: string): JournalView;
  /** Tell of the run as a whole; resolves when it is on disk. Needs the lease. */
  recordRunEvent(runId: string, happening: RunHappening): Promise<void>;
  /**
   * Note that a run has ended, or that this process's part in it has, and tell of it: both are on
   * disk or neither, and a request that was made of it is gone. Needs the lease.
   */
  finishRun(runId: string, end: RunEnd): Promise<void>;
  /**
   * Events of a run and all its accounts by sequence number, those after `afterSeq` only. Safe to
   * poll with the last number seen: no event appears later with a smaller one.
   */
  runEvents(runId: string, afterSeq?: number): ProgressEvent[];
  /**
   * Hear the events that this store writes, each once it is on disk, by rising sequence number.
   * Those of other processes are found by polling `runEvents`, which also gives what is committed and
   * not flushed yet.
   *
   * @returns How to stop listening.
   */
  onEvent(runId: string, listener: (event: ProgressEvent) => void): () => void;
  /** Ask the executor of a run, in whatever process, to stop. A pause does not replace a cancel. */
  request(runId: string, action: "cancel" | "pause"): void;
  requested(runId: string): "cancel" | "pause" | undefined;
  clearRequest(runId: string): void;
  /**
   * Take tasks and what is below them (`TASK/…`) over into a run that we hold the lease of, with
   * their results and stages; `takenFrom` names the run they come from. Attempts stay behind.
   */
  copyTasks(
    fromRunId: string,
    toRunId: string,
    account: string,
    tasks: readonly string[],
  ): Promise<void>;
  /**
   * Set tasks back to NOT_STARTED in a new round, with their steps and what is nested in them; what
   * COMPLETED within a task that did not stays. Attempts stay. `keepEffects`: the new round goes on
   * with the effects of the one before.
   */
  resetTasks(
    runId: string,
    account: string,
    tasks: readonly string[],
    round: number,
    keepEffects?: boolean,
  ): Promise<void>;
  /** Median of the last 10 durations of each task that COMPLETED, in milliseconds. */
  durations(workflow: string, account: string): ReadonlyMap<string, number>;
  /**
   * Of each task its record in the latest run of a workflow that has one, of one of these statuses
   * if given; only of runs begun before `beforeRunId` if given.
   */
  latestTasks(
    workflow: string,
    account: string,
    beforeRunId?: string,
    statuses?: readonly TaskStatus[],
  ): ReadonlyMap<string, LatestTask>;
  /**
   * Slots whose run was broken off before it began are due again, without that run.
   *
   * @param now ISO 8601, UTC.
   * @param runId Only that of this run.
   */
  recoverSlots(now: string, runId?: string): SlotRecord[];
  /**
   * Forget all but the newest root checkpoint of each thread of an ended run; the journal stays.
   *
   * @throws {WranglerError} RUN_BUSY when another process executes it.
   */
  compact(runId: string): void;
  /**
   * Forget ended runs that are older or more than is to be kept, their folders `runs/RUN` and slots
   * included, and slots that led to none; give the space back.
   */
  prune(limits: PruneLimits, now?: Date): Promise<Pruned>;
  /** Release all leases and close all files. What was committed is on disk before. */
  close(): void;
}
