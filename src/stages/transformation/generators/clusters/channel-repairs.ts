/** Repairs of one column by a known error channel: whole values first, then words within them. */
import type { ValueWithCount } from "../../column-values.ts";
import type { Channel } from "./channel.ts";
import { matcher, type Matcher } from "./channel-match.ts";

/** A value to be rewritten. */
export interface ValueRepair {
  readonly old: string;
  readonly new: string;
  readonly count: number;
  /** Whether the whole value is known, or only its words are. */
  readonly by: "value" | "word";
}

/** Words shorter than this have too many neighbours. */
const LEAST_WORD = 4;
const WORD = /\p{L}+/gu;

/** Values of a column that the channel explains. */
export function channelRepairs(values: readonly ValueWithCount[], channel: Channel): ValueRepair[] {
  const whole = matcher(values, channel);
  let words: Matcher | undefined;
  const repairs: ValueRepair[] = [];
  for (const value of values) {
    if (!value.value.includes(channel.character)) continue;
    const match = whole.match(value);
    if (match) {
      repairs.push({ old: value.value, new: match.meant.value, count: value.count, by: "value" });
      continue;
    }
    words ??= matcher(wordCounts(values), channel);
    const mended = mendWords(value, words);
    if (mended !== value.value)
      repairs.push({ old: value.value, new: mended, count: value.count, by: "word" });
  }
  return repairs;
}

function mendWords({ value, count }: ValueWithCount, words: Matcher): string {
  return value.replaceAll(WORD, (word) =>
    word.length < LEAST_WORD ? word : (words.match({ value: word, count })?.meant.value ?? word),
  );
}

/** How many rows hold each word, most frequent first; digits and marks are no part of words. */
function wordCounts(values: readonly ValueWithCount[]): ValueWithCount[] {
  const counts = new Map<string, number>();
  for (const { value, count } of values)
    for (const word of new Set(value.match(WORD)))
      if (word.length >= LEAST_WORD) counts.set(word, (counts.get(word) ?? 0) + count);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

/** Letters whose matches show what chance brings. */
const CONTROLS = 5;

/**
 * Share of the whole-value repairs that are not there by chance, in [0, 1]. A letter of the
 * language stands in names too (a Henk is no Heng): what other letters would "repair", each as often
 * as it is used in the other values, tells how many such names there are.
 */
export function channelBelief(
  values: readonly ValueWithCount[],
  channel: Channel,
  repairs: readonly ValueRepair[],
): number {
  const mended = new Set(repairs.map(({ old }) => old));
  const usage = letterUsage(values.filter(({ value }) => !mended.has(value)));
  const own = usage.get(channel.character) ?? 0;
  if (own === 0 || repairs.length === 0) return 1;
  const controls = [...usage]
    .filter(([letter]) => letter !== channel.character)
    .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, CONTROLS);
  const byChance = controls.map(([character, used]) => {
    const look = matcher(values, { ...channel, character });
    return (values.filter((value) => look.match(value)).length * own) / used;
  });
  const expected = byChance.reduce((sum, one) => sum + one, 0) / Math.max(1, controls.length);
  return Math.max(0, 1 - expected / repairs.length);
}

/** How often each letter stands in some values. */
function letterUsage(values: readonly ValueWithCount[]): Map<string, number> {
  const usage = new Map<string, number>();
  for (const { value } of values)
    for (const letter of value.match(/\p{L}/gu) ?? [])
      usage.set(letter, (usage.get(letter) ?? 0) + 1);
  return usage;
}
