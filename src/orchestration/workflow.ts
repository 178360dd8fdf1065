/** Workflows: directed acyclic graphs of tasks, as data with every default filled in. */
import { z } from "zod";
import { ErrorClass } from "../core/index.ts";
import { RecoveryRule, StepDefinition, TaskOptions } from "./rules/recovery.ts";
import { RetryPolicy } from "./rules/retry.ts";
import { TriggerRule } from "./rules/trigger.ts";

/** What happens when it is not known whether an effect took place: `ask` waits for a person. */
export const UncertainPolicy = z.enum(["retry", "skip", "ask"]);
export type UncertainPolicy = z.infer<typeof UncertainPolicy>;

export const TaskDefinition = z.strictObject({
  /** Unique in its workflow: letters, digits, `.`, `_`, `-`. */
  id: z.string(),
  kind: z.string(),
  /** What the kind itself takes. References are resolved when the task starts. */
  options: TaskOptions,
  dependsOn: z.array(z.string()),
  trigger: TriggerRule,
  /** Whether its failure stops the workflow. */
  critical: z.boolean(),
  /** By the class of the error; `default` for all others. */
  retry: z.strictObject({
    default: RetryPolicy,
    byClass: z.partialRecord(ErrorClass, RetryPolicy),
  }),
  /** Time of the day, `HH:mm` or `HH:mm:ss`, that it does not start before in a scheduled run; null: none. */
  at: z.string().nullable(),
  /** After `at`; a task that could not start by then fails as TASK_LATE. Null: however late. */
  windowMs: z.number().positive().nullable(),
  /** Of one attempt. */
  timeoutMs: z.number().positive().nullable(),
  /** From the first attempt's start to the task's end, waits between attempts included. */
  totalTimeoutMs: z.number().positive().nullable(),
  /** From being ready, or from the last time its run was taken up, to the first attempt's start. */
  queueTimeoutMs: z.number().positive().nullable(),
  /** How long an attempt may take to end after it was told to. */
  graceMs: z.number().nonnegative(),
  /** Named limits that it takes one place of. */
  limits: z.array(z.string()),
  recover: z.array(RecoveryRule),
  /** Run after the last attempt failed, in order. */
  onFailure: z.array(StepDefinition),
  /** Run when the task is over, however it ended, in order; after `onFailure`. */
  finally: z.array(StepDefinition),
  uncertain: UncertainPolicy,
});
export type TaskDefinition = z.infer<typeof TaskDefinition>;

export const WorkflowDefinition = z.strictObject({
  name: z.string(),
  /** Tasks of one account at once in one run; null: no limit of its own. */
  maxParallel: z.int().min(1).nullable(),
  /** From the start of the run; what is not done by then fails or is skipped. */
  deadlineMs: z.number().positive().nullable(),
  /** What happens to tasks at work when a critical one fails. */
  onCriticalFailure: z.enum(["cancel", "finish"]),
  /** In the order of the file. */
  tasks: z.array(TaskDefinition),
});
export type WorkflowDefinition = z.infer<typeof WorkflowDefinition>;

/** Limits of what runs at once in one process, over all runs. */
export const ParallelLimits = z.strictObject({
  /** All tasks together; null: no limit. */
  global: z.int().min(1).nullable(),
  /** Tasks of one account, by account id; those not named have none. */
  accounts: z.record(z.string(), z.int().min(1)),
  /** Tasks of one kind, by kind. */
  kinds: z.record(z.string(), z.int().min(1)),
  /** Places of named limits that tasks refer to. */
  named: z.record(z.string(), z.int().min(1)),
});
export type ParallelLimits = z.infer<typeof ParallelLimits>;
