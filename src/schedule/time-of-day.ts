/** Times of the day, as they are written: `09:30`, or `09:30:15`. */
import { z } from "zod";
import { DAY_MS, dayOf } from "./calendar.ts";
import { instantsOf, wallOf } from "./wall-clock.ts";

const FORM = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/;
const EXPECTED = 'expected a time of the day from "00:00" to "23:59", such as "09:30"';

export const TimeOfDay = z.string({ error: EXPECTED }).regex(FORM, EXPECTED);

/** Milliseconds from midnight on a clock that is not changed that day, of a checked {@link TimeOfDay}. */
export function timeOfDayMs(time: string): number {
  const [, hours = 0, minutes = 0, seconds = 0] = FORM.exec(time) ?? [];
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
}

/** The times, each once and rising, without seconds that are zero. */
export function sortedTimes(times: readonly string[]): string[] {
  return [...new Set(times.map((time) => time.replace(/^(.....):00$/, "$1")))].toSorted();
}

/**
 * When a time of the day comes that belongs to a slot: on the slot's own day, or on the next when it
 * is earlier than the slot. Where clocks are turned forward over it, the first instant after that;
 * where they are turned back over it, its first occurrence that is not before the slot.
 *
 * @param time - A checked {@link TimeOfDay}.
 * @throws {RangeError} When the zone is not known.
 */
export function timeOfDayAfter(slotMs: number, time: string, timeZone: string): number {
  const day = dayOf(wallOf(timeZone, slotMs));
  const onDay = (one: number) => instantsOf(timeZone, one * DAY_MS + timeOfDayMs(time));
  const sameDay = onDay(day).find((instant) => instant >= slotMs);
  return sameDay ?? Math.min(...onDay(day + 1));
}
