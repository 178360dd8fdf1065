/** The plan of a workflow: its mistakes, its order, its longest path. All O(V + E). */
import { didYouMean, WranglerError } from "../../core/index.ts";
import { circlesIn } from "./circles.ts";
import { type LinkedTask, type Links, linksOf, orderOf, reachedFrom } from "./links.ts";
import { canFire, triggerText, type TriggerRule } from "./trigger.ts";

export type { LinkedTask } from "./links.ts";

/** A task as its place in the workflow is checked. */
export type PlannedTask = LinkedTask & { readonly trigger: TriggerRule };

/** A mistake in the structure of a workflow. */
export interface Finding {
  readonly code:
    | "duplicate-task"
    | "unknown-dependency"
    | "self-dependency"
    | "repeated-dependency"
    | "cycle"
    | "impossible-trigger"
    | "unreachable";
  readonly task: string;
  /** Position of the task in its workflow: ids may be repeated. */
  readonly position: number;
  /** Position in its `dependsOn`; null when it is not about one dependency. */
  readonly index: number | null;
  /** What is wrong and how it is mended. */
  readonly text: string;
}

/** The longest path through a workflow by durations. */
export interface CriticalPath {
  /** Ids, first to last. */
  readonly path: string[];
  readonly totalMs: number;
}

/** Names are compared with all others to suggest one; a file with more unknown names has another trouble. */
const SUGGESTIONS = 50;

/** All mistakes in the structure of a workflow, in the order of the file. */
export function findings(tasks: readonly PlannedTask[]): Finding[] {
  const links = linksOf(tasks);
  const selfish = new Set<number>();
  const found: Finding[] = [];
  const suggest = suggestions(links);
  for (const [position, task] of tasks.entries()) {
    if (links.positions.get(task.id) !== position) {
      const text = `There is another task "${task.id}"; ids are unique in a workflow.`;
      found.push({ code: "duplicate-task", task: task.id, position, index: null, text });
    }
    // As many links as dependencies: all are known, and each is listed once.
    const sound = links.before[position]?.length === task.dependsOn.length;
    const parents = sound ? task.dependsOn.length : new Set(task.dependsOn).size;
    if (!sound) {
      found.push(...dependencyFindings(task, position, links, suggest));
      if (task.dependsOn.includes(task.id)) selfish.add(position);
    }
    if (!canFire(task.trigger, parents)) {
      const text = `Trigger "${triggerText(task.trigger)}" can never fire: "${task.id}" has ${parents === 1 ? "1 dependency" : `${parents} dependencies`}.`;
      found.push({ code: "impossible-trigger", task: task.id, position, index: null, text });
    }
  }
  found.push(...circleFindings(tasks, links, selfish));
  return found.toSorted((a, b) => a.position - b.position || (a.index ?? -1) - (b.index ?? -1));
}

/**
 * Ids so that each task comes after those it depends on, otherwise in the order of the file as far
 * as that goes. Dependencies on tasks that are not in the list are left out of account.
 *
 * @throws {WranglerError} CONFIG_INVALID when tasks wait for each other, with the circle.
 */
export function topologicalOrder(tasks: readonly LinkedTask[]): string[] {
  return namesOf(tasks, wholeOrder(tasks, linksOf(tasks)));
}

/** The wave of each task: 0 without dependencies, else one more than the highest of those. */
export function wavesOf(tasks: readonly LinkedTask[]): Map<string, number> {
  const links = linksOf(tasks);
  const waves: number[] = tasks.map(() => 0);
  for (const task of wholeOrder(tasks, links)) {
    for (const next of links.after[task] ?? []) {
      waves[next] = Math.max(waves[next] ?? 0, (waves[task] ?? 0) + 1);
    }
  }
  return new Map(tasks.map(({ id }, task) => [id, waves[task] ?? 0]));
}

/**
 * Ids of all tasks that a task depends on, at any distance, without itself.
 *
 * @throws {WranglerError} TASK_UNKNOWN
 */
export function ancestorsOf(tasks: readonly LinkedTask[], id: string): Set<string> {
  const links = linksOf(tasks);
  return around(tasks, links, id, links.before);
}

/**
 * Ids of all tasks that depend on a task, at any distance, without itself.
 *
 * @throws {WranglerError} TASK_UNKNOWN
 */
export function descendantsOf(tasks: readonly LinkedTask[], id: string): Set<string> {
  const links = linksOf(tasks);
  return around(tasks, links, id, links.after);
}

/** The path that takes longest; tasks without a duration take none. Of equal paths the first in the file. */
export function criticalPath(
  tasks: readonly LinkedTask[],
  durationsMs: ReadonlyMap<string, number>,
): CriticalPath {
  const links = linksOf(tasks);
  const endMs: number[] = [];
  const cameFrom: (number | undefined)[] = [];
  for (const task of wholeOrder(tasks, links)) {
    const latest = latestOf(links.before[task] ?? [], endMs);
    cameFrom[task] = latest;
    const startMs = latest === undefined ? 0 : (endMs[latest] ?? 0);
    endMs[task] = startMs + (durationsMs.get(tasks[task]?.id ?? "") ?? 0);
  }
  const last = latestOf([...tasks.keys()], endMs);
  const path: number[] = [];
  for (let at = last; at !== undefined; at = cameFrom[at]) path.push(at);
  return {
    path: namesOf(tasks, path.toReversed()),
    totalMs: last === undefined ? 0 : (endMs[last] ?? 0),
  };
}

function dependencyFindings(
  { id, dependsOn }: LinkedTask,
  position: number,
  { positions }: Links,
  suggest: (name: string) => string,
): Finding[] {
  const seen = new Set<string>();
  return dependsOn.flatMap((other, index) => {
    const repeated = seen.has(other);
    seen.add(other);
    const finding = (code: Finding["code"], text: string) => [
      { code, task: id, position, index, text },
    ];
    if (repeated) return finding("repeated-dependency", `"${id}" lists "${other}" twice.`);
    if (other === id) return finding("self-dependency", `"${id}" depends on itself.`);
    if (positions.has(other)) return [];
    return finding(
      "unknown-dependency",
      `"${id}" depends on "${other}", which is no task of the workflow.${suggest(other)}`,
    );
  });
}

function suggestions({ positions }: Links): (name: string) => string {
  let left = SUGGESTIONS;
  return (name) => (left-- > 0 ? didYouMean(name, positions.keys()) : "");
}

/** Circles, and what can never start for them. */
function circleFindings(
  tasks: readonly LinkedTask[],
  links: Links,
  selfish: ReadonlySet<number>,
): Finding[] {
  const stuck = stuckTasks(tasks, orderOf(links, selfish));
  const circles = circlesIn(links, stuck);
  const origins = new Map<number, string>();
  for (const task of selfish) origins.set(task, shortText(tasks, [task]));
  for (const { path, group } of circles) {
    const text = shortText(tasks, path);
    for (const task of group) origins.set(task, text);
  }
  const behind = reachedFrom(origins.keys(), links.after);
  const unreachable = stuck.filter((task) => !origins.has(task));
  return [
    ...circles.map(({ path }) => circleFinding(tasks, path)),
    ...unreachable.map((position): Finding => {
      const task = tasks[position]?.id ?? "";
      const circle = origins.get(behind.get(position) ?? position) ?? "";
      const text = `"${task}" can never start: it comes after the circle ${circle}.`;
      return { code: "unreachable", task, position, index: null, text };
    }),
  ];
}

/** Found at the first task of the circle, at its dependency on the last. */
function circleFinding(tasks: readonly LinkedTask[], path: readonly number[]): Finding {
  const position = path[0] ?? 0;
  const { id = "", dependsOn = [] } = tasks[position] ?? {};
  const index = dependsOn.indexOf(tasks[path.at(-1) ?? position]?.id ?? "");
  const text = `Tasks wait for each other, each for the one before it: ${circleText(tasks, path)}. Remove one of these dependencies.`;
  return { code: "cycle", task: id, position, index, text };
}

function circleText(tasks: readonly LinkedTask[], path: readonly number[]): string {
  return namesOf(tasks, [...path, ...path.slice(0, 1)]).join(" → ");
}

/** A circle as others refer to it; in full it is told once. */
function shortText(tasks: readonly LinkedTask[], path: readonly number[]): string {
  if (path.length <= 4) return circleText(tasks, path);
  const [first, second, last] = namesOf(tasks, [...path.slice(0, 2), ...path.slice(-1)]);
  return `${first} → ${second} → … → ${last} → ${first}`;
}

function wholeOrder(tasks: readonly LinkedTask[], links: Links): readonly number[] {
  const order = orderOf(links);
  const stuck = stuckTasks(tasks, order);
  if (stuck.length === 0) return order;
  const [circle] = circlesIn(links, stuck);
  throw new WranglerError(
    "CONFIG_INVALID",
    `Tasks wait for each other: ${circleText(tasks, circle?.path ?? [])}.`,
  );
}

/** Positions that are not in the order, rising. */
function stuckTasks(tasks: readonly LinkedTask[], order: readonly number[]): readonly number[] {
  if (order.length === tasks.length) return [];
  const free = new Set(order);
  return [...tasks.keys()].filter((task) => !free.has(task));
}

function around(
  tasks: readonly LinkedTask[],
  { positions }: Links,
  id: string,
  neighbours: readonly (readonly number[])[],
): Set<string> {
  const start = positions.get(id);
  if (start === undefined) {
    throw new WranglerError("TASK_UNKNOWN", `"${id}".${didYouMean(id, positions.keys())}`);
  }
  const [, ...others] = reachedFrom([start], neighbours).keys();
  return new Set(namesOf(tasks, others));
}

/** The one that ends last; of several the first. */
function latestOf(among: readonly number[], endMs: readonly number[]): number | undefined {
  let latest: number | undefined;
  for (const task of among) {
    if (latest === undefined || (endMs[task] ?? 0) > (endMs[latest] ?? 0)) latest = task;
  }
  return latest;
}

function namesOf(tasks: readonly LinkedTask[], positions: readonly number[]): string[] {
  return positions.map((position) => tasks[position]?.id ?? "");
}
