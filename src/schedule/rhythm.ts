/** Cron expressions that are a rhythm: they follow real time, whatever is done to clocks. */
import { DAY_MS } from "./calendar.ts";
import type { NextMatch } from "./cron.ts";
import { changeOf, instantOf, offsetAt, wallOf } from "./wall-clock.ts";

/**
 * The first instant, from one on and with it, at which clocks in a zone show a match; undefined when
 * there is none. Times that clocks are turned forward over are never shown; those that they are turned
 * back over are shown twice.
 *
 * @param next - Matches of the expression as wall times.
 */
export function nextInRhythm(
  next: NextMatch,
  timeZone: string,
  fromMs: number,
): number | undefined {
  for (let startMs = fromMs; ;) {
    const offsetMs = offsetAt(timeZone, startMs);
    const wallMs = next(startMs + offsetMs - 1);
    if (wallMs === undefined) return undefined;
    const slotMs = wallMs - offsetMs;
    // what is shown twice lies within a day of its change: only there may there be a match before
    const nearMs = Math.min(slotMs, startMs + DAY_MS);
    if (offsetAt(timeZone, nearMs) !== offsetMs) {
      startMs = changeOf(timeZone, startMs, nearMs);
    } else if (nearMs === slotMs) {
      return slotMs;
    } else {
      // the first instant after a gap shows something else
      startMs = instantOf(timeZone, wallMs);
      if (wallOf(timeZone, startMs) === wallMs) return startMs;
    }
  }
}
