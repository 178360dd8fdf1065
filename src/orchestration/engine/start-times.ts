/** When a task may start by the clock. */
import { WranglerError } from "../../core/index.ts";
import { spanInWords, timeOfDayAfter } from "../../schedule/index.ts";
import type { TaskDefinition } from "../workflow.ts";

/** The slot of a schedule that a run was started for: what its tasks' times of the day are counted from. */
export interface RunSlot {
  /** Milliseconds since the epoch. */
  readonly dueMs: number;
  /** IANA name. */
  readonly timeZone: string;
}

/** Milliseconds since the epoch; null: whenever. */
export interface StartTimes {
  readonly dueMs: number | null;
  /** A task that has not started by then fails. */
  readonly latestMs: number | null;
}

/**
 * The times of one task. There are none in a run that no schedule started. What a person has run
 * again, in a later round, is never too late.
 */
export function startTimesOf(
  { at, windowMs }: Pick<TaskDefinition, "at" | "windowMs">,
  slot: RunSlot | undefined,
  round: number,
): StartTimes {
  if (!slot || at === null) return { dueMs: null, latestMs: null };
  const dueMs = timeOfDayAfter(slot.dueMs, at, slot.timeZone);
  return { dueMs, latestMs: windowMs === null || round > 1 ? null : dueMs + windowMs };
}

/** Why a task that has not started by its latest time fails. */
export function tooLate(
  { at, windowMs }: Pick<TaskDefinition, "at" | "windowMs">,
  nowMs: number,
  { dueMs }: StartTimes,
): WranglerError {
  const lateMs = nowMs - (dueMs ?? nowMs);
  const reason = `It was to start at ${at}, at most ${spanInWords(windowMs ?? 0)} later; it had not ${spanInWords(lateMs)} later.`;
  return new WranglerError("TASK_LATE", reason, { lateMs });
}
