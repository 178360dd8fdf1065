import { WranglerError } from "../../core/index.ts";
import type { AttemptRecord, TaskRecord } from "../records.ts";
import type { TaskDefinition } from "../workflow.ts";
import type { Limit } from "./attempt.ts";

/**
 * The time limits that an attempt of a task is under.
 *
 * @param deadlineAt Of the workflow, in milliseconds since the epoch.
 */
export function limitsOf(
  { timeoutMs, totalTimeoutMs }: Pick<TaskDefinition, "timeoutMs" | "totalTimeoutMs">,
  attempt: Pick<AttemptRecord, "startedAt">,
  task: Pick<TaskRecord, "startedAt">,
  deadlineAt: number | null,
): Limit[] {
  const startedAt = Date.parse(attempt.startedAt);
  const firstStartedAt = task.startedAt === null ? startedAt : Date.parse(task.startedAt);
  const limits: Limit[] = [];
  if (timeoutMs !== null) {
    limits.push(limit("TASK_TIMEOUT", startedAt + timeoutMs, `One attempt: ${timeoutMs} ms.`));
  }
  if (totalTimeoutMs !== null) {
    const text = `All attempts: ${totalTimeoutMs} ms.`;
    limits.push(limit("TASK_TIMEOUT", firstStartedAt + totalTimeoutMs, text));
  }
  if (deadlineAt !== null) limits.push(limit("RUN_DEADLINE", deadlineAt, "It was at work."));
  return limits;
}

/** @param at Milliseconds since the epoch. */
function limit(code: "TASK_TIMEOUT" | "RUN_DEADLINE", at: number, text: string): Limit {
  const error = (note: string) => new WranglerError(code, [text, note].filter(Boolean).join(" "));
  return { at, error };
}
