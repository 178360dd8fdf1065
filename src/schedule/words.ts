/** Schedules in words. */
import { type Weekday, WEEKDAYS } from "./schedule.ts";
import type { Timetable } from "./slots.ts";

const DAY_NAMES: Readonly<Record<Weekday, string>> = {
  mon: "Monday",
  tue: "Tuesday",
  wed: "Wednesday",
  thu: "Thursday",
  fri: "Friday",
  sat: "Saturday",
  sun: "Sunday",
};

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
  ["ms", 1],
];

/** Exceptions that are named; of more only their number is told. */
const MAX_DATES = 3;

/** `at 09:30 and 13:00, Monday to Friday, Europe/Berlin, not on 25 Dec`. */
export function describeRule({ rule, days, timeZone, except }: Timetable): string {
  const parts = [ruleInWords(rule), daysInWords(days, rule), timeZone, exceptInWords(except)];
  return parts.filter((part) => part !== "").join(", ");
}

/** The two largest units of a length of time: `2 h 5 min`. */
export function spanInWords(spanMs: number): string {
  const first = UNITS.findIndex(([, ms]) => spanMs >= ms);
  if (first === -1) return "0 s";
  let left = Math.round(spanMs);
  const parts = UNITS.slice(first, first + 2).map(([name, ms]) => {
    const many = Math.floor(left / ms);
    left -= many * ms;
    return many === 0 ? "" : `${many} ${name}`;
  });
  return parts.filter((part) => part !== "").join(" ");
}

function ruleInWords(rule: Timetable["rule"]): string {
  if (rule.by === "times") return `at ${listed(rule.times)}`;
  if (rule.by === "interval") return `every ${spanInWords(rule.everyMs)} from midnight`;
  return `by cron "${rule.expression}"`;
}

/** Days in the order of the week; three and more that follow each other as a range. */
function daysInWords(days: Timetable["days"], rule: Timetable["rule"]): string {
  // a cron expression says its days itself
  if (days === null) return rule.by === "cron" ? "" : "every day";
  const runs: Weekday[][] = [];
  for (const [i, day] of WEEKDAYS.entries()) {
    if (!days.includes(day)) continue;
    const last = runs.at(-1);
    if (last && last.at(-1) === WEEKDAYS[i - 1]) last.push(day);
    else runs.push([day]);
  }
  return listed(
    runs.flatMap((run) => {
      const names = run.map((day) => DAY_NAMES[day]);
      return names.length > 2 ? [`${names[0]} to ${names.at(-1)}`] : names;
    }),
  );
}

function exceptInWords(except: readonly string[]): string {
  if (except.length === 0) return "";
  const named = except.slice(0, MAX_DATES).map(dateInWords);
  const others = except.length - named.length;
  if (others > 0) named.push(`${others} more ${others === 1 ? "day" : "days"}`);
  return `not on ${listed(named)}`;
}

/** `25 Dec` of `12-25`, `25 Dec 2026` of `2026-12-25`. */
function dateInWords(date: string): string {
  const [day = "", month = "", year] = date.split("-").toReversed();
  const words = [Number(day), MONTHS[Number(month) - 1], year];
  return words.filter((word) => word !== undefined).join(" ");
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
