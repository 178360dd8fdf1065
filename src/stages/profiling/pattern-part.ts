/** Shapes, kinds and formats of each column, decided on all its values. */
import { z } from "zod";
import { identifier, type Sql } from "../../core/index.ts";
import { batches, inBatches, type Placed, type ProfilingInput, sampleOf, scan } from "./input.ts";
import { kindOf } from "./kind.ts";
import { tallyLarge } from "./large-column.ts";
import { maskOf } from "./mask.ts";
import { ColumnProfile, type ValueCount } from "./profile.ts";
import {
  byCount,
  formatCount,
  mostFrequent,
  newTally,
  type Tally,
  tallyFilled,
  tallyValue,
  type Token,
} from "./tally.ts";

const PatternsOfColumn = ColumnProfile.pick({
  name: true,
  position: true,
  nullTokens: true,
  patterns: true,
  kind: true,
  kindShare: true,
  exceptions: true,
  formats: true,
  numbers: true,
});
type PatternsOfColumn = z.infer<typeof PatternsOfColumn>;

/** What the branch `patterns` finds, one entry for each column, in order. */
export const PatternsPart = z.array(PatternsOfColumn);
export type PatternsPart = z.infer<typeof PatternsPart>;

const ValuesRow = z.object({
  position: z.int(),
  values: z.array(z.string()),
  counts: z.array(z.int()),
});
type ValuesRow = z.infer<typeof ValuesRow>;

/** Columns with more different values than this are counted where they lie. */
const MAX_VALUES = 50_000;
/** Rows that tell beforehand which columns these will be. */
const SAMPLE = 8_000;
/** Share of different values in the sample from which a column is taken for one of them. */
const LARGE_SHARE = 0.8;

/** Read every column's different values. */
export async function profilePatterns(input: ProfilingInput): Promise<PatternsPart> {
  const sample =
    input.rows > MAX_VALUES ? await readSample(input) : new Map<number, ValueCount[]>();
  const found: PatternsOfColumn[] = [];
  for (const batch of batches(input)) {
    const small = batch.filter(({ position }) => !isLarge(sample.get(position)));
    const values = await readValues(input, small);
    for (const column of batch) {
      const few = values.get(column.position);
      const patterns =
        few && few.length <= MAX_VALUES
          ? patternsOf(few, input.options.nullTokens)
          : await patternsOfLarge(input, column, sample.get(column.position) ?? []);
      found.push({ ...column, ...patterns });
    }
  }
  return found;
}

function isLarge(sample: readonly ValueCount[] | undefined): boolean {
  const rows = sample?.reduce((sum, { count }) => sum + count, 0) ?? 0;
  return sample !== undefined && sample.length >= 1_000 && sample.length >= rows * LARGE_SHARE;
}

/** The values of some rows, the same whatever the number of threads. */
async function readSample(input: ProfilingInput): Promise<Map<number, ValueCount[]>> {
  const found = new Map<number, ValueCount[]>();
  const condition = sampleOf(input, SAMPLE) || "true";
  const placed = input.columns.map((name, position) => ({ name, position }));
  for (const batch of inBatches(placed, 50)) {
    const list = batch.map(({ name }) => identifier(name)).join(", ");
    const setup = [
      `CREATE TEMP TABLE sampled AS SELECT ${list} FROM ${input.source} WHERE ${condition}`,
    ];
    const sql = batch.map((column) => valuesOf(column, "sampled")).join("\nUNION ALL ");
    const rows = await input.ask({ setup, sql, row: ValuesRow }, input.signal);
    for (const row of rows) found.set(row.position, valuesFrom(row).toSorted(byCount));
  }
  return found;
}

async function readValues(
  input: ProfilingInput,
  columns: readonly Placed[],
): Promise<Map<number, ValueCount[]>> {
  if (columns.length === 0) return new Map();
  const { setup, from } = scan(
    input,
    columns.map(({ name }) => name),
  );
  const sql = columns.map((column) => valuesOf(column, from)).join("\nUNION ALL ");
  const rows = await input.ask({ setup, sql, row: ValuesRow }, input.signal);
  return new Map(rows.map((row) => [row.position, valuesFrom(row)]));
}

function valuesOf({ name, position }: Placed, from: Sql): Sql {
  return `SELECT ${position} AS "position", coalesce(list("v"), []) AS "values", coalesce(list("n"), []) AS "counts"
  FROM (SELECT ${identifier(name)} AS "v", count(*) AS "n" FROM ${from} WHERE ${identifier(name)} IS NOT NULL
    GROUP BY 1 LIMIT ${MAX_VALUES + 1})`;
}

function valuesFrom({ values, counts }: ValuesRow): ValueCount[] {
  return values.map((value, index) => ({ value, count: counts[index] ?? 0 }));
}

type Patterns = Omit<PatternsOfColumn, "name" | "position">;

async function patternsOfLarge(
  input: ProfilingInput,
  column: Placed,
  sample: readonly ValueCount[],
): Promise<Patterns> {
  const large = await tallyLarge(input, column.name, sample);
  if (!large) return patternsOf(await readAll(input, column.name), input.options.nullTokens);
  const patterns = judge(large.tally);
  const isShaped = patterns.kind === "code" || patterns.kind === "phone";
  return {
    ...patterns,
    patterns: large.masksKnown ? patterns.patterns : [],
    formats: large.shapesKnown || !isShaped ? patterns.formats : [],
    numbers: patterns.numbers && large.numbers,
  };
}

const AllRow = z.object({ value: z.string(), count: z.int() });

/** Every different value, for a column whose values are written in too many ways to be counted otherwise. */
async function readAll(input: ProfilingInput, column: string): Promise<ValueCount[]> {
  const name = identifier(column);
  const sql = `SELECT ${name} AS "value", count(*) AS "count" FROM ${input.source} WHERE ${name} IS NOT NULL GROUP BY 1`;
  return input.ask({ sql, row: AllRow }, input.signal);
}

/** What the different values of a column and their counts say of it. */
export function patternsOf(
  values: readonly ValueCount[],
  extraTokens: readonly string[],
): Patterns {
  const tally = newTally();
  for (const { value, count } of values) tallyValue(tally, value, count, extraTokens);
  return judge(tally);
}

function judge(tally: Tally): Patterns {
  const tokens = settleTokens(tally);
  const verdict = kindOf(tally);
  const patterns = [...tally.masks].map(([mask, members]) => formatCount(mask, members));
  return {
    nullTokens: tokens.map(({ value, count }) => ({ value, count })).toSorted(byCount),
    patterns: mostFrequent(patterns, 20),
    kind: verdict.kind,
    kindShare: tally.rows === 0 ? 0 : verdict.rows / tally.rows,
    exceptions: tally.rows - verdict.rows,
    formats: mostFrequent(verdict.formats, 20),
    numbers: verdict.numbers,
  };
}

/** A word that looks like a null token is a value where this share of the others is written like it. */
const AT_HOME_SHARE = 0.1;

/**
 * Decide which spellings mean "missing" here and count the rest as values: those that only possibly
 * mean it and are written like the column's other values, or that are all there is.
 */
function settleTokens(tally: Tally): Token[] {
  const { tokens } = tally;
  if (tokens.length === 0) return [];
  const wordy = ["text", "category", "code"].includes(kindOf(tally).kind);
  const alone = tally.rows === 0 && tokens.some(({ certain }) => !certain);
  const isValue = (token: Token) => alone || (!token.certain && wordy && isAtHome(token, tally));
  const restored = tokens.filter((token) => isValue(token));
  const kept = tokens.filter((token) => !restored.includes(token));
  for (const { value, count } of restored) tallyFilled(tally, value.trim(), count);
  return kept;
}

function isAtHome(token: Token, tally: Tally): boolean {
  const spellings = new Set(tally.tokens.map(({ value }) => value));
  const alike = (tally.masks.get(maskOf(token.value)) ?? []).filter(
    ({ value }) => !spellings.has(value),
  );
  const sameLength = token.value.trim().length <= 2;
  const rows = alike
    .filter(({ value }) => !sameLength || value.length === token.value.length)
    .reduce((sum, { count }) => sum + count, 0);
  return rows > 0 && rows >= tally.rows * AT_HOME_SHARE;
}
