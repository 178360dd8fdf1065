/** What is done about a failed attempt, by the class of its error. */
import { z } from "zod";
import { ErrorClass, Json } from "../../core/index.ts";
import { RetryPolicy } from "./retry.ts";

/** Options of a task by name. A text may hold references such as `${tasks.download.files}`. */
export const TaskOptions = z.record(z.string(), Json);
export type TaskOptions = z.infer<typeof TaskOptions>;

/** A small task without dependencies: what recovery, `finally` and `onFailure` run. */
export const StepDefinition = z.strictObject({
  kind: z.string(),
  options: TaskOptions,
  timeoutMs: z.number().positive().nullable(),
});
export type StepDefinition = z.infer<typeof StepDefinition>;

const on = z.array(ErrorClass).min(1);

/**
 * One rule. The first whose `on` has the error's class and that is not used up applies; without
 * one, the task's own retry policy decides.
 */
export const RecoveryRule = z.discriminatedUnion("do", [
  /** Try again by this policy instead of the task's own. */
  z.strictObject({ do: z.literal("retry"), on, retry: RetryPolicy }),
  /** Run the steps (stop it, start it, wait until it is ready), then try again; at most `times`. */
  z.strictObject({
    do: z.literal("restart"),
    on,
    steps: z.array(StepDefinition).min(1),
    times: z.int().min(1),
  }),
  /** Try again at once with the next of these laid over the task's options, each once. */
  z.strictObject({ do: z.literal("alternative"), on, options: z.array(TaskOptions).min(1) }),
  /** Fail, and stop the workflow whatever `critical` says. */
  z.strictObject({ do: z.literal("stop"), on }),
  /** Fail, and let the workflow go on whatever `critical` says. */
  z.strictObject({ do: z.literal("continue"), on }),
]);
export type RecoveryRule = z.infer<typeof RecoveryRule>;
