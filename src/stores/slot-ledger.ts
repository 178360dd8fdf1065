/**
 * The ledger of slots: what was decided of each, and which run it led to.
 *
 * @module
 */
import type { RunRecord } from "../orchestration/index.ts";
import type { Decision, ScheduleDefinition, ScheduleState, SlotRecord } from "../schedule/index.ts";
import type { SlotChange } from "./slot-rows.ts";

/**
 * Schedules and their slots. Times are ISO 8601, UTC; each call is one transaction and on disk when it
 * returns. What only the service does is refused with SERVICE_BUSY where another process is it.
 */
export interface SlotLedger {
  /** By name. */
  schedules(): ScheduleState[];
  /** @throws {WranglerError} SCHEDULE_UNKNOWN. */
  schedule(name: string): ScheduleState;
  /**
   * Take over the schedules of a configuration; others are dropped, and what was due of them is left
   * out. A schedule that is known goes on where it stood; a new one, or one of other times, starts now.
   */
  register(definitions: readonly ScheduleDefinition[], configPath: string, now: string): void;
  /** Put one schedule on record that may not be there yet; one that is stays as it is. */
  add(definition: ScheduleDefinition, configPath: string, now: string): void;
  /** @throws {WranglerError} SCHEDULE_UNKNOWN. */
  pause(name: string, now: string): ScheduleState;
  /**
   * End a pause. Slots that came meanwhile are put on record as decided; from now on they are due
   * again, also where a wrong clock had led to more being decided.
   *
   * @throws {WranglerError} SCHEDULE_UNKNOWN.
   */
  resume(name: string, decisions: readonly Decision[], now: string): ScheduleState;
  /** Note what was decided; those that were on record before stay as they are. Gives the others. */
  record(schedule: string, decisions: readonly Decision[], upTo: string, now: string): SlotRecord[];
  /**
   * Start a slot: its run is on record and the slot is STARTED, both or neither.
   *
   * @throws {WranglerError} SLOT_TAKEN when it is not due or queued.
   */
  start(schedule: string, dueAt: string, run: RunRecord): SlotRecord;
  /** Leave out a slot that is due or queued, or have it wait; nothing when it is neither. */
  settle(slot: SlotRecord, change: Omit<SlotChange, "runId">): SlotRecord | undefined;
  /** Note which started slots have ended since: their runs have, or are not on record any more. */
  ended(now: string): SlotRecord[];
  /** The clock was set back: slots ahead that were left out are due at their time. */
  reopen(now: string): SlotRecord[];
  /** Due, queued or started; by due time. */
  pending(): SlotRecord[];
  /** Latest first. */
  of(schedule: string, limit: number): SlotRecord[];
  /** Due at a time or later; by due time. */
  since(dueAt: string): SlotRecord[];
}

/** What the store does with the ledger besides. */
export interface SlotUpkeep {
  /** Started, and their run has not begun. */
  unbegun(): SlotRecord[];
  /** Set a started slot back, in one transaction with what `also` writes. */
  unstart(slot: SlotRecord, now: string, also: () => void): SlotRecord;
  /** Forget slots that were left out: those due before a time, and of each schedule all but the latest. */
  forget(before: string, keepSlots: number): void;
}
