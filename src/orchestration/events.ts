/** What happens in a run, as it is told to terminals, scripts and pages. */
import type { AccountSummary, Counts, RunStatus, Stage, TaskStatus } from "./status.ts";

/** Something happened. */
export type RunHappening =
  | {
      readonly type: "run-started";
      readonly workflow: string;
      readonly accounts: readonly string[];
      readonly resumed: boolean;
    }
  /** No new task starts; those at work may end. */
  | { readonly type: "run-draining"; readonly reason: string }
  | {
      readonly type: "run-finished";
      readonly status: RunStatus;
      readonly durationMs: number;
    }
  | {
      readonly type: "account-started";
      readonly account: string;
      /** Its tasks, in the order of the file. */
      readonly tasks: readonly string[];
    }
  | { readonly type: "account-finished"; readonly summary: AccountSummary }
  | TaskHappening
  | StageHappening
  | { readonly type: "engine-replaced"; readonly account: string; readonly reason: string };

export type TaskHappening = { readonly account: string; readonly task: string } & (
  | /** Its predecessors let it start; it may still wait for its turn. */
    { readonly type: "task-ready" }
  | { readonly type: "task-started"; readonly kind: string; readonly attempt: number }
  | {
      readonly type: "task-retrying";
      readonly attempt: number;
      /** Wait until the next attempt. */
      readonly delayMs: number;
      readonly next: string;
      readonly message: string;
    }
  | {
      readonly type: "task-finished";
      readonly status: TaskStatus;
      readonly attempts: number;
      readonly durationMs: number;
      /** Why it was skipped or canceled, or how it failed. */
      readonly reason: string | null;
    }
  /** It goes on when a person has answered. */
  | { readonly type: "task-waiting"; readonly reason: string }
  | { readonly type: "effect-uncertain"; readonly effect: string; readonly key: string }
);

export interface StageHappening {
  readonly type: "stage-started" | "stage-finished" | "stage-failed" | "stage-reused";
  readonly account: string;
  /** The task that the stage belongs to. */
  readonly task: string;
  readonly dataset: string;
  readonly stage: Stage;
  readonly durationMs: number;
  readonly counts: Counts;
  /** Of a failed stage. */
  readonly message?: string;
}

/** A happening with its place in the run's sequence. */
export type ProgressEvent = RunHappening & {
  readonly runId: string;
  /** 1-based and rising over all of the run, resumes included. */
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly at: string;
};
