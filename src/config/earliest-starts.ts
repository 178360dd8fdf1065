/** How soon the tasks of a workflow can start, by the times of the day that they have. */
import type { TaskSource } from "./task-sources.ts";

const DAY_MS = 86_400_000;

/** When a task can start at the earliest, and what makes it so. */
export interface EarliestStart {
  /** Milliseconds after the slot: of the task's own time; 0 without one. */
  readonly ownMs: number;
  /** The same, of the latest time among the tasks that it waits for. */
  readonly waitMs: number;
  /** The task that has this time; null when none has one. */
  readonly waitsFor: string | null;
}

/**
 * The earliest start of each task after a slot. A time that is earlier than the slot is one of the
 * next day. Only what waits for the success of others surely starts after them. Tasks in circles, and
 * those behind them, are left out.
 *
 * @param timesMs - Times of the day of tasks that have one, in milliseconds from midnight.
 * @param slotMs - The slot's time of the day.
 */
export function earliestStarts(
  tasks: readonly TaskSource[],
  timesMs: ReadonlyMap<string, number>,
  slotMs: number,
): ReadonlyMap<string, EarliestStart> {
  const starts = new Map<string, EarliestStart>();
  for (const { id, dependsOn, trigger } of inOrder(tasks)) {
    const timeMs = timesMs.get(id) ?? slotMs;
    let waitMs = 0;
    let waitsFor: string | null = null;
    for (const before of trigger === "all_success" ? dependsOn : []) {
      const start = starts.get(before);
      if (!start || soonest(start) <= waitMs) continue;
      waitMs = soonest(start);
      waitsFor = start.waitMs > start.ownMs ? start.waitsFor : before;
    }
    starts.set(id, { ownMs: (timeMs - slotMs + DAY_MS) % DAY_MS, waitMs, waitsFor });
  }
  return starts;
}

function soonest({ ownMs, waitMs }: EarliestStart): number {
  return Math.max(ownMs, waitMs);
}

/** Tasks after those that they wait for; without those of which that cannot be said. */
function inOrder(tasks: readonly TaskSource[]): TaskSource[] {
  const known = new Set(tasks.map(({ id }) => id));
  const after = new Map<string, TaskSource[]>();
  const open = new Map<string, number>();
  const ready: TaskSource[] = [];
  for (const task of tasks) {
    const before = new Set(task.dependsOn.filter((id) => known.has(id)));
    open.set(task.id, before.size);
    if (before.size === 0) ready.push(task);
    for (const id of before) after.set(id, [...(after.get(id) ?? []), task]);
  }
  for (const task of ready) {
    for (const next of after.get(task.id) ?? []) {
      const left = (open.get(next.id) ?? 0) - 1;
      open.set(next.id, left);
      if (left === 0) ready.push(next);
    }
  }
  return ready;
}
