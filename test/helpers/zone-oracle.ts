/**
 * When wall clocks show something, found another way than ours: a zone is cut, by luxon's offsets, into
 * stretches in which clocks run evenly, and each question is put to every stretch.
 *
 * @module
 */
import { IANAZone } from "luxon";

const MINUTE_MS = 60_000;
const STEP_MS = 6 * 60 * MINUTE_MS;
export const DAY_MS = 86_400_000;

/** Clocks show `instant + offsetMs` from `startMs` on, before `endMs`. */
interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
  readonly offsetMs: number;
}

/** Stretches of a zone that cover a time; clocks are never changed twice within six hours. */
export function stretchesOf(timeZone: string, fromMs: number, toMs: number): Stretch[] {
  const zone = IANAZone.create(timeZone);
  const offsetAt = (ms: number) => zone.offset(ms) * MINUTE_MS;
  const stretches: Stretch[] = [];
  let startMs = fromMs;
  for (let ms = fromMs; ms < toMs; ms += STEP_MS) {
    const offsetMs = offsetAt(ms);
    if (offsetAt(ms + STEP_MS) === offsetMs) continue;
    let endMs = ms;
    for (let step = STEP_MS; step >= 1_000; step /= 2) {
      const wholeMs = Math.round(step / 1_000) * 1_000;
      while (offsetAt(endMs + wholeMs) === offsetMs) endMs += wholeMs;
    }
    endMs += 1_000;
    stretches.push({ startMs, endMs, offsetMs });
    startMs = endMs;
  }
  return [...stretches, { startMs, endMs: toMs, offsetMs: offsetAt(startMs) }];
}

/** The instants at which clocks show a wall time: none, one or two. */
function shownAt(stretches: readonly Stretch[], wallMs: number): number[] {
  return stretches
    .map(({ startMs, endMs, offsetMs }) => ({ startMs, endMs, at: wallMs - offsetMs }))
    .filter(({ startMs, endMs, at }) => at >= startMs && at < endMs)
    .map(({ at }) => at);
}

/** The first of those; where there are none, the start of the stretch after the gap. */
function firstShownAt(stretches: readonly Stretch[], wallMs: number): number {
  const [first] = shownAt(stretches, wallMs);
  if (first !== undefined) return first;
  const after = stretches.find(({ startMs, offsetMs }) => startMs + offsetMs > wallMs);
  if (!after) throw new Error(`nothing is known of ${new Date(wallMs).toISOString()}`);
  return after.startMs;
}

/** Wall times of all days that `isOpen` lets through, at each of the times of the day. */
export function dailySlots(
  stretches: readonly Stretch[],
  timesMs: readonly number[],
  isOpen: (dayMs: number) => boolean = () => true,
): number[] {
  const slots = daysOf(stretches)
    .filter(isOpen)
    .flatMap((dayMs) => timesMs.map((ms) => firstShownAt(stretches, dayMs + ms)));
  return [...new Set(slots)];
}

/** All instants at which clocks show one of the times on a day that `isOpen` lets through, rising. */
export function shownTimes(
  stretches: readonly Stretch[],
  timesMs: readonly number[],
  isOpen: (dayMs: number) => boolean,
): number[] {
  return daysOf(stretches)
    .filter(isOpen)
    .flatMap((dayMs) => timesMs.flatMap((ms) => shownAt(stretches, dayMs + ms)))
    .toSorted((a, b) => a - b);
}

/** From the start of each day on in even steps of real time. */
export function intervalSlots(stretches: readonly Stretch[], everyMs: number): number[] {
  return daysOf(stretches).flatMap((dayMs) => {
    const endMs = firstShownAt(stretches, dayMs + DAY_MS);
    const slots: number[] = [];
    for (let ms = firstShownAt(stretches, dayMs); ms < endMs; ms += everyMs) slots.push(ms);
    return slots;
  });
}

/** All instants at which clocks show a whole number of minutes for which `matches` holds. */
export function shownMinutes(
  stretches: readonly Stretch[],
  matches: (shown: Date) => boolean,
): number[] {
  return stretches.flatMap(({ startMs, endMs, offsetMs }) => {
    const slots: number[] = [];
    const first = Math.ceil((startMs + offsetMs) / MINUTE_MS) * MINUTE_MS;
    for (let wallMs = first; wallMs < endMs + offsetMs; wallMs += MINUTE_MS) {
      if (matches(new Date(wallMs))) slots.push(wallMs - offsetMs);
    }
    return slots;
  });
}

/** The days that the stretches cover, without the first and the last two, as wall times of midnight. */
function daysOf(stretches: readonly Stretch[]): number[] {
  const [first] = stretches;
  const last = stretches.at(-1);
  if (!first || !last) return [];
  const from = Math.ceil(first.startMs / DAY_MS) + 2;
  const to = Math.floor(last.endMs / DAY_MS) - 2;
  return Array.from({ length: to - from }, (_, i) => (from + i) * DAY_MS);
}
