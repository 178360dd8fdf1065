/** Checks of the times of the day at which tasks start. */
import { Duration, durationMs } from "../core/index.ts";
import { TimeOfDay, timeOfDayMs } from "../schedule/index.ts";
import type { SourceDocument } from "./document.ts";
import { type EarliestStart, earliestStarts } from "./earliest-starts.ts";
import type { Problem } from "./problems.ts";
import type { ScheduleSource } from "./schedule-sources.ts";
import { workflowByDefault } from "./select.ts";
import type { TaskSource, WorkflowSource } from "./task-sources.ts";
import { valueAt } from "./value-at.ts";

/** A task with a time of the day, as it is written. */
interface TimedTask {
  readonly task: TaskSource;
  readonly at: string;
  readonly window: string | undefined;
}

/**
 * Windows without a time at which they begin, and times at which a task can never start: after the
 * deadline of its workflow, or with a window that is over before what it waits for has begun.
 */
export function taskTimeProblems(
  value: unknown,
  workflows: readonly WorkflowSource[],
  schedules: readonly ScheduleSource[],
  source: SourceDocument,
): Problem[] {
  const byDefault = workflowByDefault(workflows.map(({ name }) => name));
  return workflows.flatMap((workflow) => {
    const slots = schedules.flatMap((schedule) =>
      (schedule.entry["workflow"] ?? byDefault) === workflow.name ? timesOf(schedule) : [],
    );
    const deadline = durationOf(valueAt(value, [...workflow.path, "deadline"]));
    return [
      ...lonelyWindows(workflow, source),
      ...hopelessTimes(workflow, { slots: [...new Set(slots)], deadline, source }),
    ];
  });
}

/** Times of the day at which a schedule runs all of its workflow. */
function timesOf({ checked }: ScheduleSource): string[] {
  return checked?.at === undefined || checked.task !== undefined ? [] : [checked.at].flat();
}

function lonelyWindows({ tasks }: WorkflowSource, source: SourceDocument): Problem[] {
  return tasks
    .filter(({ entry }) => entry["window"] !== undefined && entry["at"] === undefined)
    .map(({ path }) =>
      source.problem([...path, "window"], "expected at beside it: that is when the window begins"),
    );
}

interface Circumstances {
  /** Times of the day of the schedules that run the workflow. */
  readonly slots: readonly string[];
  readonly deadline: string | undefined;
  readonly source: SourceDocument;
}

/** Each task once, at the first slot at which it is hopeless. */
function hopelessTimes(
  { tasks }: WorkflowSource,
  { slots, deadline, source }: Circumstances,
): Problem[] {
  const timed = new Map(tasks.flatMap(timedTask));
  const timesMs = new Map([...timed].map(([id, { at }]) => [id, timeOfDayMs(at)]));
  const flaws = new Map<string, string>();
  for (const slot of timed.size === 0 ? [] : slots) {
    const starts = earliestStarts(tasks, timesMs, timeOfDayMs(slot));
    for (const [id, task] of timed) {
      const start = starts.get(id);
      if (flaws.has(id) || !start) continue;
      const flaw =
        tooLateForDeadline(task, start, slot, deadline) ?? tooLateForWindow(task, start, timed);
      if (flaw !== undefined) flaws.set(id, flaw);
    }
  }
  return [...timed].flatMap(([id, { task }]) => {
    const flaw = flaws.get(id);
    return flaw === undefined ? [] : [source.problem([...task.path, "at"], flaw)];
  });
}

function timedTask(task: TaskSource): [string, TimedTask][] {
  const at = TimeOfDay.safeParse(task.entry["at"]).data;
  return at === undefined
    ? []
    : [[task.id, { task, at, window: durationOf(task.entry["window"]) }]];
}

function tooLateForDeadline(
  { at }: TimedTask,
  { ownMs }: EarliestStart,
  slot: string,
  deadline: string | undefined,
): string | undefined {
  if (deadline === undefined || ownMs < durationMs(deadline)) return undefined;
  return `expected a time before the workflow's deadline, ${deadline} after its slot at ${slot}, got "${at}"`;
}

function tooLateForWindow(
  { at, window }: TimedTask,
  { ownMs, waitMs, waitsFor }: EarliestStart,
  timed: ReadonlyMap<string, TimedTask>,
): string | undefined {
  if (window === undefined || waitsFor === null || waitMs <= ownMs + durationMs(window))
    return undefined;
  const other = timed.get(waitsFor)?.at ?? "";
  return `expected a time not before that of "${waitsFor}", which it waits for and which starts at ${other}, got "${at}" with a window of ${window}`;
}

function durationOf(value: unknown): string | undefined {
  return Duration.safeParse(value).data;
}
