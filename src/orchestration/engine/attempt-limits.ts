import { WranglerError } from "../../core/index.ts";
import type { TaskDefinition } from "../workflow.ts";
import type { Limit } from "./attempt.ts";

/** When an attempt begins, the first one began, and the workflow ends: milliseconds since the epoch. */
interface Moments {
  readonly startedAt: number;
  readonly firstStartedAt: number;
  readonly deadlineAt: number | null;
}

/** The time limits that an attempt of a task is under. */
export function limitsOf(
  { timeoutMs, totalTimeoutMs }: Pick<TaskDefinition, "timeoutMs" | "totalTimeoutMs">,
  { startedAt, firstStartedAt, deadlineAt }: Moments,
): Limit[] {
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
