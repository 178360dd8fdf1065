import type { TaskRecord, TaskStatus, WorkflowDefinition } from "../../orchestration/index.ts";
import { moment } from "./run-report-input.ts";

/** A task on the path that decided how long an account took. */
export interface CriticalTask {
  readonly account: string;
  readonly task: string;
  readonly kind: string;
  readonly status: TaskStatus;
  /** From the end of the task before (for the first: from being ready) to its own start. */
  readonly waitMs: number;
  /** From its start to its end, waits between attempts included. */
  readonly workMs: number;
  /** Of the path's whole time, in [0, 1]; the shares of a path add up to 1. */
  readonly share: number;
}

/** A task that has ended in this run, with its times in epoch milliseconds. */
interface Ended {
  readonly record: TaskRecord;
  readonly ready: number;
  readonly start: number;
  readonly end: number;
}

/**
 * What a run's length consisted of: from the task that ended last back through the dependency that
 * ended last before each became ready. First task first; empty when no task has ended.
 */
export function criticalPathOf(
  tasks: readonly TaskRecord[],
  workflow: WorkflowDefinition,
): CriticalTask[] {
  const dependencies = new Map(workflow.tasks.map(({ id, dependsOn }) => [id, dependsOn]));
  const ended = tasks.flatMap((record) => (dependencies.has(record.task) ? endedOf(record) : []));
  let at = latest(ended.filter(({ record }) => record.startedAt !== null));
  if (at === undefined) return [];
  const { account } = at.record;
  const own = ended.filter(({ record }) => record.account === account);
  const byTask = new Map(own.map((task) => [task.record.task, task]));
  const path: Ended[] = [];
  while (at !== undefined) {
    path.unshift(at);
    // What ended after it was ready was not what it waited for.
    const { ready, record }: Ended = at;
    // A task is left behind for good, so that times of a clock set back lead round no circle.
    byTask.delete(record.task);
    at = latest(
      (dependencies.get(record.task) ?? [])
        .flatMap((id) => byTask.get(id) ?? [])
        .filter(({ end }) => end <= ready),
    );
  }
  return measured(path);
}

function endedOf(record: TaskRecord): Ended[] {
  const end = moment(record.endedAt);
  // What was taken over from another run took no time in this one.
  if (end === null || record.takenFrom !== null) return [];
  const start = moment(record.startedAt) ?? end;
  return [{ record, start, end, ready: moment(record.readyAt) ?? start }];
}

/** The one that ended last; the first of several. */
function latest(tasks: readonly Ended[]): Ended | undefined {
  let last: Ended | undefined;
  for (const task of tasks) if (last === undefined || task.end > last.end) last = task;
  return last;
}

function measured(path: readonly Ended[]): CriticalTask[] {
  const parts = path.map(({ record, start, end, ready }, i) => ({
    record,
    waitMs: Math.max(0, start - (path[i - 1]?.end ?? ready)),
    workMs: Math.max(0, end - start),
  }));
  const total = parts.reduce((sum, { waitMs, workMs }) => sum + waitMs + workMs, 0);
  return parts.map(({ record: { account, task, kind, status }, waitMs, workMs }) => ({
    account,
    task,
    kind,
    status,
    waitMs,
    workMs,
    share: total === 0 ? 1 / parts.length : (waitMs + workMs) / total,
  }));
}
