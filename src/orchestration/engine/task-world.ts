/** What the run of a task works with, and what it comes to. */
import type { Clock, Failure, Log } from "../../core/index.ts";
import type { Journal } from "../journal.ts";
import type { Limiter } from "./limits.ts";
import type { Pace } from "./pace.ts";
import type { TaskResults } from "../records.ts";
import type { TaskOptions } from "../rules/recovery.ts";
import type { RunControl } from "./run-control.ts";
import type { RunSlot } from "./start-times.ts";
import type { ParallelLimits, TaskDefinition } from "../workflow.ts";

/** One attempt, as whoever performs it is told of it. */
export interface AttemptOrder {
  readonly task: TaskDefinition;
  /** Within a nested workflow `outer/inner`. */
  readonly path: string;
  readonly round: number;
  /** 1-based. */
  readonly attempt: number;
  /** The task's own with those of recovery laid over. References are still to be resolved. */
  readonly options: TaskOptions;
  readonly signal: AbortSignal;
  /** Do what only waits for other tasks, which take their own time: a simulated clock goes on meanwhile. */
  readonly whileWaiting: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Does the work of an attempt: its results, or what it throws. */
export type Perform = (order: AttemptOrder) => Promise<TaskResults>;

/** What all tasks of one account in one run work with. */
export interface AccountWorld {
  readonly journal: Journal;
  /** Of the process. */
  readonly limiter: Limiter;
  /** How fast it may start tasks beside other accounts; undefined: as fast as can be. */
  readonly pace?: Pace;
  /** Those of the run's configuration. */
  readonly limits: ParallelLimits;
  readonly control: RunControl;
  readonly log: Log;
  readonly clock: Clock;
}

/** What the run of one task works with. */
export interface TaskWorld extends AccountWorld {
  readonly perform: Perform;
}

/** What holds for all tasks of one workflow in a run. */
export interface TaskTerms {
  /** Whose limit of parallel tasks it is: that of the run, or of a nested workflow in it. */
  readonly parallelKey: string;
  readonly maxParallel: number | null;
  /** Milliseconds since the epoch. */
  readonly deadlineAt: number | null;
  /** Of a run that a schedule started. */
  readonly slot?: RunSlot;
  /** Aborts when the workflow was stopped: no further task starts. */
  readonly halted: AbortSignal;
  /** Aborts when a task that has begun is not attempted again either. */
  readonly spent: AbortSignal;
  /** Aborts when what is at work must end because the workflow was stopped. */
  readonly stopped: AbortSignal;
  /** How urgent a task is among those that wait for a place: how long the longest path of tasks from it is. */
  readonly urgencyOf: (id: string) => number;
  /** Whether its tasks take no place, whatever they weigh. */
  readonly unlimited?: boolean;
  /** What a task weighs against the limits; `none` takes no place: it only waits for others. */
  readonly weightOf: (task: Pick<TaskDefinition, "kind">) => "heavy" | "light" | "none";
}

/** How a task ends, but for its cleaning up. */
export type TaskEnd =
  | { readonly is: "done"; readonly results: TaskResults }
  | {
      readonly is: "failed";
      readonly failure: Failure;
      /** Whether the workflow stops. */
      readonly stops: boolean;
      /** What was reached all the same. */
      readonly results: TaskResults;
    }
  | { readonly is: "skipped" | "canceled"; readonly reason: string }
  /** It goes on when the run is resumed. */
  | { readonly is: "unsettled" };
