/** What a workflow must come to, worked out in the plainest way, to hold the real thing against. */
import { sha256 } from "../../src/core/index.ts";
import type { TriggerRule } from "../../src/orchestration/index.ts";

/** A task whose attempts are known beforehand. */
export interface ForeseenTask {
  readonly id: string;
  readonly dependsOn: readonly string[];
  readonly trigger: TriggerRule;
  readonly critical: boolean;
  /** All attempts that its retry policy allows, with how each would end; after a good one no more is made. */
  readonly attempts: readonly { readonly durationMs: number; readonly succeeds: boolean }[];
}

/** How a task ended. A task that never started has equal times. */
export interface ForeseenEnd {
  readonly status: "COMPLETED" | "FAILED" | "SKIPPED" | "CANCELED";
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Play a workflow with unlimited room and no waits between attempts: at each moment decide what
 * can be decided until nothing changes, then go on to the next end of a task.
 *
 * When a critical task fails, what has not started is SKIPPED, but for tasks with the trigger
 * `always`; what is at work is CANCELED or ends by itself, as `onCriticalFailure` says, `always`
 * tasks by themselves in any case.
 */
export function interpret(
  tasks: readonly ForeseenTask[],
  onCriticalFailure: "cancel" | "finish" = "cancel",
): Map<string, ForeseenEnd> {
  const ends = new Map<string, ForeseenEnd>();
  const working = new Map<ForeseenTask, ForeseenEnd>();
  let stopped = false;
  for (let now = 0; ; now = Math.min(...[...working.values()].map(({ endMs }) => endMs))) {
    for (const [task, end] of working) {
      if (end.endMs > now) continue;
      ends.set(task.id, end);
      working.delete(task);
      if (task.critical && end.status === "FAILED") stopped = true;
    }
    for (const [task, { startMs }] of stopped && onCriticalFailure === "cancel" ? working : []) {
      if (task.trigger === "always") continue;
      ends.set(task.id, { status: "CANCELED", startMs, endMs: now });
      working.delete(task);
    }
    for (let changed = true; changed;) {
      changed = false;
      for (const task of tasks) {
        if (ends.has(task.id) || working.has(task)) continue;
        const does = stopped && task.trigger !== "always" ? "skip" : judge(task, ends);
        if (does === "run") working.set(task, playedFrom(task, now));
        if (does === "skip") ends.set(task.id, { status: "SKIPPED", startMs: now, endMs: now });
        if (does !== "wait") changed = true;
      }
    }
    if (working.size === 0) return ends;
  }
}

function judge(
  task: ForeseenTask,
  ends: ReadonlyMap<string, ForeseenEnd>,
): "run" | "skip" | "wait" {
  const total = task.dependsOn.length;
  if (total === 0) return "run";
  const seen = { COMPLETED: 0, FAILED: 0, SKIPPED: 0, CANCELED: 0 };
  for (const id of task.dependsOn) if (ends.has(id)) seen[ends.get(id)!.status] += 1;
  const { COMPLETED: good, FAILED: bad, SKIPPED: skipped, CANCELED: canceled } = seen;
  const open = total - good - bad - skipped - canceled;
  const rule = task.trigger;
  if (rule === "all_success") return good === total ? "run" : good + open < total ? "skip" : "wait";
  if (rule === "all_failed") return bad === total ? "run" : bad + open < total ? "skip" : "wait";
  if (rule === "one_success") return good > 0 ? "run" : open === 0 ? "skip" : "wait";
  if (rule === "one_failed") return bad > 0 ? "run" : open === 0 ? "skip" : "wait";
  if (rule === "none_failed") return bad > 0 ? "skip" : open === 0 ? "run" : "wait";
  if (rule === "none_skipped") return skipped > 0 ? "skip" : open === 0 ? "run" : "wait";
  if (rule === "all_done" || rule === "always") return open === 0 ? "run" : "wait";
  return good >= rule.atLeast ? "run" : good + open < rule.atLeast ? "skip" : "wait";
}

function playedFrom({ attempts }: ForeseenTask, startMs: number): ForeseenEnd {
  const good = attempts.findIndex(({ succeeds }) => succeeds);
  const made = good < 0 ? attempts : attempts.slice(0, good + 1);
  const endMs = startMs + made.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return { status: good < 0 ? "FAILED" : "COMPLETED", startMs, endMs };
}

/** What {@link randomDag} draws from; shares in [0, 1]. */
export interface DagTraits {
  /** Tasks that depend on others and have another trigger than `all_success`. */
  readonly triggers?: number;
  /** Attempts that fail. */
  readonly failures?: number;
  readonly critical?: number;
  /** Attempts that a task may have, at most. */
  readonly maxAttempts?: number;
  readonly minMs?: number;
  readonly maxMs?: number;
}

const NAMED = [
  "all_done",
  "all_failed",
  "one_success",
  "one_failed",
  "none_failed",
  "none_skipped",
  "always",
] as const;

/**
 * A random workflow in layers: always the same for a seed. Each task beyond the first layer depends
 * on 1 to 4 tasks of earlier layers, at least one of them in the layer before.
 */
export function randomDag(
  seed: string | number,
  size: number,
  traits: DagTraits = {},
): ForeseenTask[] {
  const { triggers = 0.4, failures = 0.25, critical = 0, maxAttempts = 3 } = traits;
  const { minMs = 5, maxMs = 50 } = traits;
  const draw = shares(`${seed}/${size}`);
  const pick = (count: number) => Math.floor(draw() * count);
  const width = 1 + pick(Math.max(1, Math.ceil(Math.sqrt(size) * 1.5)));
  const layers: string[][] = [[]];
  return Array.from({ length: size }, (_, i) => {
    if (layers.at(-1)!.length > 0 && pick(width) === 0) layers.push([]);
    const layer = layers.at(-1)!;
    const earlier = layers.slice(0, -1).flat();
    const dependsOn = new Set<string>();
    if (earlier.length > 0) {
      const previous = layers.at(-2)!;
      dependsOn.add(previous[pick(previous.length)]!);
      for (let more = pick(4); more > 0; more--) dependsOn.add(earlier[pick(earlier.length)]!);
    }
    const id = `t${i}`;
    layer.push(id);
    const trigger = triggerOf(dependsOn.size, draw() < triggers, pick);
    return {
      id,
      dependsOn: [...dependsOn],
      trigger,
      critical: draw() < critical,
      attempts: Array.from({ length: 1 + pick(maxAttempts) }, () => ({
        durationMs: minMs + pick(maxMs - minMs + 1),
        succeeds: draw() >= failures,
      })),
    };
  });
}

function triggerOf(parents: number, other: boolean, pick: (count: number) => number): TriggerRule {
  if (parents === 0 || !other) return "all_success";
  return NAMED[pick(NAMED.length + 1)] ?? { atLeast: 1 + pick(parents) };
}

/** Numbers in [0, 1), the same for a seed. */
function shares(seed: string): () => number {
  let drawn = 0;
  return () => Number.parseInt(sha256(`${seed}/${drawn++}`).slice(0, 12), 16) / 2 ** 48;
}

/**
 * When a workflow is done by list scheduling (Graham): whenever there is room, the task that is
 * ready and whose longest remaining path is longest starts; with `first-ready` the one that has been
 * ready longest. Every task runs once all it depends on are done.
 */
export function listSchedulingMakespan(
  tasks: readonly Pick<ForeseenTask, "id" | "dependsOn">[],
  durationsMs: ReadonlyMap<string, number>,
  parallelism: number,
  priority: "longest-path" | "first-ready" = "longest-path",
): number {
  const durationOf = (id: string) => durationsMs.get(id) ?? 0;
  const remaining = new Map<string, number>();
  const remainingOf = (id: string): number => {
    const after = tasks.filter(({ dependsOn }) => dependsOn.includes(id));
    const known =
      remaining.get(id) ?? durationOf(id) + Math.max(0, ...after.map((t) => remainingOf(t.id)));
    remaining.set(id, known);
    return known;
  };
  const done = new Set<string>();
  const working = new Map<string, number>();
  const ready: string[] = [];
  let now = 0;
  while (done.size < tasks.length) {
    for (const { id, dependsOn } of tasks) {
      if (done.has(id) || working.has(id) || ready.includes(id)) continue;
      if (dependsOn.every((other) => done.has(other))) ready.push(id);
    }
    if (priority === "longest-path") ready.sort((a, b) => remainingOf(b) - remainingOf(a));
    for (const id of ready.splice(0, parallelism - working.size))
      working.set(id, now + durationOf(id));
    if (working.size === 0) throw new Error("The tasks wait for each other.");
    now = Math.min(...working.values());
    for (const [id, endMs] of working) {
      if (endMs > now) continue;
      done.add(id);
      working.delete(id);
    }
  }
  return now;
}
