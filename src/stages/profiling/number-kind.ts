/** Whether a column is one of numbers, and how they are written. */
import {
  decimalMarkOf,
  type NumberBody,
  type NumberReading,
  numberFormatOf,
  numberValue,
  writeNumberFormat,
} from "./number-reading.ts";
import { numberStatistics, type NumberStatistics } from "./number-statistics.ts";
import type { FormatCount, ValueCount } from "./profile.ts";
import { formatCount, type Group, rowsOf } from "./tally.ts";

export interface NumberGroup extends Group {
  readonly reading: NumberReading;
}

/** The numbers of a column. */
export interface Numbers {
  readonly groups: readonly NumberGroup[];
  readonly rows: number;
  readonly decimal: "." | ",";
}

/** A unit that fewer of the numbers bear is a slip of the pen rather than a unit. */
const LEAST_UNIT_SHARE = 0.05;
const MAX_UNITS = 12;

/** The column's numbers; what bears one of many "units" is rather text that starts with a number. */
export function numbersOf(groups: readonly Group[]): Numbers {
  const numbers = groups.filter((group): group is NumberGroup => group.reading.is === "number");
  const families = new Map<string, number>();
  for (const { reading, rows } of numbers) {
    const word = firstWord(reading.suffix);
    families.set(word, (families.get(word) ?? 0) + rows);
  }
  const all = rowsOf(numbers);
  const usual = numbers.filter(({ reading: { suffix } }) => {
    return !isUnit(suffix) || (families.get(firstWord(suffix)) ?? 0) >= all * LEAST_UNIT_SHARE;
  });
  const units = usual.filter(({ reading }) => isUnit(reading.suffix));
  const kept = areUnits(units) ? usual : usual.filter((group) => !units.includes(group));
  return { groups: kept, rows: rowsOf(kept), decimal: decimalMark(kept) };
}

function isUnit(suffix: string): boolean {
  return suffix !== "" && suffix !== "%";
}

function firstWord(suffix: string): string {
  return /^[^\s.,;/-]*/.exec(suffix.toLowerCase())?.[0] ?? "";
}

/** Few spellings that come again and again, of few words. */
function areUnits(groups: readonly NumberGroup[]): boolean {
  const rows = rowsOf(groups);
  const bySpelling = new Map<string, number>();
  const byWord = new Map<string, number>();
  for (const { reading, rows: count } of groups) {
    const word = firstWord(reading.suffix);
    bySpelling.set(reading.suffix, (bySpelling.get(reading.suffix) ?? 0) + count);
    byWord.set(word, (byWord.get(word) ?? 0) + count);
  }
  const frequent = [...bySpelling.values()].toSorted((a, b) => b - a).slice(0, MAX_UNITS);
  const covered = frequent.reduce((sum, count) => sum + count, 0);
  const repeated = bySpelling.size <= 2 || rows >= bySpelling.size * 3;
  return repeated && covered >= rows * 0.9 && Math.max(0, ...byWord.values()) >= rows * 0.34;
}

function decimalMark(groups: readonly NumberGroup[]): "." | "," {
  const marked = (mark: "." | ",") =>
    rowsOf(groups.filter(({ reading }) => decimalMarkOf(reading.body) === mark));
  return marked(",") > marked(".") ? "," : ".";
}

const WITHOUT_MARK: ReadonlySet<NumberBody> = new Set(["whole", "zeros", "long"]);

/** Rows written with a decimal fraction, be it zero. */
export function fractionRows({ groups, decimal }: Numbers): number {
  return groups.reduce((sum, { reading, rows, values }) => {
    if (reading.body === "power") return sum + rows;
    // These need not be looked at: nothing but digits, nothing without a mark.
    const bare = reading.prefix === "" && reading.suffix === "";
    if (bare && WITHOUT_MARK.has(reading.body)) return sum;
    const mark = decimalMarkOf(reading.body) ?? decimal;
    // A unit may hold the mark too: `12 oz.`
    const pattern = mark === "." ? /\d\.|\.\d/ : /\d,|,\d/;
    let fractions = 0;
    for (const { value, count } of values) if (pattern.test(value)) fractions += count;
    return sum + fractions;
  }, 0);
}

/** How the numbers are written. */
export function numberFormats({ groups, decimal }: Numbers): FormatCount[] {
  const merged = new Map<string, ValueCount[]>();
  for (const { reading, values } of groups) {
    const format = writeNumberFormat(numberFormatOf(reading, decimal));
    merged.set(format, [...(merged.get(format) ?? []), ...values]);
  }
  return [...merged].map(([format, values]) => formatCount(format, values));
}

/** Statistics over all the numbers, each in its own unit. */
export function statisticsOf({ groups, decimal }: Numbers): NumberStatistics | null {
  const numbers: { value: number; count: number }[] = [];
  for (const { values } of groups) {
    for (const { value, count } of values) {
      const number = numberValue(value, decimal);
      if (number !== null) numbers.push({ value: number, count });
    }
  }
  return numberStatistics(numbers);
}
