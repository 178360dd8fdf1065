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
