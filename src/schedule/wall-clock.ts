/**
 * Wall clocks: what they show in a time zone at an instant, and when they show it.
 *
 * A wall time is a number too: the milliseconds since the epoch at which UTC shows the same.
 *
 * @module
 */
import { DAY_MS } from "./calendar.ts";

const SECOND_MS = 1_000;

const SHOWN = /^(\d+)\/(\d+)\/(\d+), (\d+):(\d+):(\d+)$/;

/** Making one takes a thousand times as long as using it, and there are few zones. */
const clocks = new Map<string, Intl.DateTimeFormat>();

/** Whether a text is the name of a time zone that this machine knows, and not a mere offset. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    clockOf(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * What clocks in a zone show at an instant.
 *
 * @throws {RangeError} When the zone is not known.
 */
export function wallOf(timeZone: string, atMs: number): number {
  const [, month, day, year, hour, minute, second] =
    SHOWN.exec(clockOf(timeZone).format(atMs))?.map(Number) ?? [];
  if (year === undefined || month === undefined) {
    throw new RangeError(`${timeZone}: no calendar for ${atMs}`);
  }
  const shownMs = Date.UTC(year, month - 1, day, hour, minute, second);
  return shownMs + (atMs - Math.floor(atMs / SECOND_MS) * SECOND_MS);
}

/**
 * The instants at which clocks in a zone show a wall time, rising: one, or two where clocks are
 * turned back over it. Where they are turned forward over it, the first instant after that.
 */
export function instantsOf(timeZone: string, wallMs: number): readonly number[] {
  const before = offsetAt(timeZone, wallMs - DAY_MS);
  const after = offsetAt(timeZone, wallMs + DAY_MS);
  const fits = (offset: number): boolean => offsetAt(timeZone, wallMs - offset) === offset;
  const found = [...new Set([before, after])].filter(fits).map((offset) => wallMs - offset);
  return found.length > 0
    ? found.toSorted((a, b) => a - b)
    : [changeOf(timeZone, wallMs - after, wallMs - before)];
}

/** The earliest instant at which clocks show a wall time; the first after a gap that it is in. */
export function instantOf(timeZone: string, wallMs: number): number {
  return Math.min(...instantsOf(timeZone, wallMs));
}

/** When the offset is no longer what it is at `fromMs`: after that, and at the latest at `untilMs`. */
export function changeOf(timeZone: string, fromMs: number, untilMs: number): number {
  const offset = offsetAt(timeZone, fromMs);
  let before = Math.floor(fromMs / SECOND_MS);
  let after = Math.ceil(untilMs / SECOND_MS);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(timeZone, middle * SECOND_MS) === offset) before = middle;
    else after = middle;
  }
  return after * SECOND_MS;
}

/** How far clocks in a zone are ahead of UTC, in milliseconds. */
export function offsetAt(timeZone: string, atMs: number): number {
  return wallOf(timeZone, atMs) - atMs;
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  clocks.set(timeZone, clock);
  return clock;
}
