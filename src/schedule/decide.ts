/** What becomes of slots that have come: which are due, which wait, which are left out, and why. */
import { type Fate, fatesOf, pausedFates } from "./fates.ts";
import { passedSlots } from "./passed-slots.ts";
import type { ScheduleDefinition, SlotRecord } from "./schedule.ts";
import { nextSlots, startOf, type Timetable } from "./slots.ts";

/** How matters stand when slots are decided. */
export interface Situation {
  /** Every slot up to here was decided before. Milliseconds since the epoch, as all times here. */
  readonly decidedUpToMs: number;
  readonly nowMs: number;
  /** By a person; a pause in the schedule itself counts as well. */
  readonly paused: boolean;
  /** Whether an earlier slot is due, queued or started, and not ended. */
  readonly previousAtWork: boolean;
}

/** What becomes of one slot, for the ledger. */
export interface Decision extends Fate, Pick<SlotRecord, "dueAt" | "startAt"> {}

/**
 * Decides every slot after `decidedUpToMs` up to and with `nowMs`, rising; from then on all up to
 * `nowMs` is decided. After clocks were set back there is nothing between, and nothing is due again.
 *
 * Of more than 1,000 slots the latest 1,000 are told one by one; the others are one decision, that of
 * the last of them, whose reason says how many they are.
 */
export function decide(schedule: ScheduleDefinition, situation: Situation): Decision[] {
  const passed = passedSlots(schedule, situation.decidedUpToMs, situation.nowMs);
  const isPaused = situation.paused || schedule.paused;
  const fates = isPaused ? pausedFates(passed) : fatesOf(passed, schedule, situation);
  return fates.map(([dueMs, { status, reason }]) => ({
    dueAt: new Date(dueMs).toISOString(),
    startAt: new Date(startOf(schedule, dueMs)).toISOString(),
    status,
    reason,
  }));
}

/** When there is something to decide again; null when no slot comes within nine years. */
export function nextWakeMs(timetable: Timetable, decidedUpToMs: number): number | null {
  return nextSlots(timetable, decidedUpToMs, 1)[0] ?? null;
}

/** Whether a slot that is due or queued has waited too long to be started still. */
export function isTooLate(
  { windowMs }: Pick<ScheduleDefinition, "windowMs">,
  dueMs: number,
  nowMs: number,
): boolean {
  return nowMs - dueMs > windowMs;
}
