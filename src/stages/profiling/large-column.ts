/**
 * A column with too many different values to hold. A sample of its rows says which ways of writing
 * to look for; SQL counts these on all rows and gives back the values written otherwise, so that the
 * kind is still decided on all of them.
 *
 * @module
 */
import { z } from "zod";
import { identifier, literal, literals, type Sql } from "../../core/index.ts";
import type { ProfilingInput } from "./input.ts";
import { kindOf } from "./kind.ts";
import { LargeNumbers, numberSql, numbersFrom, statisticsSql } from "./large-numbers.ts";
import { maskOf } from "./mask.ts";
import { nullLexicon } from "./null-tokens.ts";
import { numberValue } from "./number-reading.ts";
import { numbersOf } from "./number-kind.ts";
import type { NumberStatistics } from "./number-statistics.ts";
import type { ValueCount } from "./profile.ts";
import { type Reading, readingOf } from "./reading.ts";
import { newTally, rowsOf, type Tally, tallyMask, tallyReading, tallyValue } from "./tally.ts";
import { type Bucket, exactShape, maskShape, shapeFor, type ValueShape } from "./value-shape.ts";

/** What was found, or what could not be told of it. */
export interface LargeTally {
  readonly tally: Tally;
  /** False where shapes are too many to be counted. */
  readonly masksKnown: boolean;
  /** False where values of a kind have too many exact shapes to be counted. */
  readonly shapesKnown: boolean;
  readonly numbers: NumberStatistics | null;
}

const MAX_BUCKETS = 24;
/** Share of the sample that shapes must cover to be worth counting. */
const LEAST_COVERED = 0.9;
/** Values written otherwise are read one by one up to this many. */
const MAX_OTHERS = 100_000;

const LargeRow = z.object({
  buckets: z.array(z.int()),
  counts: z.array(z.int()),
  values: z.array(z.string()),
  valueCounts: z.array(z.int()),
  numbers: LargeNumbers,
});
type LargeRow = z.infer<typeof LargeRow>;

/** Count a large column; null when too many of its values are written in ways the sample did not show. */
export async function tallyLarge(
  input: ProfilingInput,
  column: string,
  sample: readonly ValueCount[],
): Promise<LargeTally | null> {
  const extra = input.options.nullTokens;
  const seen = newTally(true);
  for (const { value, count } of sample) tallyValue(seen, value, count, extra);
  const { kind } = kindOf(seen);
  const wordy = kind === "text" || (kind === "code" && isWordy(seen));
  const plan = wordy ? planText(seen, sample, kind === "code") : planTyped(sample);
  const decimal = numbersOf([...seen.groups.values()]).decimal;
  const ask = async (more: readonly WeightedNumber[]) => {
    const query = queryOf(input, column, { ...plan, wordy, decimal }, more);
    const [row] = await input.ask(query, input.signal);
    return row;
  };
  const row = await ask([]);
  if (!row || row.values.length > MAX_OTHERS) return null;
  const tally = fill(row, plan.buckets, extra);
  const numbers = numbersOf([...tally.groups.values()]);
  if (numbers.decimal !== decimal) return null;
  const others = otherNumbers(row, extra, decimal);
  const statistics = others.length === 0 ? row.numbers : (await ask(others))?.numbers;
  return { ...plan, tally, numbers: statistics ? numbersFrom(statistics) : null };
}

function isWordy({ groups, rows }: Tally): boolean {
  return (groups.get("other")?.rows ?? 0) >= rows * 0.5;
}

interface WeightedNumber {
  readonly value: number;
  readonly count: number;
}

interface Plan {
  readonly buckets: readonly Bucket[];
  readonly masksKnown: boolean;
  readonly shapesKnown: boolean;
}

/** Text is text however it is written: its most frequent shapes are counted, if they are few. */
function planText(seen: Tally, sample: readonly ValueCount[], code: boolean): Plan {
  const other: Reading = { is: "other" };
  const exact = code ? bucketsOf(sample, (value) => [exactShape(value), other]) : [];
  if (covers(exact, seen.rows)) return { buckets: exact, masksKnown: true, shapesKnown: true };
  const folded = bucketsOf(sample, (value) => {
    const shape = maskShape(value);
    return shape && [shape, other];
  });
  const known = covers(folded, seen.rows);
  return { buckets: known ? folded : [], masksKnown: known, shapesKnown: false };
}

function covers(buckets: readonly Bucket[], rows: number): boolean {
  const all = buckets.flatMap(({ values }) => values).reduce((sum, { count }) => sum + count, 0);
  return all >= rows * LEAST_COVERED;
}

function planTyped(sample: readonly ValueCount[]): Plan {
  const buckets = bucketsOf(sample, (value) => {
    const reading = readingOf(value);
    const shape = shapeFor(value, reading);
    return shape && [shape, reading];
  });
  const oneMask = buckets.every(({ reading }) => reading.is !== "email");
  return { buckets, masksKnown: oneMask, shapesKnown: true };
}

function bucketsOf(
  sample: readonly ValueCount[],
  read: (value: string) => readonly [ValueShape, Reading] | null,
): Bucket[] {
  const found = new Map<string, Bucket>();
  for (const counted of sample) {
    const shaped = counted.value === counted.value.trim() ? read(counted.value) : null;
    if (!shaped) continue;
    const [shape, reading] = shaped;
    const bucket = found.get(shape.pattern);
    if (bucket) bucket.values.push(counted);
    else found.set(shape.pattern, { ...shape, reading, values: [counted] });
  }
  const rows = new Map(
    [...found.values()].map((bucket) => [
      bucket,
      rowsOf(bucket.values.map(({ count }) => ({ rows: count }))),
    ]),
  );
  return [...found.values()]
    .toSorted((a, b) => (rows.get(b) ?? 0) - (rows.get(a) ?? 0) || (a.pattern < b.pattern ? -1 : 1))
    .slice(0, MAX_BUCKETS)
    .toSorted((a, b) => a.rank - b.rank);
}

interface LargeQuery {
  readonly buckets: readonly Bucket[];
  readonly wordy: boolean;
  readonly decimal: "." | ",";
}

const TOKEN = -2;
const OTHER = -1;

function queryOf(
  input: ProfilingInput,
  column: string,
  { buckets, wordy, decimal }: LargeQuery,
  more: readonly WeightedNumber[],
): { setup: Sql[]; sql: Sql; row: typeof LargeRow } {
  const lexicon = nullLexicon(input.options.nullTokens);
  const longest = Math.max(...lexicon.map((token) => token.length)) + 8;
  const isToken = `CASE WHEN strlen("v") <= ${longest} THEN lower(trim("v")) IN ${literals(["", ...lexicon])} ELSE false END`;
  const arms = buckets.map(
    ({ pattern }, index) => `WHEN regexp_full_match("v", ${literal(pattern)}) THEN ${index}`,
  );
  // A word may both mean "missing" and be written like the column's values: then it is looked for first.
  const token = wordy ? [`WHEN ${isToken} THEN ${TOKEN}`] : [];
  const inside = buckets.some(({ values }) => mayHoldTokens(values[0]?.value ?? "", lexicon));
  const ordered = inside ? [...token, ...arms] : [...arms, ...token];
  const bucket = ordered.length === 0 ? OTHER : `CASE ${ordered.join("\n")} ELSE ${OTHER} END`;
  const listed = wordy ? `"b" = ${TOKEN}` : `"b" = ${OTHER}`;
  const table = `CREATE TEMP TABLE large AS SELECT "b", CASE WHEN ${listed} THEN "v" END AS "v", ${numberSql(buckets, decimal)} AS "x"
    FROM (SELECT ${identifier(column)} AS "v", ${bucket} AS "b" FROM ${input.source} WHERE ${identifier(column)} IS NOT NULL)`;
  const added = more.map(({ value, count }) => `(${value}, ${count})`).join(", ");
  const insert = `INSERT INTO large SELECT ${TOKEN}, NULL, "x"::DOUBLE FROM (VALUES ${added}) "more"("x", "n"), range("n")`;
  return {
    setup: more.length === 0 ? [table] : [table, insert],
    sql: `SELECT "buckets", "counts", "values", "valueCounts", (${statisticsSql()}) AS "numbers"
      FROM (SELECT coalesce(list("b" ORDER BY "b"), []) AS "buckets", coalesce(list("n" ORDER BY "b"), []) AS "counts"
        FROM (SELECT "b", count(*) AS "n" FROM large GROUP BY 1)),
      (SELECT coalesce(list("v" ORDER BY "v"), []) AS "values", coalesce(list("n" ORDER BY "v"), []) AS "valueCounts"
        FROM (SELECT "v", count(*) AS "n" FROM large WHERE "v" IS NOT NULL GROUP BY 1 ORDER BY 1 LIMIT ${MAX_OTHERS + 1}))`,
    row: LargeRow,
  };
}

/** Whether a spelling for "missing" can be written like this value. */
function mayHoldTokens(value: string, lexicon: readonly string[]): boolean {
  const mask = maskOf(value);
  return lexicon.some((token) => {
    const title = token.slice(0, 1).toUpperCase() + token.slice(1);
    return [token, token.toUpperCase(), title].some((spelling) => maskOf(spelling) === mask);
  });
}

/** The column's values as counted: those of the buckets stand for all that are written alike. */
function fill(row: LargeRow, buckets: readonly Bucket[], extra: readonly string[]): Tally {
  const tally = newTally(true);
  row.values.forEach((value, index) => {
    tallyValue(tally, value, row.valueCounts[index] ?? 0, extra);
  });
  const listed = row.valueCounts.reduce((sum, count) => sum + count, 0);
  let unlisted = -listed;
  row.buckets.forEach((index, at) => {
    const rows = row.counts[at] ?? 0;
    const bucket = buckets[index];
    if (!bucket) {
      unlisted += rows;
      return;
    }
    for (const counted of apportion(bucket.values, rows)) {
      tallyReading(tally, bucket.reading, counted.value, counted.count);
      tallyMask(tally, maskOf(counted.value), counted);
    }
  });
  if (unlisted > 0) {
    tally.rows += unlisted;
    const other = tally.groups.get("other");
    if (other) other.rows += unlisted;
    else tally.groups.set("other", { reading: { is: "other" }, rows: unlisted, values: [] });
  }
  return tally;
}

/** The sample's values with counts that add up to `rows`, in the proportions of the sample. */
function apportion(values: readonly ValueCount[], rows: number): ValueCount[] {
  const some = values.slice(0, 200);
  const all = some.reduce((sum, { count }) => sum + count, 0);
  let rest = rows;
  const parts = some.map(({ value, count }) => {
    const part = Math.floor((count / all) * rows);
    rest -= part;
    return { value, count: part };
  });
  const [first] = parts;
  if (first) first.count += rest;
  return parts;
}

/** Numbers among the values that were read one by one: their values and counts, for the statistics. */
function otherNumbers(
  row: LargeRow,
  extra: readonly string[],
  decimal: "." | ",",
): WeightedNumber[] {
  const read = newTally(true);
  row.values.forEach((value, index) => tallyValue(read, value, row.valueCounts[index] ?? 0, extra));
  return [...read.groups.values()]
    .filter(({ reading }) => reading.is === "number" && reading.body !== "zeros")
    .flatMap(({ values }) => values)
    .flatMap(({ value, count }) => {
      const number = numberValue(value, decimal);
      return number === null ? [] : [{ value: number, count }];
    });
}
