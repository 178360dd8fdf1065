/** What the counts of a column's values say: in TypeScript where they are at hand, in SQL otherwise. */
import { z } from "zod";
import { literal, type Sql } from "../../core/index.ts";
import type { ColumnProfile, ValueCount } from "./profile.ts";

/** Counts of a column, as a profile tells them. */
export type ValueCounts = Pick<
  ColumnProfile,
  | "nulls"
  | "blanks"
  | "distinct"
  | "singletons"
  | "min"
  | "max"
  | "minLength"
  | "maxLength"
  | "meanLength"
  | "top"
>;

/** Code point order, which is the engine's: text above U+FFFF is the last, unlike in code unit order. */
export function byCodePoint(a: string, b: string): number {
  if (a === b) return 0;
  let at = 0;
  while (at < a.length && at < b.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
  // One of them is at its end.
  if (Number.isNaN(x) || Number.isNaN(y)) return a.length - b.length;
  return isSurrogate(x) === isSurrogate(y) || x < SURROGATES || y < SURROGATES ? x - y : y - x;
}

const SURROGATES = 0xd800;

function isSurrogate(unit: number): boolean {
  return unit >= SURROGATES && unit < 0xe000;
}

/** Characters of a text, as the engine counts them. */
function lengthOf(text: string): number {
  return /[\ud800-\udbff]/.test(text)
    ? text.replaceAll(/[\ud800-\udbff][\udc00-\udfff]/g, " ").length
    : text.length;
}

/** The counts of a column with these values, each given once. */
export function countValues(
  values: readonly ValueCount[],
  rows: number,
  topValues: number,
): ValueCounts {
  let [filled, blanks, singletons] = [0, 0, 0];
  for (const { value, count } of values) {
    filled += count;
    if (count === 1) singletons++;
    if (isBlank(value)) blanks += count;
  }
  const { characters, ...lengths } = lengthsOf(values);
  return {
    nulls: rows - filled,
    blanks,
    distinct: values.length,
    singletons,
    ...extremesOf(values),
    ...lengths,
    meanLength: meanOf(characters, filled),
    top: mostFrequentValues(values, topValues),
  };
}

function lengthsOf(values: readonly ValueCount[]) {
  let [characters, minLength, maxLength] = [0, Infinity, 0];
  for (const { value, count } of values) {
    const length = lengthOf(value);
    characters += length * count;
    if (length < minLength) minLength = length;
    if (length > maxLength) maxLength = length;
  }
  return { characters, minLength: values.length === 0 ? 0 : minLength, maxLength };
}

function extremesOf(values: readonly ValueCount[]): Pick<ValueCounts, "min" | "max"> {
  const [first] = values;
  if (!first) return { min: null, max: null };
  let [min, max] = [first.value, first.value];
  for (const { value } of values) {
    if (byCodePoint(value, min) < 0) min = value;
    else if (byCodePoint(value, max) > 0) max = value;
  }
  return { min, max };
}

function isBlank(value: string): boolean {
  const first = value.charCodeAt(0);
  return !(first > 32 && first < 128) && value.trim() === "";
}

function meanOf(characters: number, filled: number): number {
  return filled === 0 ? 0 : Number((characters / filled).toFixed(4));
}

function mostFrequentValues(values: readonly ValueCount[], limit: number): ValueCount[] {
  const best: ValueCount[] = [];
  for (const value of values) {
    const last = best[limit - 1];
    if (last && byFrequency(value, last) >= 0) continue;
    let at = best.length;
    while (at > 0 && byFrequency(value, best[at - 1]!) < 0) at--;
    best.splice(at, 0, value);
    if (best.length > limit) best.pop();
  }
  return best.map(({ value, count }) => ({ value, count }));
}

function byFrequency(a: ValueCount, b: ValueCount): number {
  return b.count - a.count || byCodePoint(a.value, b.value);
}

/** One row of {@link countsSql}. */
export const CountsRow = z.object({
  nulls: z.int(),
  blanks: z.int(),
  distinct: z.int(),
  singletons: z.int(),
  min: z.string().nullable(),
  max: z.string().nullable(),
  minLength: z.int(),
  maxLength: z.int(),
  characters: z.int(),
  top: z.array(z.object({ v: z.string(), n: z.int() })),
});

/** The counts that a row of {@link countsSql} holds. */
export function countsFrom(
  { characters, top, ...rest }: z.infer<typeof CountsRow>,
  rows: number,
): ValueCounts {
  return {
    ...rest,
    meanLength: meanOf(characters, rows - rest.nulls),
    top: top.map(({ v, n }) => ({ value: v, count: n })),
  };
}

/** What JavaScript's trim() takes off; DuckDB's own trim() leaves tabs and line ends. */
const SPACES =
  " \t\n\r\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";
/** Only what starts with a space, or with a character beyond ASCII, is looked at closely. */
const IS_BLANK = `CASE WHEN "v" < '!' OR "v" >= ${literal("\u0080")} THEN trim("v", ${literal(SPACES)}) = '' ELSE false END`;

/** The counts of a relation of values `v` and their counts `n`, each value once; as one row. */
export function countsSql(from: Sql, topValues: number): Sql {
  return `SELECT * FROM (SELECT
    coalesce(sum("n") FILTER ("v" IS NULL), 0)::BIGINT AS "nulls",
    coalesce(sum("n") FILTER (${IS_BLANK}), 0)::BIGINT AS "blanks",
    count("v") AS "distinct",
    count(*) FILTER ("n" = 1 AND "v" IS NOT NULL) AS "singletons",
    min("v") AS "min", max("v") AS "max",
    coalesce(min(length("v")), 0) AS "minLength", coalesce(max(length("v")), 0) AS "maxLength",
    coalesce(sum(length("v") * "n"), 0)::BIGINT AS "characters"
    FROM ${from}),
  (SELECT coalesce(list({'v': "v", 'n': "n"} ORDER BY "n" DESC, "v"), []) AS "top"
    FROM (SELECT "v", "n" FROM ${from} WHERE "v" IS NOT NULL ORDER BY "n" DESC, "v" LIMIT ${topValues}))`;
}
