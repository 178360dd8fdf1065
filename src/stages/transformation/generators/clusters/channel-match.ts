/**
 * What a text with noise characters may have been: the dictionary words that it becomes when only
 * noise characters are changed.
 *
 * @module
 */
import type { ValueWithCount } from "../../column-values.ts";
import type { Channel } from "./channel.ts";

/** The word that a noisy text stands for. */
export interface Match {
  readonly meant: ValueWithCount;
  /** Its part of the occurrences of all words that fit. */
  readonly mass: number;
}

/** Looks noisy texts up in a dictionary of words. */
export interface Matcher {
  match(noisy: ValueWithCount): Match | undefined;
}

/** Occurrences of the meant word beside those of the noisy one. */
const LEAST_RATIO = 10;
/** Part of the mass that the best word must have; all of it where digits are hidden. */
const LEAST_MASS = 0.6;
/** A word that stands less often proves nothing. */
const LEAST_COUNT = 3;
/** Hidden characters at most, as a share of the text: what remains must still say something. */
const MOST_HIDDEN = 0.6;

/** A matcher over a dictionary; words are indexed by length, so no text meets all words. */
export function matcher(words: readonly ValueWithCount[], channel: Channel): Matcher {
  const known = words.filter(({ count }) => count >= LEAST_COUNT);
  const candidates =
    channel.kind === "insert" ? inserted(known, channel.character) : substituted(known, channel.character);
  return {
    match(noisy) {
      if (!noisy.value.includes(channel.character)) return undefined;
      const fitting = candidates(noisy.value).filter((one) => one.value !== noisy.value);
      return decide(noisy, fitting, channel);
    },
  };
}

function decide(
  noisy: ValueWithCount,
  fitting: readonly ValueWithCount[],
  channel: Channel,
): Match | undefined {
  const [meant] = fitting.toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  if (!meant) return undefined;
  const mass = meant.count / fitting.reduce((sum, { count }) => sum + count, 0);
  const enough = noisy.count === 1 ? LEAST_COUNT : LEAST_RATIO * noisy.count;
  if (meant.count < enough || mass < LEAST_MASS) return undefined;
  if (fitting.length > 1 && hidesDigit(noisy.value, meant.value, channel)) return undefined;
  return { meant, mass };
}

function hidesDigit(noisy: string, meant: string, channel: Channel): boolean {
  if (channel.kind === "insert") return false;
  const [a, b] = [[...noisy], [...meant]];
  return b.some((character, at) => /\d/.test(character) && a[at] !== character);
}

type Candidates = (noisy: string) => ValueWithCount[];

function substituted(words: readonly ValueWithCount[], noise: string): Candidates {
  const byLength = new Map<number, { word: ValueWithCount; characters: string[] }[]>();
  for (const word of words) {
    const characters = [...word.value];
    const list = byLength.get(characters.length);
    if (list) list.push({ word, characters });
    else byLength.set(characters.length, [{ word, characters }]);
  }
  return (noisy) => {
    const characters = [...noisy];
    const hidden = characters.filter((one) => one === noise).length;
    if (hidden > MOST_HIDDEN * characters.length) return [];
    return (byLength.get(characters.length) ?? [])
      .filter((one) => characters.every((c, at) => c === noise || c === one.characters[at]))
      .map(({ word }) => word);
  };
}

function inserted(words: readonly ValueWithCount[], noise: string): Candidates {
  const byValue = new Map(words.map((word) => [word.value, word]));
  return (noisy) => {
    const all = byValue.get(noisy.replaceAll(noise, ""));
    const single = [...noisy].flatMap((c, at, list) =>
      c === noise ? [list.toSpliced(at, 1).join("")] : [],
    );
    const found = new Set([all, ...single.map((text) => byValue.get(text))]);
    found.delete(undefined);
    return [...found] as ValueWithCount[];
  };
}
