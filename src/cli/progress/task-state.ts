/** Where one task stands, from its events. */
import type { StageHappening, TaskHappening, TaskStatus } from "../../orchestration/index.ts";
import { countsText } from "../figures.ts";

/** How far something has come; `asking` waits for a person. */
export type Progress = "pending" | "working" | "asking" | "done" | "failed" | "skipped";

/** A dataset of a task. */
export interface DatasetState {
  readonly dataset: string;
  readonly progress: Progress;
  /** Stages that ended well. */
  readonly stagesDone: number;
  /** The stage in hand, or the last one. */
  readonly stage: string;
  readonly counts: Readonly<Record<string, number>>;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number | null;
}

export interface TaskState {
  readonly task: string;
  readonly progress: Progress;
  /** Whether it may start and waits for its turn. */
  readonly ready: boolean;
  readonly attempt: number;
  /** Milliseconds since the epoch of the next attempt, between attempts. */
  readonly retryAt: number | null;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** The last thing that was said of it. */
  readonly message: string;
  readonly datasets: ReadonlyMap<string, DatasetState>;
}

/** A task of which nothing is known yet. */
export function beginningOf(task: string, at: number): TaskState {
  return {
    task,
    progress: "pending",
    ready: false,
    attempt: 0,
    retryAt: null,
    startedAt: at,
    endedAt: null,
    message: "",
    datasets: new Map(),
  };
}

/** The task after an event; `at` in milliseconds since the epoch. */
export function taskAfter(
  task: TaskState,
  event: TaskHappening | StageHappening,
  at: number,
): TaskState {
  return "stage" in event ? afterStage(task, event, at) : afterTask(task, event, at);
}

function afterTask(task: TaskState, event: TaskHappening, at: number): TaskState {
  switch (event.type) {
    case "task-ready":
      return { ...task, progress: "pending", ready: true, endedAt: null };
    case "task-started": {
      const { attempt } = event;
      const startedAt = task.attempt === 0 ? at : task.startedAt;
      // its stages are told again
      const begun = {
        progress: "working",
        retryAt: null,
        endedAt: null,
        datasets: new Map(),
      } as const;
      return { ...task, ...begun, attempt, startedAt };
    }
    case "task-retrying":
      return { ...task, progress: "working", retryAt: at + event.delayMs, message: event.message };
    case "task-waiting":
      return { ...task, progress: "asking", retryAt: null, message: event.reason };
    case "effect-uncertain":
      return { ...task, message: `not known whether ${event.effect} took place` };
    case "task-finished": {
      const message = event.reason ?? (event.status === "COMPLETED" ? "" : task.message);
      const attempt = event.attempts;
      const end = { attempt, retryAt: null, endedAt: at, startedAt: at - event.durationMs };
      return { ...task, ...end, progress: progressOf(event.status), message };
    }
    default:
      return event satisfies never;
  }
}

/** What the end of an account or task comes to. */
export function progressOf(status: TaskStatus): Progress {
  if (status === "COMPLETED") return "done";
  if (status === "FAILED") return "failed";
  return status === "WAITING" ? "asking" : "skipped";
}

function afterStage(task: TaskState, event: StageHappening, at: number): TaskState {
  const before = task.datasets.get(event.dataset);
  const after = datasetAfter(before, event, at);
  const said = event.message ?? countsText(after.counts);
  return {
    ...task,
    progress: "working",
    message: said === "" ? task.message : said,
    datasets: new Map([...task.datasets, [event.dataset, after]]),
  };
}

function datasetAfter(
  before: DatasetState | undefined,
  { type, dataset, stage, counts }: StageHappening,
  at: number,
): DatasetState {
  const well = type === "stage-finished" || type === "stage-reused";
  const failed = type === "stage-failed";
  return {
    dataset,
    progress: failed ? "failed" : "working",
    stage,
    stagesDone: (before?.stagesDone ?? 0) + (well ? 1 : 0),
    counts: well ? counts : {},
    startedAt: before?.startedAt ?? at,
    endedAt: failed ? at : null,
  };
}
