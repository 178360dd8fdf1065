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

/** Where the zone's offset changes on the day: minute by minute, to the first that is not before the time. */
function firstInstant(day: DateTime, time: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  if (day.offset === day.plus({ days: 1 }).offset) return day.set({ hour, minute }).toMillis();
  for (let at = day; ; at = at.plus({ minutes: 1 })) {
    if (at.toFormat("HH:mm") >= time || !at.hasSame(day, "day")) return at.toMillis();
  }
}
