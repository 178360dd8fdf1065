/** What becomes of a task after one of its attempts failed. */
import type { ErrorClass } from "../../core/index.ts";
import type { AttemptRecord } from "../records.ts";
import type { RecoveryRule, StepDefinition, TaskOptions } from "./recovery.ts";
import { delayMs, policyFor, type RetryPolicy, type RetryRules } from "./retry.ts";

/** What is done next. `rule` and `alternative` are to be kept in the record of the failed attempt. */
export type Next =
  | {
      readonly do: "retry";
      /** Wait before it; steps run after the wait. */
      readonly delayMs: number;
      /** For people: `retry in 4.0 s`, `restart`, `alternative 1 of 2`. */
      readonly text: string;
      /** Position of the recovery rule that says so; null: the task's own retry policy. */
      readonly rule: number | null;
      readonly alternative: number | null;
      /** What to lay over the task's options from now on: {@link overlayFor} of the next attempt. */
      readonly options?: TaskOptions;
      /** To be run before the attempt. */
      readonly steps?: readonly StepDefinition[];
    }
  | {
      readonly do: "fail";
      /** For people: why there is no further attempt. */
      readonly text: string;
      readonly rule: number | null;
      /** Whether the workflow stops; null: the task's `critical` decides. */
      readonly stops: boolean | null;
    };

/** What of a task's definition says how it is recovered. */
export interface RecoverableTask {
  readonly retry: RetryRules;
  readonly recover: readonly RecoveryRule[];
  /** From the first attempt's start to the task's end, waits between attempts included. */
  readonly totalTimeoutMs: number | null;
}

/** A failed attempt and all that decides about the next. */
export interface FailedAttempt {
  readonly task: RecoverableTask;
  readonly errorClass: ErrorClass;
  /** Of this round, in order, the one that just failed at the end. Only FAILED ones count. */
  readonly attempts: readonly AttemptRecord[];
  /** When the first attempt of this round began; epoch milliseconds. */
  readonly firstStartedAt: number;
  readonly now: number;
  /** For the jitter, in [0, 1). */
  readonly share: number;
  /** Wait that the other side asked for. */
  readonly retryAfterMs?: number | undefined;
}

/** What a rule or policy answers: a next step, or why it has none. */
type Answer = Next | { readonly do: "pass"; readonly why: string };

/**
 * Decide by the first recovery rule for the error's class that is not used up, else by the task's
 * own retry policy. A `retry` rule for the class stands in its place even when it is used up.
 *
 * A retry rule is used up when it has answered `attempts - 1` failures, a restart after `times`, an
 * alternative when each was taken. The task's own policy counts every failed attempt of the round
 * but those that a restart or an alternative answered: these begin on new ground. No attempt
 * starts after the task's total time, nor one of a policy after its longest elapsed time.
 */
export function afterFailure(failed: FailedAttempt): Next {
  let why = "";
  let replaced = false;
  for (const [index, rule] of failed.task.recover.entries()) {
    if (!rule.on.includes(failed.errorClass)) continue;
    const answer = byRule(failed, rule, index);
    if (answer.do !== "pass") return withOverlay(failed, answer);
    why = answer.why;
    replaced ||= rule.do === "retry";
  }
  if (replaced) return { do: "fail", text: why, rule: null, stops: null };
  const answer = byPolicy(failed, policyFor(failed.task.retry, failed.errorClass), null);
  if (answer.do !== "pass") return withOverlay(failed, answer);
  return { do: "fail", text: answer.why, rule: null, stops: null };
}

/**
 * The options laid over the task's own in its next attempt, given its attempts so far: those of
 * the alternative used last. Where several rules have alternatives, the last of each, the latest
 * on top. Undefined when none was used.
 */
export function overlayFor(
  task: Pick<RecoverableTask, "recover">,
  attempts: readonly Pick<AttemptRecord, "status" | "rule" | "alternative">[],
): TaskOptions | undefined {
  const lastOfRule = new Map<number, TaskOptions>();
  for (const { status, rule, alternative } of attempts) {
    if (status !== "FAILED" || rule === null || alternative === null) continue;
    const definition = task.recover[rule];
    const options = definition?.do === "alternative" ? definition.options[alternative] : undefined;
    if (!options) continue;
    lastOfRule.delete(rule);
    lastOfRule.set(rule, options);
  }
  if (lastOfRule.size === 0) return undefined;
  return Object.fromEntries([...lastOfRule.values()].flatMap((options) => Object.entries(options)));
}

function byRule(failed: FailedAttempt, rule: RecoveryRule, index: number): Answer {
  const uses = failed.attempts.filter((a) => a.status === "FAILED" && a.rule === index).length;
  switch (rule.do) {
    case "retry":
      return byPolicy(failed, rule.retry, index, uses + 1);
    case "restart": {
      if (uses >= rule.times) return pass(`restarted ${timesText(rule.times)}`);
      return atOnce(failed, { text: "restart", rule: index, alternative: null, steps: rule.steps });
    }
    case "alternative": {
      const count = rule.options.length;
      if (uses >= count) return pass(`${count} of ${count} alternatives tried`);
      const text = `alternative ${uses + 1} of ${count}`;
      return atOnce(failed, { text, rule: index, alternative: uses });
    }
    case "stop":
      return { do: "fail", text: "stop the workflow", rule: index, stops: true };
    case "continue":
      return { do: "fail", text: "go on without it", rule: index, stops: false };
    default:
      return rule satisfies never;
  }
}

function atOnce(
  failed: FailedAttempt,
  retry: Omit<Extract<Next, { do: "retry" }>, "do" | "delayMs">,
): Answer {
  const late = tooLate(failed, 0, null);
  return late === undefined ? { do: "retry", delayMs: 0, ...retry } : pass(late);
}

function byPolicy(
  failed: FailedAttempt,
  policy: RetryPolicy,
  rule: number | null,
  spent = spentAttempts(failed),
): Answer {
  if (spent >= policy.attempts) return pass(`${spent} of ${policy.attempts} attempts failed`);
  const delay = delayMs(policy, spent, failed.share, failed.retryAfterMs);
  const late = tooLate(failed, delay, policy.maxElapsedMs);
  if (late !== undefined) return pass(late);
  const text = `retry in ${(delay / 1_000).toFixed(1)} s`;
  return { do: "retry", delayMs: delay, text, rule, alternative: null };
}

/** Failed attempts that count against the task's own policy. */
function spentAttempts({ task, attempts }: FailedAttempt): number {
  return attempts.filter(({ status, rule }) => {
    const answer = rule === null ? undefined : task.recover[rule]?.do;
    return status === "FAILED" && answer !== "restart" && answer !== "alternative";
  }).length;
}

/** Why an attempt after this wait would come too late. */
function tooLate(
  { task, firstStartedAt, now }: FailedAttempt,
  delay: number,
  maxElapsedMs: number | null,
): string | undefined {
  const elapsed = now + delay - firstStartedAt;
  if (task.totalTimeoutMs !== null && elapsed >= task.totalTimeoutMs) {
    return `no time left of ${task.totalTimeoutMs / 1_000} s in all`;
  }
  if (maxElapsedMs !== null && elapsed > maxElapsedMs) {
    return `no further attempt later than ${maxElapsedMs / 1_000} s after the first`;
  }
  return undefined;
}

/** The decision with the options of the next attempt, as if it stood in the failed attempt's record. */
function withOverlay(failed: FailedAttempt, next: Next): Next {
  if (next.do === "fail") return next;
  const decided = { status: "FAILED" as const, rule: next.rule, alternative: next.alternative };
  const options = overlayFor(failed.task, [...failed.attempts, decided]);
  return options ? { ...next, options } : next;
}

function timesText(times: number): string {
  return times === 1 ? "once" : `${times} times`;
}

function pass(why: string): Answer {
  return { do: "pass", why };
}
