/**
 * What users write below `workflows:`: workflows, their tasks and steps.
 *
 * What a kind of task takes beside the common keys is for its own schema; here it may be anything.
 *
 * @module
 */
import { z } from "zod";
import { Duration, ErrorClass } from "../core/index.ts";
import { TriggerRule, UncertainPolicy } from "../orchestration/index.ts";
import { TimeOfDay } from "../schedule/index.ts";
import { LongerThanZero } from "./duration-entry.ts";
import { isMapOfAnySort, PolicyEntry, RetryEntry } from "./retry-entry.ts";

const Kind = z.string().min(1).describe("Kind of work; one of those below, or one of your own.");
const Name = z.string().min(1);

/** A name alone is short for a list of it. */
const Names = z.union([Name, z.array(Name)]);

const StepEntry = z
  .looseObject({
    kind: Kind,
    timeout: LongerThanZero.optional().describe("Longest time that the step may take."),
  })
  .meta({
    id: "step",
    description:
      "A small task within a task: a kind and its options. What is not in this table is an option of the kind.",
  });
export type StepEntry = z.infer<typeof StepEntry>;

const Steps = z.array(StepEntry);

const on = z
  .union([ErrorClass, z.array(ErrorClass).min(1)])
  .describe("Classes of errors that the rule is for.");

const RecoveryEntry = z
  .discriminatedUnion("do", [
    z.strictObject({
      do: z.literal("retry").describe("Try again by a policy of its own."),
      on,
      retry: PolicyEntry.describe("Policy for these errors, in place of the task's."),
    }),
    z
      .strictObject({
        do: z.literal("restart").describe("Run a command or steps, then try again."),
        on,
        command: z
          .array(z.string())
          .min(1)
          .optional()
          .describe("Program and arguments; short for one step of kind `command`."),
        steps: Steps.min(1)
          .optional()
          .describe(
            "Steps in order, such as stop, start and wait. Give either these or `command`.",
          ),
        times: z.int().min(1).default(1).describe("How often at most in one run of the task."),
      })
      .refine(({ command, steps }) => (command === undefined) !== (steps === undefined), {
        error: "expected either command or steps",
        when: isMapOfAnySort,
      }),
    z.strictObject({
      do: z.literal("alternative").describe("Try again at once with other options."),
      on,
      options: z
        .array(z.record(z.string(), z.unknown()))
        .min(1)
        .describe("Each is laid over the task's own options, once and in order."),
    }),
    z.strictObject({
      do: z.literal("stop").describe("Fail and stop the workflow, critical or not."),
      on,
    }),
    z.strictObject({
      do: z.literal("continue").describe("Fail and let the workflow go on, critical or not."),
      on,
    }),
  ])
  .meta({
    id: "recovery",
    description:
      "What is done about an error before the retry policy is asked: the first rule that is for its class and not used up.",
  });
export type RecoveryEntry = z.infer<typeof RecoveryEntry>;

const TaskEntry = z
  .looseObject({
    kind: Kind,
    dependsOn: Names.optional().describe(
      "Tasks of this workflow that it waits for; a name or a list.",
    ),
    trigger: TriggerRule.default("all_success").describe(
      "When it runs, by how the tasks that it waits for ended. `always` runs after a stopped workflow too; `{ atLeast: 2 }` needs so many to succeed.",
    ),
    critical: z.boolean().default(false).describe("Whether its failure stops the workflow."),
    at: TimeOfDay.optional().describe(
      'Time of the day, such as `"13:05"`, before which it does not start in a run of a schedule; of the next day when the slot is later.',
    ),
    window: LongerThanZero.optional().describe(
      "How long after `at` it may start; later it fails. However late when left out.",
    ),
    timeout: LongerThanZero.optional().describe("Longest time of one attempt."),
    totalTimeout: LongerThanZero.optional().describe(
      "Longest time of all attempts and the waits between them.",
    ),
    queueTimeout: LongerThanZero.optional().describe("Longest wait for a free place."),
    grace: Duration.default("10s").describe(
      "How long an attempt may take to end when it is told to; then it is abandoned.",
    ),
    limits: Names.optional().describe(
      "Names of `limits` at the top; the task takes one place of each.",
    ),
    retry: RetryEntry.optional().describe(
      "Attempts after a failure: a number, a policy, or policies by class of error.",
    ),
    recover: z.array(RecoveryEntry).default([]).describe("Rules for classes of errors."),
    onFailure: Steps.default([]).describe("Steps after the last attempt failed, in order."),
    finally: Steps.default([]).describe(
      "Steps when the task is over, however it ended, in order; after `onFailure`.",
    ),
    uncertain: UncertainPolicy.default("ask").describe(
      "When it is not known whether an effect outside took place: cause it again, take it as done, or wait for a person.",
    ),
  })
  .meta({
    id: "task",
    description:
      "One task. What is not in this table is an option of its kind; texts in options may hold references such as `${tasks.ID.RESULT}`.",
  });
export type TaskEntry = z.infer<typeof TaskEntry>;

export const WorkflowEntry = z
  .strictObject({
    maxParallel: z
      .int()
      .min(1)
      .optional()
      .describe("Tasks of one account at once in one run; without limit when left out."),
    deadline: LongerThanZero.optional().describe(
      "Longest time of a run; what is not done by then fails or is skipped.",
    ),
    onCriticalFailure: z
      .enum(["cancel", "finish"])
      .default("cancel")
      .describe("What happens to tasks at work when a critical one fails."),
    tasks: z
      .record(z.string(), TaskEntry)
      .refine((tasks) => Object.keys(tasks).length > 0, { error: "expected at least one task" })
      .describe(
        "Tasks by their name: letters, digits, `.`, `_` and `-`, at most 64, and no number alone.",
      ),
  })
  .meta({ id: "workflow", description: "Tasks and what they wait for." });
export type WorkflowEntry = z.infer<typeof WorkflowEntry>;

/** Keys that every task has; all others are options of its kind. */
export const TASK_KEYS: ReadonlySet<string> = new Set(Object.keys(TaskEntry.shape));

/** Keys that every step has. */
export const STEP_KEYS: ReadonlySet<string> = new Set(Object.keys(StepEntry.shape));
