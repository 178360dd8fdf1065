/** Days of the calendar, as numbers: those since 1 January 1970, which was a Thursday. */
import { type Weekday, WEEKDAYS } from "./schedule.ts";

export const DAY_MS = 86_400_000;

/** The day of a wall time. */
export function dayOf(wallMs: number): number {
  return Math.floor(wallMs / DAY_MS);
}

/** `YYYY-MM-DD`. */
function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function weekdayOf(day: number): Weekday {
  const fromMonday = (((day + 3) % 7) + 7) % 7;
  return WEEKDAYS[fromMonday]!;
}

/** Days that have slots: those of the week that are wanted, without the dates that are excepted. */
export function openDays(
  days: readonly Weekday[] | null,
  except: readonly string[],
): (day: number) => boolean {
  const wanted = days && new Set(days);
  const excepted = new Set(except);
  return (day) => {
    if (wanted && !wanted.has(weekdayOf(day))) return false;
    if (excepted.size === 0) return true;
    const date = dateOf(day);
    return !excepted.has(date) && !excepted.has(date.slice("YYYY-".length));
  };
}
