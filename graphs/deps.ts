import type { AccountSettings } from "../src/config/index.ts";
import type { Failure, Log } from "../src/core/index.ts";
import type { Engine } from "../src/engine/index.ts";
import type { AccountSummary, Counts, Stage, StageRecord } from "../src/orchestration/index.ts";
import type { RunRef } from "./state.ts";

/** Where a stage stands: kept for `status`, logged, and sent to whoever listens. */
export interface Recorder {
  accountStarted(account: string): void;
  accountFinished(summary: AccountSummary): void;
  /** Idempotent: the parallel nodes of a stage all say it, a stage that was finished stays so. */
  begin(account: string, dataset: string, stage: Stage): void;
  finish(account: string, dataset: string, stage: Stage, counts: Counts): void;
  /** Nothing was done: the outputs of an equal earlier run stand. */
  reuse(account: string, dataset: string, stage: Stage): void;
  /** Whatever stage of the dataset is in progress has failed. */
  fail(account: string, dataset: string, failure: Failure): void;
  log(account: string, dataset?: string): Log;
  /** Stages of a dataset so far, in the order they began. */
  stages(account: string, dataset: string): StageRecord[];
}

/** What graphs need from outside; `src/app.ts` brings it. */
export interface GraphDeps {
  readonly toolVersion: string;
  /** The account's engine in this run, started on first use. */
  engineOf(run: RunRef, account: AccountSettings): Engine;
  /** Stop the account's engine in this run, if there is one. */
  closeEngine(runId: string, accountId: string): Promise<void>;
  recorderOf(runId: string): Recorder;
  /** Hold an output folder; gives back how to let go. */
  lockFolder(folder: string): Promise<() => Promise<void>>;
  /** Run at most so many accounts at once. */
  accountSlot<T>(work: () => Promise<T>): Promise<T>;
}
