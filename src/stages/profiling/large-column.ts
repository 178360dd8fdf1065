/**
 * A column with too many different values to hold. A sample of its rows says which ways of writing
 * to look for; SQL counts these on all values and gives back those written otherwise, so that the
 * kind is still decided on all of them.
 *
 * @module
 */
import { z } from "zod";
import { identifier, literal, literals, type Sql, WranglerError } from "../../core/index.ts";
import { listOf } from "./column-values.ts";
import type { ProfilingInput } from "./input.ts";
import {
  LargeNumbers,
  numberSql,
  numbersFrom,
  statisticsSql,
  statisticsTable,
} from "./large-numbers.ts";
import { type LargePlan, planLarge } from "./large-plan.ts";
import { maskOf } from "./mask.ts";
import { nullLexicon } from "./null-tokens.ts";
import { numbersOf } from "./number-kind.ts";
import { numberValue } from "./number-reading.ts";
import { judge, type Patterns, patternsOf } from "./pattern-part.ts";
import type { ValueCount } from "./profile.ts";
import { newTally, type Tally, tallyMask, tallyReading, tallyValue } from "./tally.ts";
import { countsFrom, CountsRow, countsSql, type ValueCounts } from "./value-counts.ts";
import type { Bucket } from "./value-shape.ts";

/** Values written otherwise are read one by one up to this many. */
const MAX_OTHERS = 100_000;

const LargeRow = z.object({
  counted: CountsRow,
  buckets: z.array(z.int()),
  counts: z.array(z.int()),
  values: listOf<string>(),
  valueCounts: listOf<number>(),
  numbers: LargeNumbers,
});
type LargeRow = z.infer<typeof LargeRow>;
const NumbersRow = z.object({ numbers: LargeNumbers });
const ValueRow = z.object({ value: z.string(), count: z.int() });

/** What is told of a large column. */
export interface LargeColumn {
  readonly counts: ValueCounts;
  readonly patterns: Patterns;
}

/** Count a large column. */
export async function readLargeColumn(
  input: ProfilingInput,
  column: string,
  sample: readonly ValueCount[],
): Promise<LargeColumn> {
  const plan = planLarge(sample, input.options.nullTokens);
  const [row] = await input.ask(
    { setup: tablesOf(input, column, plan), sql: countedSql(input, plan), row: LargeRow },
    input.signal,
  );
  if (!row)
    throw new WranglerError("INTERNAL", `The counts of column ${column} came without a row.`);
  return {
    counts: countsFrom(row.counted, input.rows),
    patterns:
      (await patternsOfLarge(input, column, plan, row)) ??
      patternsOf(await readAll(input, column), input.options.nullTokens),
  };
}

/** Null when too many values are written in ways that the sample did not show. */
async function patternsOfLarge(
  input: ProfilingInput,
  column: string,
  plan: LargePlan,
  row: LargeRow,
): Promise<Patterns | null> {
  if (row.values.length > MAX_OTHERS) return null;
  const others = valuesOf(row);
  const tally = fill(row, others, plan.buckets, input.options.nullTokens);
  if (numbersOf([...tally.groups.values()]).decimal !== plan.decimal) return null;
  const patterns = judge(tally);
  const isShaped = patterns.kind === "code" || patterns.kind === "phone";
  const more = otherNumbers(others, input.options.nullTokens, plan.decimal);
  return {
    ...patterns,
    patterns: plan.masksKnown ? patterns.patterns : [],
    formats: plan.shapesKnown || !isShaped ? patterns.formats : [],
    numbers: patterns.numbers && numbersFrom(await numbersWith(input, column, plan, row, more)),
  };
}

function valuesOf({ values, valueCounts }: LargeRow): ValueCount[] {
  return values.map((value, index) => ({ value, count: valueCounts[index] ?? 0 }));
}

/** The statistics of the column's numbers, those among them that were read one by one. */
async function numbersWith(
  input: ProfilingInput,
  column: string,
  plan: LargePlan,
  row: LargeRow,
  more: readonly WeightedNumber[],
): Promise<LargeNumbers> {
  if (more.length === 0) return row.numbers;
  const added = more.map(({ value, count }) => `(${value}::DOUBLE, ${count})`).join(", ");
  const insert = `INSERT INTO large ("x", "n") VALUES ${added}`;
  const [found] = await input.ask(
    {
      setup: [...tablesOf(input, column, plan, insert)],
      sql: `SELECT (${statisticsSql()}) AS "numbers"`,
      row: NumbersRow,
    },
    input.signal,
  );
  return found?.numbers ?? null;
}

/** Every different value, for a column whose values are written in too many ways to be counted otherwise. */
async function readAll(input: ProfilingInput, column: string): Promise<ValueCount[]> {
  const name = identifier(column);
  const sql = `SELECT ${name} AS "value", count(*) AS "count" FROM ${input.source} WHERE ${name} IS NOT NULL GROUP BY 1`;
  return input.ask({ sql, row: ValueRow }, input.signal);
}

interface WeightedNumber {
  readonly value: number;
  readonly count: number;
}

const TOKEN = -2;
const OTHER = -1;

/** The column's different values, each with the bucket that it falls into and its number. */
function tablesOf(input: ProfilingInput, column: string, plan: LargePlan, insert?: Sql): Sql[] {
  const { buckets, decimal } = plan;
  const bucket = bucketSql(plan, nullLexicon(input.options.nullTokens));
  return [
    `CREATE TEMP TABLE large AS SELECT "v", "n", "b", ${numberSql(buckets, decimal)} AS "x"
      FROM (SELECT "v", "n", CASE WHEN "v" IS NOT NULL THEN ${bucket} END AS "b"
        FROM (SELECT ${identifier(column)} AS "v", count(*) AS "n" FROM ${input.source} GROUP BY 1))`,
    ...(insert === undefined ? [] : [insert]),
    statisticsTable(),
  ];
}

function bucketSql({ buckets, wordy }: LargePlan, lexicon: readonly string[]): Sql {
  const longest = Math.max(...lexicon.map((token) => token.length)) + 8;
  const isToken = `CASE WHEN strlen("v") <= ${longest} THEN lower(trim("v")) IN ${literals(["", ...lexicon])} ELSE false END`;
  const arms = buckets.map(
    ({ pattern }, index) => `WHEN regexp_full_match("v", ${literal(pattern)}) THEN ${index}`,
  );
  // A word may both mean "missing" and be written like the column's values: then it is looked for first.
  const token = wordy ? [`WHEN ${isToken} THEN ${TOKEN}`] : [];
  const inside = buckets.some(({ values }) => mayHoldTokens(values[0]?.value ?? "", lexicon));
  const ordered = inside ? [...token, ...arms] : [...arms, ...token];
  return ordered.length === 0 ? String(OTHER) : `CASE ${ordered.join("\n")} ELSE ${OTHER} END`;
}

function countedSql(input: ProfilingInput, { wordy }: LargePlan): Sql {
  const listed = wordy ? TOKEN : OTHER;
  return `SELECT "counted", "buckets", "counts", "values", "valueCounts", (${statisticsSql()}) AS "numbers"
    FROM (SELECT "c" AS "counted" FROM (${countsSql("large", input.options.topValues)}) "c"),
    (SELECT coalesce(list("b" ORDER BY "b"), []) AS "buckets", coalesce(list("n" ORDER BY "b"), []) AS "counts"
      FROM (SELECT "b", sum("n")::BIGINT AS "n" FROM large WHERE "b" IS NOT NULL GROUP BY 1)),
    (SELECT coalesce(list("v" ORDER BY "v"), []) AS "values", coalesce(list("n" ORDER BY "v"), []) AS "valueCounts"
      FROM (SELECT "v", "n" FROM large WHERE "b" = ${listed} ORDER BY 1 LIMIT ${MAX_OTHERS + 1}))`;
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
function fill(
  row: LargeRow,
  others: readonly ValueCount[],
  buckets: readonly Bucket[],
  extra: readonly string[],
): Tally {
  const tally = newTally(true);
  for (const value of others) tallyValue(tally, value, extra);
  const listed = others.reduce((sum, { count }) => sum + count, 0);
  let unlisted = -listed;
  row.buckets.forEach((index, at) => {
    const rows = row.counts[at] ?? 0;
    const bucket = buckets[index];
    if (!bucket) {
      unlisted += rows;
      return;
    }
    for (const counted of apportion(bucket.values, rows)) {
      tallyReading(tally, bucket.reading, counted);
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
  others: readonly ValueCount[],
  extra: readonly string[],
  decimal: "." | ",",
): WeightedNumber[] {
  const read = newTally(true);
  for (const value of others) tallyValue(read, value, extra);
  return [...read.groups.values()]
    .filter(({ reading }) => reading.is === "number" && reading.body !== "zeros")
    .flatMap(({ values }) => values)
    .flatMap(({ value, count }) => {
      const number = numberValue(value, decimal);
      return number === null ? [] : [{ value: number, count }];
    });
}
