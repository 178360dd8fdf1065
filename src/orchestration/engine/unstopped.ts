/** What goes on in a workflow that was stopped. */
import type { TaskDefinition } from "../workflow.ts";
import { STEP_TIMEOUT_MS } from "./task-records.ts";
import type { TaskTerms } from "./task-world.ts";

/** Signals that never come. */
export const UNSTOPPED: Pick<TaskTerms, "halted" | "spent" | "stopped" | "deadlineAt"> = {
  halted: new AbortController().signal,
  spent: new AbortController().signal,
  stopped: new AbortController().signal,
  deadlineAt: null,
};

/** No deadline ends a task that always runs, so that it must have a limit of its own. */
export function withTimeout(task: TaskDefinition): TaskDefinition {
  const { timeoutMs, totalTimeoutMs } = task;
  return { ...task, timeoutMs: timeoutMs ?? totalTimeoutMs ?? STEP_TIMEOUT_MS };
}
