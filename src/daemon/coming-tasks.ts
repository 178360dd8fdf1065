import type { Settings } from "../config/index.ts";
import type { ComingTask, RunRecord, TaskRecord } from "../orchestration/index.ts";
import { timeOfDayAfter } from "../schedule/index.ts";
import { isoOf } from "./workshop.ts";

/** Which tasks of an unfinished run wait for a time to come, or will, and which. */
export function comingTasksOf(
  run: RunRecord,
  tasks: readonly TaskRecord[],
  settings: Settings | undefined,
  nowMs: number,
): ComingTask[] {
  const known = new Map(tasks.map((task) => [JSON.stringify([task.account, task.task]), task]));
  const waiting = tasks.flatMap((task) => waitOf(run, task));
  const later = run.accounts.flatMap((account) =>
    timedTasks(run, settings).flatMap(({ task, kind, startAt }): ComingTask[] => {
      const record = known.get(JSON.stringify([account, task]));
      const isToCome = record === undefined || record.status === "NOT_STARTED";
      if (!isToCome || record?.nextAttemptAt) return [];
      return [{ runId: run.runId, account, task, kind, startAt, reason: "its time" }];
    }),
  );
  return [...waiting, ...later].filter(({ startAt }) => Date.parse(startAt) > nowMs);
}

function waitOf({ runId }: RunRecord, record: TaskRecord): ComingTask[] {
  const { account, task, kind, nextAttemptAt, attempts } = record;
  if (nextAttemptAt === null) return [];
  const reason = attempts === 0 ? "its time" : "next attempt";
  return [{ runId, account, task, kind, startAt: nextAttemptAt, reason }];
}

/** Tasks that have a time of the day, in a run that a schedule started. */
function timedTasks(
  { schedule, scheduledAt }: RunRecord,
  settings: Settings | undefined,
): { readonly task: string; readonly kind: string; readonly startAt: string }[] {
  if (schedule === null || !settings) return [];
  const workflow = settings.workflows.find(({ name }) => name === settings.workflow);
  return (workflow?.tasks ?? []).flatMap(({ id, kind, at }) => {
    if (at === null) return [];
    const startMs = timeOfDayAfter(Date.parse(scheduledAt), at, settings.timeZone);
    return [{ task: id, kind, startAt: isoOf(startMs) }];
  });
}
