/** The states of a task, which may follow which, and what a workflow's state is given those of its tasks. */
import type { TaskStatus } from "../status.ts";

/**
 * What each status may become. Staying in one is listed where a record is written again: at the
 * next attempt, or by another process that takes the run up.
 *
 * - NOT_STARTED → COMPLETED: its result is taken over from an earlier run.
 * - NOT_STARTED → FAILED: it waited too long for its turn, or what it refers to is not there.
 * - FAILED, SKIPPED, CANCELED → NOT_STARTED: a person has it run again, in a new round.
 * - COMPLETED is for good.
 */
const NEXT: Readonly<Record<TaskStatus, readonly TaskStatus[]>> = {
  NOT_STARTED: [
    "NOT_STARTED",
    "IN_PROGRESS",
    "COMPLETED",
    "FAILED",
    "SKIPPED",
    "CANCELED",
    "WAITING",
  ],
  IN_PROGRESS: ["IN_PROGRESS", "COMPLETED", "FAILED", "CANCELED", "WAITING"],
  WAITING: ["WAITING", "IN_PROGRESS", "FAILED", "SKIPPED", "CANCELED"],
  COMPLETED: [],
  FAILED: ["NOT_STARTED"],
  SKIPPED: ["NOT_STARTED"],
  CANCELED: ["NOT_STARTED"],
};

/** How a workflow stands that no process is working on. */
export type WorkflowOutcome = "COMPLETED" | "FAILED" | "CANCELED" | "WAITING";

/** Whether a task may go from one status to another. */
export function mayBecome(from: TaskStatus, to: TaskStatus): boolean {
  return NEXT[from].includes(to);
}

/** Whether a task is over in its round, however it ended. */
export function isSettled(status: TaskStatus): boolean {
  return !(status === "NOT_STARTED" || status === "IN_PROGRESS" || status === "WAITING");
}

/**
 * What a workflow's tasks make of it: WAITING while one is not settled, else FAILED if one failed,
 * else CANCELED if one was canceled, else COMPLETED. Skipped tasks change nothing.
 */
export function workflowStatus(statuses: Iterable<TaskStatus>): WorkflowOutcome {
  const seen = new Set(statuses);
  if (![...seen].every(isSettled)) return "WAITING";
  if (seen.has("FAILED")) return "FAILED";
  return seen.has("CANCELED") ? "CANCELED" : "COMPLETED";
}

/** How many tasks are in which status; statuses without any are left out. */
export function tally(statuses: Iterable<TaskStatus>): Partial<Record<TaskStatus, number>> {
  const counts: Partial<Record<TaskStatus, number>> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
