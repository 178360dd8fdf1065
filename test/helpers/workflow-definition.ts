/** Workflows with all defaults filled in, of which tests say only what they are about. */
import {
  DEFAULT_RETRY,
  type RetryPolicy,
  type RetryRules,
  type TaskDefinition,
  type WorkflowDefinition,
} from "../../src/orchestration/index.ts";

/** A task; what is not given is plain. */
export function taskDefinition(
  id: string,
  dependsOn: string[] = [],
  own: Partial<TaskDefinition> = {},
): TaskDefinition {
  return {
    id,
    kind: "command",
    options: {},
    dependsOn,
    trigger: "all_success",
    critical: false,
    retry: { default: DEFAULT_RETRY.default, byClass: {} },
    at: null,
    windowMs: null,
    timeoutMs: null,
    totalTimeoutMs: null,
    queueTimeoutMs: null,
    graceMs: 1000,
    limits: [],
    recover: [],
    onFailure: [],
    finally: [],
    uncertain: "ask",
    ...own,
  };
}

/** So many attempts, each as long after the one before it has ended. */
export function every(ms: number, attempts: number, own: Partial<RetryPolicy> = {}): RetryRules {
  const backoff = { backoff: "fixed", initialMs: ms, maxMs: ms, jitter: "none" } as const;
  return { default: { ...DEFAULT_RETRY.default, ...backoff, attempts, ...own }, byClass: {} };
}

/** A workflow of these tasks. */
export function workflowDefinition(name: string, tasks: TaskDefinition[]): WorkflowDefinition {
  return {
    name,
    maxParallel: null,
    deadlineMs: null,
    onCriticalFailure: "cancel",
    tasks,
  };
}

/** Downloads at three times of the day, and what follows from them: twelve tasks. */
export function dailyWorkflow(): WorkflowDefinition {
  return workflowDefinition("daily", [
    taskDefinition("morning", [], { kind: "download", critical: true }),
    taskDefinition("afternoon", [], { kind: "download" }),
    taskDefinition("evening", [], { kind: "download" }),
    taskDefinition("prepare", ["morning", "afternoon", "evening"], {
      kind: "prepare",
      trigger: { atLeast: 2 },
    }),
    taskDefinition("profile-of-the-customers-table", ["prepare"], { kind: "profile" }),
    taskDefinition("nightly", ["prepare"], { kind: "workflow", options: { workflow: "books" } }),
    taskDefinition("excel", ["prepare"], { kind: "excel" }),
    taskDefinition("upload", ["excel"], { critical: true }),
    taskDefinition("restart", ["upload"], { kind: "restart", trigger: "one_failed" }),
    taskDefinition("email", ["upload", "nightly", "profile-of-the-customers-table"], {
      kind: "email",
      trigger: "all_done",
    }),
    taskDefinition("archive", ["morning", "email"], { kind: "module" }),
    taskDefinition("clean-up", ["archive", "restart"], { trigger: "always" }),
  ]);
}

/** What the task `nightly` of {@link dailyWorkflow} runs. */
export function booksWorkflow(): WorkflowDefinition {
  return workflowDefinition("books", [
    taskDefinition("fetch", [], { kind: "download" }),
    taskDefinition("check", ["fetch"], { kind: "validate" }),
    taskDefinition("score", ["fetch"], { kind: "score" }),
    taskDefinition("send", ["check", "score"], { kind: "email", critical: true }),
  ]);
}
