/** Circles among tasks. */
import type { Links } from "./links.ts";

/** Tasks that wait for each other. */
export interface Circle {
  /** One way round: each task is followed by one that depends on it, the last by the first. */
  readonly path: readonly number[];
  /** All tasks from which that way can be reached and back (a strongly connected component). */
  readonly group: readonly number[];
}

/**
 * One circle for each group of tasks that wait for each other: the shortest through the group's
 * first task. Groups in the order of their first tasks. O(V + E), without recursion: chains may be
 * long.
 *
 * @param among - Positions to look at, rising; all circles lie within.
 */
export function circlesIn(links: Links, among: readonly number[]): readonly Circle[] {
  const groupOf = groupsIn(links, among);
  const groups = new Map<number, number[]>();
  for (const task of among) {
    const root = groupOf.get(task) ?? task;
    const group = groups.get(root);
    if (group) group.push(task);
    else groups.set(root, [task]);
  }
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .map((group) => ({ group, path: circleThrough(group[0] ?? 0, links, groupOf) }));
}

/**
 * The group of each task (Kosaraju's algorithm): walk forwards, note the order in which tasks are
 * left; then what a task reaches backwards, latest left first, is its group.
 */
function groupsIn({ before, after }: Links, among: readonly number[]): ReadonlyMap<number, number> {
  const within = new Set(among);
  const groupOf = new Map<number, number>();
  for (const root of leavingOrder(after, within).toReversed()) {
    if (groupOf.has(root)) continue;
    groupOf.set(root, root);
    const open = [root];
    for (let task = open.pop(); task !== undefined; task = open.pop()) {
      for (const next of before[task] ?? []) {
        if (groupOf.has(next) || !within.has(next)) continue;
        groupOf.set(next, root);
        open.push(next);
      }
    }
  }
  return groupOf;
}

/** The tasks in the order in which a walk in depth leaves them. */
function leavingOrder(
  after: readonly (readonly number[])[],
  within: ReadonlySet<number>,
): readonly number[] {
  const left: number[] = [];
  const seen = new Set<number>();
  for (const root of within) {
    if (seen.has(root)) continue;
    seen.add(root);
    const path = [{ task: root, nexts: (after[root] ?? []).values() }];
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const { value: next } = at.nexts.next();
      if (next === undefined) {
        left.push(at.task);
        path.pop();
      } else if (within.has(next) && !seen.has(next)) {
        seen.add(next);
        path.push({ task: next, nexts: (after[next] ?? []).values() });
      }
    }
  }
  return left;
}

/** The shortest circle through a task of a group, found in breadth. */
function circleThrough(
  start: number,
  { after }: Links,
  groupOf: ReadonlyMap<number, number>,
): readonly number[] {
  const cameFrom = new Map<number, number>();
  const open = [start];
  // The list grows while it is walked.
  for (const task of open) {
    for (const next of after[task] ?? []) {
      if (groupOf.get(next) !== groupOf.get(start) || cameFrom.has(next)) continue;
      cameFrom.set(next, task);
      if (next === start) return backFrom(task, start, cameFrom);
      open.push(next);
    }
  }
  return [start];
}

function backFrom(
  last: number,
  start: number,
  cameFrom: ReadonlyMap<number, number>,
): readonly number[] {
  const circle = [start];
  for (let task = last; task !== start; task = cameFrom.get(task) ?? start) circle.push(task);
  const [head = start, ...rest] = circle;
  return [head, ...rest.toReversed()];
}
