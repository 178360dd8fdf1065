/** Slots that have passed since somebody looked, however many: the latest one by one, the others as a sum. */
import { slotsBetween, type Timetable } from "./slots.ts";

/** Slots told one by one. */
const MAX_LISTED = 1_000;
/** Slots before those that are counted; of more only that is told. */
const MAX_COUNTED = 10_000;

const HOUR_MS = 3_600_000;

export interface PassedSlots {
  /** Rising; at most 1,000. */
  readonly listed: readonly number[];
  /** What was before those; null when nothing was. */
  readonly older: OlderSlots | null;
}

export interface OlderSlots {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly count: number;
  /** Whether there were more than `count`. */
  readonly more: boolean;
}

/** The slots after one instant up to and with another, with work that does not grow with their number. */
export function passedSlots(timetable: Timetable, afterMs: number, untilMs: number): PassedSlots {
  const latest = latestSlots(timetable, afterMs, untilMs);
  const listed = latest.slice(-MAX_LISTED);
  const lastMs = latest.at(-MAX_LISTED - 1);
  if (lastMs === undefined) return { listed, older: null };
  let count = 0;
  let firstMs = lastMs;
  for (const slotMs of slotsBetween(timetable, afterMs, lastMs)) {
    if (count === MAX_COUNTED) return { listed, older: { firstMs, lastMs, count, more: true } };
    count++;
    firstMs = Math.min(firstMs, slotMs);
  }
  return { listed, older: { firstMs, lastMs, count, more: false } };
}

/** Looks further back until there are enough, so that no more than twice as many as needed are made. */
function latestSlots(timetable: Timetable, afterMs: number, untilMs: number): number[] {
  for (let spanMs = HOUR_MS; ; spanMs *= 2) {
    const fromMs = Math.max(afterMs, untilMs - spanMs);
    const slots = [...slotsBetween(timetable, fromMs, untilMs)];
    if (slots.length > MAX_LISTED || fromMs === afterMs) return slots;
  }
}
