/** The kind of a column, decided on all its values. */
import {
  fractionRows,
  numberFormats,
  type Numbers,
  numbersOf,
  statisticsOf,
} from "./number-kind.ts";
import type { NumberStatistics } from "./number-statistics.ts";
import type { ColumnKind, FormatCount, ValueCount } from "./profile.ts";
import { booleanOf } from "./reading.ts";
import { collect, formatCount, type Group, rowsOf, type Tally } from "./tally.ts";
import { isTemporal, temporalFormats } from "./temporal-kind.ts";

/** What the values say of their column. */
export interface Verdict {
  readonly kind: ColumnKind;
  /** Rows that are of the kind. */
  readonly rows: number;
  readonly formats: readonly FormatCount[];
  readonly numbers: NumberStatistics | null;
}

/** The least share of filled cells that a kind other than text must hold. */
const LEAST_SHARE = 0.7;

/** Signature of numbers that are nothing but digits. */
const WHOLE = "number||whole||";

/** The kind of a column with these values. */
export function kindOf(tally: Tally): Verdict {
  const groups = [...tally.groups.values()];
  if (tally.rows === 0) return plain("empty", 0);
  return (
    asBoolean(tally, groups) ??
    asNamed(tally, groups) ??
    asTemporal(tally, groups) ??
    asNumber(tally, groups) ??
    asText(tally, groups)
  );
}

function plain(kind: ColumnKind, rows: number, formats: readonly FormatCount[] = []): Verdict {
  return { kind, rows, formats, numbers: null };
}

function valuesOf(groups: readonly Group[]): ValueCount[] {
  return groups.flatMap(({ values }) => values);
}

/** Truth values: at most three spellings that say both, and hardly anything else. */
function asBoolean(tally: Tally, groups: readonly Group[]): Verdict | null {
  const words = valuesOf(groups.filter(({ reading }) => reading.is === "boolean"));
  const whole = tally.groups.get(WHOLE)?.values ?? [];
  const digits = whole.filter(({ value }) => value === "0" || value === "1");
  const wordRows = words.reduce((sum, { count }) => sum + count, 0);
  const digitRows = digits.reduce((sum, { count }) => sum + count, 0);
  const rows = wordRows + digitRows;
  // A count is often 0 or 1 too: digits alone must leave nothing over.
  if (rows < (wordRows > digitRows ? tally.rows * 0.9 : tally.rows)) return null;
  const spellings = collect([...words, ...digits], (value) => value.toLowerCase());
  const truths = new Set([...spellings.keys()].map((spelling) => booleanOf(spelling)));
  if (spellings.size > 3 || truths.size < 2) return null;
  const written = collect([...words, ...digits], (value) => value);
  return plain(
    "boolean",
    rows,
    [...written].map(([form, values]) => formatCount(form, values)),
  );
}

function asNamed(tally: Tally, groups: readonly Group[]): Verdict | null {
  for (const kind of ["email", "url", "phone"] as const) {
    const members = groups.filter(({ reading }) => reading.is === kind);
    const rows = rowsOf(members);
    if (rows >= tally.rows * LEAST_SHARE) {
      return plain(kind, rows, kind === "phone" ? shapes(valuesOf(members)) : []);
    }
  }
  return asBarePhone(tally);
}

const BARE_PHONE = /^1?[2-9]\d{2}[2-9]\d{6}$/;

/** Ten digits that keep the rules of North American telephone numbers; hardly ever so by chance. */
function asBarePhone(tally: Tally): Verdict | null {
  const values = tally.groups.get(WHOLE)?.values ?? [];
  if (values.length < 20) return null;
  const phones = values.filter(({ value }) => BARE_PHONE.test(value));
  const rows = phones.reduce((sum, { count }) => sum + count, 0);
  const others = values.reduce((sum, { count }) => sum + count, 0) - rows;
  if (rows < tally.rows * LEAST_SHARE || others > tally.rows * 0.02) return null;
  return plain("phone", rows, shapes(phones));
}

function asTemporal(tally: Tally, groups: readonly Group[]): Verdict | null {
  const members = groups.filter(isTemporal);
  if (rowsOf(members) < tally.rows * LEAST_SHARE) return asCompactDate(tally);
  const kinds = (["date", "datetime", "time"] as const).map((kind) => ({
    kind,
    rows: rowsOf(members.filter(({ reading }) => reading.is === kind)),
  }));
  const { kind, rows } = kinds.reduce((best, next) => (next.rows > best.rows ? next : best));
  return plain(kind, rows, temporalFormats(members.filter(({ reading }) => reading.is === kind)));
}

const COMPACT_DATE = /^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/;

/** Eight digits that are a date of the last or this century, nearly all of them. */
function asCompactDate(tally: Tally): Verdict | null {
  const values = tally.groups.get(WHOLE)?.values ?? [];
  const dates = values.filter(({ value }) => COMPACT_DATE.test(value));
  const rows = dates.reduce((sum, { count }) => sum + count, 0);
  if (dates.length < 3 || rows < tally.rows * 0.95) return null;
  return plain("date", rows, [formatCount("%Y%m%d", dates)]);
}

function asNumber(tally: Tally, groups: readonly Group[]): Verdict | null {
  const numbers = numbersOf(groups);
  if (numbers.rows < tally.rows * LEAST_SHARE) return null;
  const digits = asDigitCode(numbers);
  if (digits) return digits;
  const kept = {
    ...numbers,
    groups: numbers.groups.filter(({ reading }) => reading.body !== "zeros"),
  };
  const rows = rowsOf(kept.groups);
  const kind = fractionRows(kept) >= rows * 0.005 ? "decimal" : "integer";
  return { kind, rows, formats: numberFormats(kept), numbers: statisticsOf(kept) };
}

/** Digits that are no quantity: leading zeros that belong there, or more digits than a number holds. */
function asDigitCode(numbers: Numbers): Verdict | null {
  const rows = (body: string) =>
    rowsOf(numbers.groups.filter(({ reading }) => reading.body === body));
  const [zeros, long, whole] = [rows("zeros"), rows("long"), rows("whole")];
  const digits = numbers.groups.filter(({ reading }) =>
    ["zeros", "long", "whole"].includes(reading.body),
  );
  const all = zeros + long + whole;
  if (long >= all * 0.5 && long > 0) return plain("code", all, shapes(valuesOf(digits)));
  if (zeros === 0) return null;
  return zeros >= numbers.rows * 0.01 || haveOneLength(digits)
    ? plain("code", all, shapes(valuesOf(digits)))
    : null;
}

/** A leading zero that fills a code up to the length of the others is no slip. */
function haveOneLength(groups: readonly Group[]): boolean {
  const lengths = new Map<number, number>();
  for (const { value, count } of valuesOf(groups)) {
    lengths.set(value.length, (lengths.get(value.length) ?? 0) + count);
  }
  const zeros = valuesOf(groups).filter(({ value }) => value.startsWith("0"));
  const [length, rows] = [...lengths].reduce((best, next) => (next[1] > best[1] ? next : best));
  return (
    length >= 3 && rows >= rowsOf(groups) * 0.8 && zeros.every((z) => z.value.length === length)
  );
}

function asText(tally: Tally, groups: readonly Group[]): Verdict {
  const values = valuesOf(groups);
  const code = asCode(tally, values);
  if (code) return code;
  const repeated = values.filter(({ count }) => count > 1);
  const rows = repeated.reduce((sum, { count }) => sum + count, 0);
  const few =
    !tally.many && repeated.length <= Math.max(50, tally.rows * 0.05) && rows >= tally.rows * 0.8;
  return plain(few ? "category" : "text", tally.rows);
}

/** Few shapes without spaces, each with digits, and many different values. */
function asCode(tally: Tally, values: readonly ValueCount[]): Verdict | null {
  const enough = values.length > Math.min(50, tally.rows * 0.3);
  if (!tally.many && !(enough && values.length >= tally.rows * 0.01)) return null;
  const frequent = [...tally.masks]
    .filter(
      ([mask]) => mask.includes("9") && mask.length > 1 && mask.length <= 24 && !/\s/.test(mask),
    )
    .map(([mask, members]) => ({ mask, rows: members.reduce((sum, { count }) => sum + count, 0) }))
    .toSorted((a, b) => b.rows - a.rows)
    .slice(0, 3);
  const rows = rowsOf(frequent);
  if (rows < tally.rows * 0.9 || frequent.every(({ mask }) => mask === "9")) return null;
  const masks = new Set(frequent.map(({ mask }) => mask));
  const members = [...tally.masks].flatMap(([mask, list]) => (masks.has(mask) ? list : []));
  return plain("code", rows, shapes(members));
}

/** The formats of codes and telephone numbers: 9 for each digit, A and a for each letter. */
function shapes(values: readonly ValueCount[]): FormatCount[] {
  return [...collect(values, shapeOf)].map(([shape, members]) => formatCount(shape, members));
}

/** Shape of a text with its lengths: 9 for each digit, A for each capital, a for each other letter. */
function shapeOf(text: string): string {
  return text
    .slice(0, 60)
    .replaceAll(/\p{Nd}/gu, "9")
    .replaceAll(/\p{Lu}/gu, "A")
    .replaceAll(/[\p{L}\p{M}]/gu, (letter) => (letter === "A" ? "A" : "a"));
}
