/** Attempts whose process is gone. */
import { WranglerError } from "../../core/index.ts";
import type { AttemptRecord } from "../records.ts";

/** A process that ended so often while a task was at work did so because of the task. */
const LIMIT = 20;
/** What such an attempt came to. */
const LOST = "lost with its process";

/** The record of an attempt that was at work when its process ended. */
export function lostAttempt(attempt: AttemptRecord, endedAt: string): AttemptRecord {
  return { ...attempt, status: "CANCELED", endedAt, next: LOST };
}

/**
 * Why a task is not attempted again, when it was lost too often.
 *
 * @param attempts Of this round; the last one has just been found lost.
 */
export function lostTooOften(attempts: readonly AttemptRecord[]): WranglerError | undefined {
  const count = attempts.slice(0, -1).filter(({ next }) => next === LOST).length + 1;
  if (count < LIMIT) return undefined;
  return new WranglerError("TASK_LOST", `${count} times.`, { attempts: count });
}
