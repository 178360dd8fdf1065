/** Date and time formats of a whole column: the order of day and month is decided by its other values. */
import type { FormatCount } from "./profile.ts";
import { formatCount, type Group } from "./tally.ts";
import type { TemporalReading } from "./temporal-reading.ts";

export interface TemporalGroup extends Group {
  readonly reading: TemporalReading;
}

export function isTemporal(group: Group): group is TemporalGroup {
  return "formats" in group.reading;
}

/** One order needs so many times the rows of the other before undecided dates follow it. */
const CLEAR_MAJORITY = 3;

/**
 * Formats of temporal groups, with rows. A date whose order of day and month nothing in the column
 * decides keeps both, parted by `|`. Where most numbers of one digit stand without a zero, the
 * format says so: `%-d/%-m/%Y`.
 */
export function temporalFormats(groups: readonly TemporalGroup[]): FormatCount[] {
  const order = dayMonthOrder(groups);
  const longMonths = groups.some(({ reading }) => isOnly(reading, "%B"));
  const shortMonths = groups.some(({ reading }) => isOnly(reading, "%b"));
  const merged = new Map<string, Group["values"]>();
  for (const { reading, values } of groups) {
    const format = decide(reading.formats, order, shortMonths && !longMonths);
    merged.set(format, [...(merged.get(format) ?? []), ...values]);
  }
  return [...merged].map(([format, values]) => formatCount(styled(format, values), values));
}

function isOnly(reading: TemporalReading, part: string): boolean {
  return reading.formats.length === 1 && reading.formats[0]?.includes(part) === true;
}

type Order = "day" | "month" | null;

function orderOf(format: string): Order {
  const [day, month] = [format.indexOf("%d"), format.indexOf("%m")];
  if (day < 0 || month < 0 || format.startsWith("%Y")) return null;
  return day < month ? "day" : "month";
}

function dayMonthOrder(groups: readonly TemporalGroup[]): Order {
  const rows = { day: 0, month: 0 };
  for (const { reading, rows: count } of groups) {
    const [only, other] = reading.formats;
    const order = only === undefined || other !== undefined ? null : orderOf(only);
    if (order) rows[order] += count;
  }
  if (rows.day > rows.month * CLEAR_MAJORITY) return "day";
  return rows.month > rows.day * CLEAR_MAJORITY ? "month" : null;
}

function decide(formats: readonly string[], order: Order, shortMonths: boolean): string {
  const [first = "", second] = formats;
  if (second === undefined) return first;
  if (first.includes("%b")) return shortMonths ? first : second;
  if (order === null) return formats.join("|");
  return orderOf(first) === order ? first : second;
}

/** The format with `-` where numbers of one digit mostly stand bare. */
function styled(format: string, values: Group["values"]): string {
  const days = { bare: 0, padded: 0 };
  const hours = { bare: 0, padded: 0 };
  for (const { value, count } of values) {
    const seen = paddings(value);
    if (seen.day) days[seen.day] += count;
    if (seen.hour) hours[seen.hour] += count;
  }
  const dated = days.bare > days.padded ? format.replaceAll(/%([dm])/g, "%-$1") : format;
  return hours.bare > hours.padded ? dated.replaceAll(/%([HI])/g, "%-$1") : dated;
}

/** A number of one digit stands bare or with a zero before it. */
type Padding = "bare" | "padded" | null;

function paddings(value: string): { readonly day: Padding; readonly hour: Padding } {
  const hour = /(?:^|[^\d:])(\d{1,2}):\d/.exec(value)?.[1] ?? "";
  const date = value.replace(/\d{1,2}:\d.*$/, "");
  const numbers = date.match(/\d+/g) ?? [];
  return { day: paddingOf(numbers), hour: paddingOf([hour]) };
}

function paddingOf(numbers: readonly string[]): Padding {
  if (numbers.some((number) => number.length === 1)) return "bare";
  return numbers.some((number) => /^0\d$/.test(number)) ? "padded" : null;
}
