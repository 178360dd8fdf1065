/** When a task starts: a rule over how its predecessors ended. */
import { z } from "zod";
import { isSettled } from "./machine.ts";
import type { TaskStatus } from "../status.ts";

/** The rules that have a name. */
export const TriggerName = z.enum([
  "all_success",
  "all_done",
  "all_failed",
  "one_success",
  "one_failed",
  "none_failed",
  "none_skipped",
  "always",
]);
export type TriggerName = z.infer<typeof TriggerName>;

/** A named rule, or a quorum: at least so many predecessors COMPLETED. */
export const TriggerRule = z.union([TriggerName, z.strictObject({ atLeast: z.int().min(1) })]);
export type TriggerRule = z.infer<typeof TriggerRule>;

/** What a rule says of a task, given how its predecessors stand. */
export type Decision =
  | { readonly is: "wait" }
  | { readonly is: "run" }
  | { readonly is: "skip"; readonly reason: string };

/** A predecessor, as rules see it. */
export interface Predecessor {
  readonly id: string;
  readonly status: TaskStatus;
}

const WAIT: Decision = { is: "wait" };
const RUN: Decision = { is: "run" };

/**
 * Whether a task may start, as early as that is certain; what is decided stays so however the
 * others end. Without predecessors it runs.
 *
 *     rule          runs                                         is skipped
 *     all_success   all COMPLETED                                as soon as one ended otherwise
 *     all_failed    all FAILED                                   as soon as one ended otherwise
 *     all_done      all settled                                  never
 *     always        all settled, also in a stopped workflow      never
 *     one_success   as soon as one COMPLETED                     all settled, none COMPLETED
 *     one_failed    as soon as one FAILED                        all settled, none FAILED
 *     none_failed   all settled, none FAILED                     as soon as one FAILED
 *     none_skipped  all settled, none SKIPPED                    as soon as one SKIPPED
 *     atLeast: k    as soon as k COMPLETED                       as soon as fewer than k still can
 *
 * Settled are COMPLETED, FAILED, SKIPPED and CANCELED. A CANCELED predecessor is neither a success
 * nor a failure nor skipped: it skips all_success and all_failed, adds nothing to one_success,
 * one_failed and a quorum, and does not hinder none_failed and none_skipped. A reason names the
 * first predecessor in their order that stands in the way.
 */
export function decide(rule: TriggerRule, parents: readonly Predecessor[]): Decision {
  if (parents.length === 0) return RUN;
  if (typeof rule === "object") return quorum(rule, parents);
  switch (rule) {
    case "all_success":
      return all(rule, parents, "COMPLETED");
    case "all_failed":
      return all(rule, parents, "FAILED");
    case "all_done":
    case "always":
      return parents.every(settled) ? RUN : WAIT;
    case "one_success":
      return one(rule, parents, "COMPLETED");
    case "one_failed":
      return one(rule, parents, "FAILED");
    case "none_failed":
      return none(rule, parents, "FAILED");
    case "none_skipped":
      return none(rule, parents, "SKIPPED");
    default:
      return rule satisfies never;
  }
}

/**
 * Whether a rule can ever let a task with so many predecessors start. A quorum above their number
 * cannot; one without any predecessors is a mistake of the same kind.
 */
export function canFire(rule: TriggerRule, parentCount: number): boolean {
  return typeof rule === "string" || rule.atLeast <= parentCount;
}

/** A rule in words: its name, or `at least 2`. */
export function triggerText(rule: TriggerRule): string {
  return typeof rule === "string" ? rule : `at least ${rule.atLeast}`;
}

function settled({ status }: Predecessor): boolean {
  return isSettled(status);
}

/** All must end so; the first that ended otherwise decides. */
function all(rule: TriggerName, parents: readonly Predecessor[], wanted: TaskStatus): Decision {
  const other = parents.find((parent) => settled(parent) && parent.status !== wanted);
  if (other) return because(rule, other);
  return parents.every(settled) ? RUN : WAIT;
}

/** One that ended so is enough. */
function one(rule: TriggerName, parents: readonly Predecessor[], wanted: TaskStatus): Decision {
  if (parents.some(({ status }) => status === wanted)) return RUN;
  if (!parents.every(settled)) return WAIT;
  return { is: "skip", reason: `${rule}: none of ${parents.length} ${wanted}` };
}

/** None may end so. */
function none(rule: TriggerName, parents: readonly Predecessor[], barred: TaskStatus): Decision {
  const hit = parents.find(({ status }) => status === barred);
  if (hit) return because(rule, hit);
  return parents.every(settled) ? RUN : WAIT;
}

function quorum(rule: { readonly atLeast: number }, parents: readonly Predecessor[]): Decision {
  const completed = parents.filter(({ status }) => status === "COMPLETED").length;
  if (completed >= rule.atLeast) return RUN;
  const possible = parents.filter((p) => p.status === "COMPLETED" || !settled(p)).length;
  if (possible >= rule.atLeast) return WAIT;
  const reason = `${triggerText(rule)}: ${possible} of ${parents.length} can still be COMPLETED`;
  return { is: "skip", reason };
}

function because(rule: TriggerName, { id, status }: Predecessor): Decision {
  return { is: "skip", reason: `${rule}: ${id} ${status}` };
}
