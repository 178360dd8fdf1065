import { topologicalOrder } from "./plan.ts";
import type { TaskDefinition } from "../workflow.ts";

/** Expected milliseconds of tasks by path; those that never ran are not in it. */
export type ExpectedDurations = ReadonlyMap<string, number>;

/**
 * How much hangs on a task: the expected time of the longest path from it to an end. Of tasks that
 * wait for a place the one with the longest path goes first (list scheduling by critical path:
 * Graham 1969, Hu 1961), so that the last ones do not run one after the other beside idle places.
 *
 * A task that never ran counts like the median of those that did; when none did, all count alike.
 */
export function urgencyIn(
  tasks: readonly TaskDefinition[],
  expected: ExpectedDurations = new Map(),
): (id: string) => number {
  const usual = Math.max(1, median([...expected.values()]) ?? 1);
  const urgency = new Map<string, number>();
  const byId = new Map(tasks.map((task) => [task.id, task]));
  for (const id of topologicalOrder(tasks).toReversed()) {
    const own = (urgency.get(id) ?? 0) + (expected.get(id) ?? usual);
    urgency.set(id, own);
    for (const parent of byId.get(id)?.dependsOn ?? []) {
      urgency.set(parent, Math.max(urgency.get(parent) ?? 0, own));
    }
  }
  return (id) => urgency.get(id) ?? usual;
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
