import type { AttemptRecord, TaskRecord, TaskStatus } from "../../orchestration/index.ts";
import { type CriticalTask, criticalPathOf } from "./critical-path.ts";
import { moment, type RunReportInput, taskKey } from "./run-report-input.ts";
import { type Timeline, timeline } from "./timeline.ts";

/** A run with the look-ups that several sections need. */
export interface RunView {
  readonly input: RunReportInput;
  readonly timeline: Timeline;
  readonly path: readonly CriticalTask[];
  /** Of the task's present round. */
  readonly attemptsOf: (task: TaskRecord) => readonly AttemptRecord[];
  readonly counts: ReadonlyMap<TaskStatus, number>;
  /** Whether sections have to say which account they speak of. */
  readonly severalAccounts: boolean;
}

/** Look up what belongs together. */
export function runViewOf(input: RunReportInput): RunView {
  const attempts = new Map<string, AttemptRecord[]>();
  for (const attempt of input.attempts) {
    const key = taskKey(attempt);
    const own = attempts.get(key);
    if (own === undefined) attempts.set(key, [attempt]);
    else own.push(attempt);
  }
  const counts = new Map<TaskStatus, number>();
  for (const { status } of input.tasks) counts.set(status, (counts.get(status) ?? 0) + 1);
  return {
    input,
    timeline: timeline(input),
    path: criticalPathOf(input.tasks, input.workflow),
    attemptsOf: (task) =>
      (attempts.get(taskKey(task)) ?? []).filter(({ round }) => round === task.round),
    counts,
    severalAccounts: input.run.accounts.length > 1,
  };
}

/** From being ready to the start of the first attempt, in milliseconds; null when that is not known. */
export function waitOf({ readyAt, startedAt, takenFrom }: TaskRecord): number | null {
  const [ready, start] = [moment(readyAt), moment(startedAt)];
  return ready === null || start === null || takenFrom !== null ? null : Math.max(0, start - ready);
}
