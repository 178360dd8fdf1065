/** Records of a task on its way. */
import {
  errorClassOf,
  type Failure,
  isWranglerError,
  masked,
  WranglerError,
} from "../../core/index.ts";
import type { TaskHappening } from "../events.ts";
import { maskedFailure, maskedMap } from "../masking.ts";
import { type AttemptRecord, type TaskRecord, TaskResults } from "../records.ts";
import type { StepDefinition } from "../rules/recovery.ts";
import { DEFAULT_RETRY } from "../rules/retry.ts";
import type { TaskEnd } from "./task-world.ts";
import type { TaskDefinition } from "../workflow.ts";

/** `reason` of a failed task that stopped its workflow. */
export const STOPPED_WORKFLOW = "it stopped the workflow";

/** Time limit of a step that has none of its own: cleaning up must not hang. */
export const STEP_TIMEOUT_MS = 300_000;

/** A task of which nothing has happened. */
export function freshTask(account: string, task: string, kind: string): TaskRecord {
  return {
    account,
    task,
    kind,
    status: "NOT_STARTED",
    reason: null,
    round: 1,
    attempts: 0,
    readyAt: null,
    startedAt: null,
    endedAt: null,
    durationMs: null,
    nextAttemptAt: null,
    results: {},
    failure: null,
    takenFrom: null,
  };
}

/** The record of a task whose next attempt begins. */
export function begunTask(record: TaskRecord, startedAt: string): TaskRecord {
  return {
    ...record,
    status: "IN_PROGRESS",
    reason: null,
    attempts: record.attempts + 1,
    startedAt: record.startedAt ?? startedAt,
    nextAttemptAt: null,
  };
}

/** The attempt that begins with it. */
export function freshAttempt(
  { account, task, round, attempts: attempt }: TaskRecord,
  startedAt: string,
): AttemptRecord {
  return {
    account,
    task,
    round,
    attempt,
    status: "IN_PROGRESS",
    startedAt,
    endedAt: null,
    failure: null,
    results: {},
    next: null,
    rule: null,
    alternative: null,
  };
}

/** The record of a task that has ended. */
export function endedTask(
  record: TaskRecord,
  end: Exclude<TaskEnd, { is: "unsettled" }>,
  endedAt: string,
): TaskRecord {
  const { startedAt } = record;
  const durationMs =
    startedAt === null ? 0 : Math.max(0, Date.parse(endedAt) - Date.parse(startedAt));
  return { ...record, ...outcomeOf(end), endedAt, durationMs, nextAttemptAt: null };
}

/** That a task has ended, as it is told. */
export function finished({
  account,
  task,
  status,
  attempts,
  durationMs,
  failure,
  reason,
}: TaskRecord): TaskHappening {
  const why = failure?.message ?? reason;
  const ended = { status, attempts, durationMs: durationMs ?? 0, reason: why };
  return { type: "task-finished", account, task, ...ended };
}

function outcomeOf(end: Exclude<TaskEnd, { is: "unsettled" }>) {
  switch (end.is) {
    case "done":
      return { status: "COMPLETED", reason: null, results: end.results, failure: null } as const;
    case "failed": {
      const reason = end.stops ? STOPPED_WORKFLOW : null;
      return { status: "FAILED", reason, results: end.results, failure: end.failure } as const;
    }
    case "skipped":
      return { status: "SKIPPED", reason: end.reason } as const;
    case "canceled":
      return { status: "CANCELED", reason: end.reason } as const;
    default:
      return end satisfies never;
  }
}

/** A step as the task that it is run as: one attempt, a time limit, nothing else. */
export function stepAsTask(
  { kind, options, timeoutMs }: StepDefinition,
  id: string,
): TaskDefinition {
  return {
    id,
    kind,
    options,
    dependsOn: [],
    trigger: "all_success",
    critical: false,
    retry: { default: DEFAULT_RETRY.default, byClass: {} },
    at: null,
    windowMs: null,
    timeoutMs: timeoutMs ?? STEP_TIMEOUT_MS,
    totalTimeoutMs: null,
    queueTimeoutMs: null,
    graceMs: 10_000,
    limits: [],
    recover: [],
    onFailure: [],
    finally: [],
    // What cleans up or restarts is made to be run more than once.
    uncertain: "retry",
  };
}

/** What went wrong in an attempt. A stranger's error gets a code of ours by its class. */
export function taskFailure(error: unknown, at: string): Failure {
  const errorClass = errorClassOf(error);
  if (isWranglerError(error)) return { ...maskedFailure(error, at), class: errorClass };
  const code = errorClass === "NetworkError" ? "NETWORK_FAILED" : "TASK_FAILED";
  const named = new WranglerError(code, messageOf(error), {}, { cause: error });
  return { ...maskedFailure(named, at), class: errorClass };
}

/** What an attempt reached although it failed: an error may carry it as `results`. */
export function partialResults(error: unknown): TaskResults {
  if (typeof error !== "object" || error === null) return {};
  return maskedMap(TaskResults.safeParse(Reflect.get(error, "results")).data ?? {});
}

/** An error in words, without secrets. */
export function messageOf(error: unknown): string {
  return masked(error instanceof Error ? error.message : String(error));
}
