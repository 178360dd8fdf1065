/** Days of the week and dates, as users write them. */
import { didYouMean } from "../core/index.ts";
import { type Weekday, WEEKDAYS } from "../schedule/index.ts";

const LONG_NAMES: Readonly<Record<Weekday, string>> = {
  mon: "monday",
  tue: "tuesday",
  wed: "wednesday",
  thu: "thursday",
  fri: "friday",
  sat: "saturday",
  sun: "sunday",
};

const DATE = /^(?:(\d{4})-)?(\d{2})-(\d{2})$/;
/** A year that has a 29 February. */
const LEAP_YEAR = 2_000;

/** The days that a text names: `mon`, `Monday`, `mon-fri`, also over the end of the week; or what is wrong with it. */
export function weekdaysOf(text: string): readonly Weekday[] | { readonly flaw: string } {
  const ends = text.split("-").map((name) => name.trim().toLowerCase());
  const days = ends.flatMap((name) => weekdayOf(name) ?? []);
  const [from] = days;
  const to = days.at(-1);
  if (ends.length > 2 || days.length < ends.length || !from || !to) {
    const known = [...WEEKDAYS, ...Object.values(LONG_NAMES)];
    const wrong = ends.find((name) => weekdayOf(name) === undefined) ?? "";
    return {
      flaw: `expected days such as "mon" or "mon-fri", got ${JSON.stringify(text)}.${didYouMean(wrong, known)}`,
    };
  }
  const first = WEEKDAYS.indexOf(from);
  const count = (WEEKDAYS.indexOf(to) - first + WEEKDAYS.length) % WEEKDAYS.length;
  return [...WEEKDAYS, ...WEEKDAYS].slice(first, first + count + 1);
}

/** Days of the week of one text or several, in the order of the week; wrong ones are left out. */
export function allWeekdaysOf(texts: readonly string[]): Weekday[] {
  const found = texts.map(weekdaysOf);
  const named = new Set(found.flatMap((days) => ("flaw" in days ? [] : days)));
  return WEEKDAYS.filter((day) => named.has(day));
}

/** What is wrong with `YYYY-MM-DD` or `MM-DD`; undefined when it is a date. */
export function flawOfDate(text: string): string | undefined {
  const [, year = LEAP_YEAR, month = 0, day = 0] = DATE.exec(text) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const isDate = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  if (DATE.test(text) && isDate) return undefined;
  return `expected a date such as "2026-12-25", or "12-25" for each year, got ${JSON.stringify(text)}`;
}

function weekdayOf(name: string): Weekday | undefined {
  return WEEKDAYS.find((day) => day === name || LONG_NAMES[day] === name);
}
