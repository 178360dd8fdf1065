/** How policies decide over slots that have come. */
import type { OlderSlots, PassedSlots } from "./passed-slots.ts";
import type { ScheduleDefinition, SlotRecord } from "./schedule.ts";
import { spanInWords } from "./words.ts";

/**
 * A slot that is seen up to so long after it was due came while somebody was there: it is no matter of
 * catching up. Whoever runs schedules has to look at the clock more often than that.
 */
export const ON_TIME_MS = 60_000;

/** What becomes of a slot, and why; no reason when it just starts. */
export interface Fate extends Pick<SlotRecord, "reason"> {
  readonly status: "DUE" | "QUEUED" | "SKIPPED" | "MISSED";
}

type Policies = Pick<ScheduleDefinition, "overlap" | "catchUp" | "windowMs">;

type Fates = [slotMs: number, fate: Fate][];

const QUEUED: Fate = {
  status: "QUEUED",
  reason: "waits until the run of an earlier slot has ended",
};
const REPLACED: Fate = { status: "SKIPPED", reason: "a later slot runs in its place" };
const OVERLAPPING: Fate = {
  status: "SKIPPED",
  reason: "the run of an earlier slot goes on (overlap: skip)",
};
const PAUSED = "the schedule is paused";
const NOBODY = "nobody was there to start it";

/** All are left out. */
export function pausedFates({ listed, older }: PassedSlots): Fates {
  const fates: Fates = listed.map((slotMs) => [slotMs, { status: "SKIPPED", reason: PAUSED }]);
  return older
    ? [[older.lastMs, { status: "SKIPPED", reason: `${sumOf(older)}: ${PAUSED}` }], ...fates]
    : fates;
}

/** Each by how late it is, then by what else is at work. */
export function fatesOf(
  { listed, older }: PassedSlots,
  policies: Policies,
  { nowMs, previousAtWork }: { readonly nowMs: number; readonly previousAtWork: boolean },
): Fates {
  const late = (slotMs: number): number => nowMs - slotMs;
  const starting = startingFates(chosenOf(listed, policies, nowMs), policies, {
    previousAtWork,
    catchingUp: (slotMs) => late(slotMs) > ON_TIME_MS,
  });
  const fates = listed.map((slotMs): Fates[number] => {
    const fate = starting.get(slotMs) ?? leftOut(late(slotMs), policies);
    const caughtUp = fate.status === "DUE" && late(slotMs) > ON_TIME_MS;
    const reason = caughtUp ? `caught up ${spanInWords(late(slotMs))} late` : fate.reason;
    return [slotMs, { ...fate, reason }];
  });
  if (!older) return fates;
  return [[older.lastMs, { status: "MISSED", reason: `${sumOf(older)}: ${NOBODY}` }], ...fates];
}

/** Those that are to run, were it for themselves alone. */
function chosenOf(
  slots: readonly number[],
  { catchUp, windowMs }: Policies,
  nowMs: number,
): readonly number[] {
  const inWindow = slots.filter((slotMs) => nowMs - slotMs <= windowMs);
  if (catchUp === "all") return inWindow;
  const onTime = inWindow.filter((slotMs) => nowMs - slotMs <= ON_TIME_MS);
  return catchUp === "last" && onTime.length === 0 ? inWindow.slice(-1) : onTime;
}

function leftOut(lateMs: number, { catchUp, windowMs }: Policies): Fate {
  if (lateMs > windowMs) {
    return { status: "MISSED", reason: `${NOBODY} within ${spanInWords(windowMs)}` };
  }
  return catchUp === "last" ? REPLACED : { status: "MISSED", reason: `${NOBODY} (catchUp: none)` };
}

/** What comes of slots that are to run and are in each other's way, or in that of an earlier one. */
function startingFates(
  slots: readonly number[],
  { overlap, catchUp }: Policies,
  {
    previousAtWork,
    catchingUp,
  }: { readonly previousAtWork: boolean; readonly catchingUp: (slotMs: number) => boolean },
): ReadonlyMap<number, Fate> {
  const due: Fate = { status: "DUE", reason: null };
  const fates = (first: Fate, others: Fate): ReadonlyMap<number, Fate> =>
    new Map(slots.map((slotMs, i) => [slotMs, i === 0 ? first : others]));
  if (overlap === "cancel_previous") {
    return new Map(slots.map((slotMs, i) => [slotMs, i === slots.length - 1 ? due : REPLACED]));
  }
  if (overlap === "queue") return fates(previousAtWork ? QUEUED : due, QUEUED);
  if (previousAtWork) return fates(OVERLAPPING, OVERLAPPING);
  // who wants all that were missed wants them one after the other, not the first alone
  return fates(due, catchUp === "all" && slots.some(catchingUp) ? QUEUED : OVERLAPPING);
}

/** `1,200 slots since 2026-03-01T09:30:00.000Z`, of slots that are not told one by one. */
function sumOf({ count, more, firstMs }: OlderSlots): string {
  const number = `${more ? "more than " : ""}${count.toLocaleString("en-US")}`;
  return `one of ${number} slots since ${new Date(firstMs).toISOString()}`;
}
