/** Checks when schedules are due: times, cron expressions, zones, days. */
import { flawOfCron, isTimeZone, nextSlots, sortedTimes } from "../schedule/index.ts";
import { flawOfDate, weekdaysOf } from "./days-entry.ts";
import type { SourceDocument } from "./document.ts";
import type { Holidays } from "./holidays.ts";
import type { Path, Problem } from "./problems.ts";
import { machineTimeZone, resolveTimetable } from "./resolve-schedule.ts";
import type { ScheduleSource } from "./schedule-sources.ts";
import { Suggestions } from "./suggestions.ts";
import { textsOf } from "./task-sources.ts";
import { valueAt } from "./value-at.ts";

/** Keys of which each schedule has one. */
const RULES = ["at", "cron", "every"];

/** What the timetables of one file share. */
export interface TimetableContext {
  readonly source: SourceDocument;
  readonly holidays: Holidays;
  /** Absolute folder that relative paths of the file start from. */
  readonly folder: string;
}

/** A time zone at the top that this machine does not know. */
export function topZoneProblems(value: unknown, source: SourceDocument): Problem[] {
  return zoneProblems(valueAt(value, ["timeZone"]), ["timeZone"], source);
}

/** What is wrong with when one schedule is due. */
export function timetableProblems(
  schedule: ScheduleSource,
  topZone: unknown,
  context: TimetableContext,
): Problem[] {
  const { source } = context;
  const problems = [
    ...ruleProblems(schedule, source),
    ...zoneProblems(schedule.entry["timeZone"], [...schedule.path, "timeZone"], source),
    ...dayProblems(schedule, source),
  ];
  return problems.length > 0 ? problems : neverProblems(schedule, topZone, context);
}

function ruleProblems({ entry, path }: ScheduleSource, source: SourceDocument): Problem[] {
  const given = RULES.filter((key) => entry[key] !== undefined);
  const came = given.length === 0 ? "none of them" : given.join(" and ");
  const several = `expected one of at, cron and every, got ${came}`;
  return [
    ...(given.length === 1 ? [] : [source.problem(path, several)]),
    ...cronProblems(entry["cron"], [...path, "cron"], source),
    ...doubledTimes(entry["at"], [...path, "at"], source),
  ];
}

function cronProblems(cron: unknown, path: Path, source: SourceDocument): Problem[] {
  const flaw = typeof cron === "string" ? flawOfCron(cron) : undefined;
  return flaw === undefined ? [] : [source.problem(path, flaw)];
}

function doubledTimes(at: unknown, path: Path, source: SourceDocument): Problem[] {
  const seen = new Set<string>();
  return textsOf(at).flatMap(({ text, below }) => {
    const [time = text] = sortedTimes([text]);
    if (!seen.has(time)) {
      seen.add(time);
      return [];
    }
    return [source.problem([...path, ...below], `expected each time once, got "${text}" again`)];
  });
}

function zoneProblems(zone: unknown, path: Path, source: SourceDocument): Problem[] {
  // of what is no text its shape is told
  if (typeof zone !== "string" || zone === "" || isTimeZone(zone)) return [];
  const near = new Suggestions([...Intl.supportedValuesOf("timeZone"), "UTC"]).near(zone);
  const text = `expected the IANA name of a time zone such as "Europe/Berlin", got "${zone}".${near}`;
  return [source.problem(path, text)];
}

function dayProblems({ entry, path }: ScheduleSource, source: SourceDocument): Problem[] {
  const days = textsOf(entry["days"]).flatMap(({ text, below }) => {
    const found = weekdaysOf(text);
    return "flaw" in found ? [source.problem([...path, "days", ...below], found.flaw)] : [];
  });
  const dates = textsOf(entry["except"]).flatMap(({ text, below }) => {
    const flaw = flawOfDate(text);
    return flaw === undefined ? [] : [source.problem([...path, "except", ...below], flaw)];
  });
  return [...days, ...dates];
}

function neverProblems(
  { checked, path }: ScheduleSource,
  topZone: unknown,
  { source, holidays, folder }: TimetableContext,
): Problem[] {
  if (!checked) return [];
  const isKnown = typeof topZone === "string" && isTimeZone(topZone);
  const timeZone = isKnown ? topZone : machineTimeZone();
  const timetable = resolveTimetable(checked, { timeZone, holidays, folder });
  if (nextSlots(timetable, Date.now(), 1).length > 0) return [];
  const text = "expected days on which it is due, but there are none within nine years";
  return [source.problem(path, text)];
}
