/** The times at which schedules are due. */
import { sha256 } from "../core/index.ts";
import { DAY_MS, dayOf, openDays } from "./calendar.ts";
import { namesTimes, wallMatches } from "./cron.ts";
import { nextInRhythm } from "./rhythm.ts";
import type { ScheduleDefinition, SlotRule } from "./schedule.ts";
import { timeOfDayMs } from "./time-of-day.ts";
import { instantOf, wallOf } from "./wall-clock.ts";

/** What decides when a schedule is due. */
export type Timetable = Pick<ScheduleDefinition, "rule" | "timeZone" | "days" | "except">;

/** How far ahead slots are looked for: there may be eight years between two 29 February. */
const HORIZON_MS = 9 * 366 * DAY_MS;

/** Where slots are looked for, and on which days there are any. */
interface Search {
  readonly timeZone: string;
  readonly afterMs: number;
  /** After this day of the calendar there is nothing to look for. */
  readonly lastDay: number;
  readonly isOpen: (day: number) => boolean;
}

/**
 * The slots after one instant up to and with another.
 *
 * Times of the day, also those that a cron expression names, are due once a day: where clocks are
 * turned forward over them, at the first instant after that; where they are turned back over them,
 * at their first occurrence. Intervals and cron expressions with a rhythm follow real time.
 *
 * @yields Milliseconds since the epoch, rising, each slot once.
 * @throws {RangeError} When the zone is not known.
 * @throws {TypeError} When the cron expression cannot be read.
 */
export function* slotsBetween(
  { rule, timeZone, days, except }: Timetable,
  afterMs: number,
  untilMs: number,
): Generator<number, undefined> {
  if (!(untilMs > afterMs)) return;
  // just after clocks were turned back they may show the day before once more
  const lastDay = dayOf(wallOf(timeZone, untilMs)) + 1;
  const search = { timeZone, afterMs, lastDay, isOpen: openDays(days, except) };
  let lastMs = afterMs;
  for (const slotMs of slotsOf(rule, search)) {
    if (slotMs > untilMs) return;
    // several times in one gap are due at its end, once
    if (slotMs > lastMs) yield (lastMs = slotMs);
  }
}

/** The next slots after an instant; fewer than asked for when no more are within nine years. */
export function nextSlots(timetable: Timetable, afterMs: number, count: number): number[] {
  const found: number[] = [];
  if (count < 1) return found;
  for (const slotMs of slotsBetween(timetable, afterMs, afterMs + HORIZON_MS)) {
    found.push(slotMs);
    if (found.length >= count) break;
  }
  return found;
}

/** When a slot starts: when it is due, and its share of the jitter, which is always the same. */
export function startOf(
  { name, jitterMs }: Pick<ScheduleDefinition, "name" | "jitterMs">,
  dueMs: number,
): number {
  if (jitterMs === 0) return dueMs;
  const drawn = Number.parseInt(sha256(`${name}\n${dueMs}`).slice(0, 8), 16) / 0xffff_ffff;
  return dueMs + Math.round(drawn * jitterMs);
}

/** Slots that never fall; some may be before the search begins, or the same as the one before. */
function slotsOf(rule: SlotRule, search: Search): Generator<number, undefined> {
  if (rule.by === "times") return slotsByTimes(rule.times, search);
  if (rule.by === "interval") return slotsByInterval(rule.everyMs, search);
  return namesTimes(rule.expression)
    ? slotsByNamedTimes(rule.expression, search)
    : slotsByRhythm(rule.expression, search);
}

function* slotsByTimes(times: readonly string[], search: Search): Generator<number, undefined> {
  const offsets = times.map(timeOfDayMs);
  for (const day of openDaysOf(search)) {
    for (const ms of offsets) yield instantOf(search.timeZone, day * DAY_MS + ms);
  }
}

function* slotsByInterval(everyMs: number, search: Search): Generator<number, undefined> {
  for (const day of openDaysOf(search)) {
    const startMs = instantOf(search.timeZone, day * DAY_MS);
    const endMs = instantOf(search.timeZone, (day + 1) * DAY_MS);
    const passed = Math.max(0, Math.floor((search.afterMs - startMs) / everyMs));
    for (let ms = startMs + passed * everyMs; ms < endMs; ms += everyMs) yield ms;
  }
}

function* slotsByNamedTimes(expression: string, search: Search): Generator<number, undefined> {
  const { timeZone, afterMs } = search;
  const next = wallMatches(expression);
  let wallMs = next(wallOf(timeZone, afterMs));
  while (wallMs !== undefined) {
    const open = openDayFrom(dayOf(wallMs), search);
    if (open === undefined) return;
    const isOpen = open === dayOf(wallMs);
    if (isOpen) yield instantOf(timeZone, wallMs);
    wallMs = next(isOpen ? wallMs : open * DAY_MS - 1);
  }
}

function* slotsByRhythm(expression: string, search: Search): Generator<number, undefined> {
  const { timeZone, afterMs } = search;
  const next = wallMatches(expression);
  let slotMs = nextInRhythm(next, timeZone, afterMs + 1);
  while (slotMs !== undefined) {
    const day = dayOf(wallOf(timeZone, slotMs));
    const open = openDayFrom(day, search);
    if (open === undefined) return;
    if (open === day) yield slotMs;
    // a day may begin twice, where clocks are turned back over midnight
    const fromMs = open === day ? 0 : instantOf(timeZone, open * DAY_MS);
    slotMs = nextInRhythm(next, timeZone, Math.max(slotMs + 1, fromMs));
  }
}

function* openDaysOf(search: Search): Generator<number, undefined> {
  let day = openDayFrom(dayOf(wallOf(search.timeZone, search.afterMs)), search);
  while (day !== undefined) {
    yield day;
    day = openDayFrom(day + 1, search);
  }
}

/** The first day from this one on that has slots: closed days are passed over without asking more. */
function openDayFrom(from: number, { lastDay, isOpen }: Search): number | undefined {
  for (let day = from; day <= lastDay; day++) if (isOpen(day)) return day;
  return undefined;
}
