/** Shapes, kinds and formats of each column, decided on all its values. */
import { z } from "zod";
import { identifier, type Sql } from "../../core/index.ts";
import { batches, type Placed, type ProfilingInput, scan } from "./input.ts";
import { kindOf } from "./kind.ts";
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

/** Read every column's different values. */
export async function profilePatterns(input: ProfilingInput): Promise<PatternsPart> {
  const found: PatternsOfColumn[] = [];
  for (const batch of batches(input)) {
    const { setup, from } = scan(
      input,
      batch.map(({ name }) => name),
    );
    const sql = batch.map((column) => valuesOf(column, from)).join("\nUNION ALL ");
    const rows = await input.ask({ setup, sql, row: ValuesRow }, input.signal);
    for (const row of rows.toSorted((a, b) => a.position - b.position)) {
      const name = input.columns[row.position] ?? "";
      const values = row.values.map((value, index) => ({ value, count: row.counts[index] ?? 0 }));
      found.push({
        name,
        position: row.position,
        ...patternsOf(values, input.options.nullTokens),
      });
    }
  }
  return found;
}

function valuesOf({ name, position }: Placed, from: Sql): Sql {
  return `SELECT ${position} AS "position", coalesce(list("v"), []) AS "values", coalesce(list("n"), []) AS "counts"
  FROM (SELECT ${identifier(name)} AS "v", count(*) AS "n" FROM ${from} WHERE ${identifier(name)} IS NOT NULL GROUP BY 1)`;
}

/** What the different values of a column and their counts say of it. */
export function patternsOf(
  values: readonly ValueCount[],
  extraTokens: readonly string[],
): Omit<PatternsOfColumn, "name" | "position"> {
  const tally = newTally();
  for (const { value, count } of values) tallyValue(tally, value, count, extraTokens);
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
  const isValue = (token: Token) =>
    alone || (!token.certain && wordy && isAtHome(token, tally));
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
