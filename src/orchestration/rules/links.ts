/** Tasks by position with who comes before and after whom: what walks over a workflow work on. */
import type { TaskDefinition } from "../workflow.ts";

/** What of a task says where it stands in its workflow. */
export type LinkedTask = Readonly<Pick<TaskDefinition, "id"> & { dependsOn: readonly string[] }>;

/** A workflow's dependencies by position; those on itself and on unknown tasks are left out, repeated ones stand once. */
export interface Links {
  /** Position of each id; of a repeated one the first. */
  readonly positions: ReadonlyMap<string, number>;
  readonly before: readonly (readonly number[])[];
  readonly after: readonly (readonly number[])[];
}

/** Number the tasks of a workflow. O(V + E). */
export function linksOf(tasks: readonly LinkedTask[]): Links {
  const positions = new Map<string, number>();
  for (const [position, { id }] of tasks.entries()) {
    if (!positions.has(id)) positions.set(id, position);
  }
  const after: number[][] = tasks.map(() => []);
  const before = tasks.map(({ dependsOn }, task) => {
    const found = new Set<number>();
    for (const id of dependsOn) {
      const position = positions.get(id);
      if (position !== undefined && position !== task) found.add(position);
    }
    for (const position of found) after[position]?.push(task);
    return [...found];
  });
  return { positions, before, after };
}

/**
 * Positions so that each task comes after those it depends on, otherwise in the order of the file
 * as far as that goes (Kahn's algorithm). Tasks in a circle or behind one are missing. O(V + E).
 *
 * @param stuck - Tasks that never start for another reason.
 */
export function orderOf({ before, after }: Links, stuck?: ReadonlySet<number>): number[] {
  const missing = before.map((list) => list.length);
  const order = missing.flatMap((count, task) => (count === 0 && !stuck?.has(task) ? [task] : []));
  // The list grows while it is walked.
  for (const task of order) {
    for (const next of after[task] ?? []) {
      const left = (missing[next] ?? 0) - 1;
      missing[next] = left;
      if (left === 0 && !stuck?.has(next)) order.push(next);
    }
  }
  return order;
}

/** All that can be reached from some tasks, these included, each with the first of them that reaches it. O(V + E). */
export function reachedFrom(
  starts: Iterable<number>,
  neighbours: readonly (readonly number[])[],
): ReadonlyMap<number, number> {
  const reached = new Map<number, number>();
  for (const start of starts) reached.set(start, start);
  // The map grows while it is walked.
  for (const [task, start] of reached) {
    for (const next of neighbours[task] ?? []) if (!reached.has(next)) reached.set(next, start);
  }
  return reached;
}
