import { DateTime } from "luxon";
import { SCHEDULES } from "./workshop.ts";

/** A slot as the calendar has it: `SCHEDULE ISO`. */
export type SlotName = string;

/**
 * All slots after `fromMs` up to `untilMs`, found by walking through the days of the zone, with another
 * library than the tool's.
 */
export function expectedSlots(fromMs: number, untilMs: number): SlotName[] {
  return SCHEDULES.flatMap(({ name, zone, times }) => {
    const found: SlotName[] = [];
    let day = DateTime.fromMillis(fromMs, { zone }).startOf("day");
    for (; day.toMillis() <= untilMs; day = day.plus({ days: 1 })) {
      for (const time of times) {
        const dueMs = firstInstant(day, time);
        if (dueMs > fromMs && dueMs <= untilMs) {
          found.push(`${name} ${new Date(dueMs).toISOString()}`);
        }
      }
    }
    return found;
  }).toSorted();
}

/** Minute by minute: the first of the day whose local time has reached the one that is wanted. */
function firstInstant(day: DateTime, time: string): number {
  for (let at = day; ; at = at.plus({ minutes: 1 })) {
    if (at.toFormat("HH:mm") >= time || !at.hasSame(day, "day")) return at.toMillis();
  }
}
