import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import type { AccountSettings, Settings } from "../src/config/index.ts";
import type { Clock, Failure, Log } from "../src/core/index.ts";
import type { Engine } from "../src/engine/index.ts";
import type {
  AccountSummary,
  AccountWorld,
  Counts,
  RunControl,
  Scope,
  Stage,
  StageRecord,
  WorkflowDefinition,
} from "../src/orchestration/index.ts";
import type { HandOverOrder } from "../src/tasks/index.ts";
import type { AtWork } from "./nodes/at-work.ts";
import type { Place, RunRef } from "./state.ts";

/** Where a dataset's stage stands: kept for `status`, logged, and sent to whoever listens. */
export interface Recorder {
  accountStarted(account: string, tasks: readonly string[]): void;
  accountFinished(summary: AccountSummary): Promise<void>;
  /** Idempotent: the parallel nodes of a stage all say it, a stage that was finished stays so. */
  begin(place: StagePlace, stage: Stage): void;
  finish(place: StagePlace, stage: Stage, counts: Counts): void;
  /** Nothing was done: the outputs of an equal earlier run stand. */
  reuse(place: StagePlace, stage: Stage): void;
  /** Whatever stage of the dataset is in progress has failed. */
  fail(place: StagePlace, failure: Failure): void;
  log(account: string, task?: string, dataset?: string): Log;
  /** Stages of a dataset so far, in the order they began. */
  stages(place: StagePlace): StageRecord[];
}

export type StagePlace = Pick<Place, "account" | "task" | "dataset">;

/** One account's part in a run, at work in this process. */
export interface AccountRun {
  readonly settings: Settings;
  readonly account: AccountSettings;
  /** The workflow of the run. */
  readonly workflow: WorkflowDefinition;
  readonly world: AccountWorld;
  /** When the run was due or started; ISO 8601, UTC. */
  readonly scheduledAt: string;
  /** Where checkpoints of the account's graph go; undefined: where those of its caller go. */
  readonly checkpointer: BaseCheckpointSaver | undefined;
  /** The workflow at work that is nested in a task; "" for that of the run. */
  scope(outer: string): Scope;
  /** Put a nested workflow to work. */
  nest(outer: string, workflow: WorkflowDefinition, control: RunControl): Scope;
  /** Wait until its tasks are at work no more, and forget it. */
  unnest(outer: string, scope: Scope): Promise<void>;
  /** Set tasks below a path that did not complete back, for another attempt of the task there. */
  reset(paths: readonly string[]): Promise<void>;
  /** Nested workflows by their task: each resolves when its last attempt has ended. */
  readonly nestedAtWork: Map<string, Promise<void>>;
  /** Why it cannot go on; undefined while it can. */
  failure(): unknown;
  /** End it, and no other account. */
  fail(error: unknown): void;
  /** Interrupt what is still at work, wait until it has ended, let go of the journal. */
  close(): Promise<void>;
}

/** What graphs need from outside; `src/app.ts` brings it. */
export interface GraphDeps {
  readonly toolVersion: string;
  readonly clock: Clock;
  /** The settings of a run, as it was started. */
  settingsOf(run: RunRef): Promise<Settings>;
  /** The account's engine in this run, started on first use. */
  engineOf(run: RunRef, account: AccountSettings): Engine;
  /** Stop the account's engine in this run, if there is one. */
  closeEngine(runId: string, accountId: string): Promise<void>;
  recorderOf(runId: string): Recorder;
  /** Take up an account's part in a run: what its journal knows, its gates, its limits. */
  openAccount(run: RunRef, account: string): Promise<AccountRun>;
  /** The one that was opened. */
  accountRun(runId: string, account: string): AccountRun;
  /**
   * Have the process drain and end for the sake of a restart.
   *
   * @throws {WranglerError} RESTART_FAILED when there were too many lately.
   */
  handOver(run: RunRef, order: HandOverOrder): Promise<void>;
  /** Hold an output folder; gives back how to let go. */
  lockFolder(folder: string): Promise<() => Promise<void>>;
  /** Told of all work of nodes below a task, for the task to wait until it has ended. */
  readonly atWork?: AtWork;
  /**
   * Ends the attempt that the nodes work for. Node 20 may collect a signal that was combined from
   * others, as LangGraph combines those of nested graphs, and then it never aborts.
   */
  readonly signal?: AbortSignal;
}
