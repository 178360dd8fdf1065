/** Shapes, kinds and formats of each column, decided on all its values. */
import { z } from "zod";
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

/** What the values of each column look like, in order. */
export const PatternsPart = z.array(PatternsOfColumn);
export type PatternsPart = z.infer<typeof PatternsPart>;

/** What a column's values look like. */
export type Patterns = Omit<PatternsPart[number], "name" | "position">;

/** What the different values of a column and their counts say of it. */
export function patternsOf(
  values: readonly ValueCount[],
  extraTokens: readonly string[],
): Patterns {
  const tally = newTally();
  for (const value of values) tallyValue(tally, value, extraTokens);
  return judge(tally);
}

/** What a tally of the column says. */
export function judge(tally: Tally): Patterns {
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
  for (const { value, count } of restored) tallyFilled(tally, { value: value.trim(), count });
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
