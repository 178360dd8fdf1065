/** What is to be done about a slot that waits to be started, without side effects. */
import { isTooLate, type ScheduleState, type SlotRecord, spanInWords } from "../schedule/index.ts";

/** How matters stand around a slot. */
export interface SlotSituation {
  readonly nowMs: number;
  readonly state: ScheduleState;
  /** Started earlier, and their runs go on. */
  readonly atWork: readonly SlotRecord[];
  /** Due earlier, and not started yet. */
  readonly before: readonly SlotRecord[];
  /** Why nothing may be started now; null when it may. */
  readonly hindrance: string | null;
  /** A start that failed is tried again then. */
  readonly againAtMs: number | undefined;
  /** Why it failed. */
  readonly failure: string | undefined;
}

export type SlotFate =
  /** Nothing yet; look again then, or when something has ended. */
  | { readonly do: "wait"; readonly untilMs: number | null }
  | {
      readonly do: "settle";
      readonly status: "QUEUED" | "SKIPPED" | "MISSED";
      readonly reason: string;
    }
  /** Cancel these first. */
  | { readonly do: "cancel"; readonly slots: readonly SlotRecord[] }
  | { readonly do: "start" };

const PAUSED = "the schedule is paused";
const OVERLAPPING = "the run of an earlier slot goes on (overlap: skip)";

export function fateOf(slot: SlotRecord, situation: SlotSituation): SlotFate {
  const { nowMs, state, againAtMs } = situation;
  const { definition } = state;
  const [dueMs, startMs] = [Date.parse(slot.dueAt), Date.parse(slot.startAt)];
  // after clocks were set back it may be to come once more
  if (dueMs > nowMs) return { do: "wait", untilMs: dueMs };
  if (definition.paused || state.pausedAt !== null) return settle("SKIPPED", PAUSED);
  if (isTooLate(definition, dueMs, nowMs)) return settle("MISSED", missedReason(slot, situation));
  if (startMs > nowMs) return { do: "wait", untilMs: startMs };
  const overlap = overlapFate(slot, situation);
  if (overlap) return overlap;
  const { hindrance } = situation;
  if (hindrance !== null) return queue(slot, hindrance, dueMs + definition.windowMs);
  if (againAtMs !== undefined) return { do: "wait", untilMs: againAtMs };
  return { do: "start" };
}

function overlapFate(
  slot: SlotRecord,
  { state, atWork, before }: SlotSituation,
): SlotFate | undefined {
  if (atWork.length === 0 && before.length === 0) return undefined;
  const { overlap, windowMs } = state.definition;
  if (overlap === "cancel_previous") {
    return atWork.length > 0 ? { do: "cancel", slots: atWork } : { do: "wait", untilMs: null };
  }
  // those that were decided to run one after the other do so, whatever comes later
  if (overlap === "skip" && slot.status === "DUE") return settle("SKIPPED", OVERLAPPING);
  const reason = "waits until the run of an earlier slot has ended";
  return queue(slot, reason, Date.parse(slot.dueAt) + windowMs);
}

/** When its window is over it is looked at again. */
function queue({ status }: SlotRecord, reason: string, windowEndMs: number): SlotFate {
  if (status === "QUEUED") return { do: "wait", untilMs: windowEndMs + 1 };
  return settle("QUEUED", reason);
}

function missedReason({ status, reason }: SlotRecord, { state, failure }: SlotSituation): string {
  const within = `it could not be started within ${spanInWords(state.definition.windowMs)}`;
  const why = failure ?? (status === "QUEUED" ? reason : null);
  return why === null ? within : `${within}: ${why}`;
}

function settle(status: "QUEUED" | "SKIPPED" | "MISSED", reason: string): SlotFate {
  return { do: "settle", status, reason };
}
