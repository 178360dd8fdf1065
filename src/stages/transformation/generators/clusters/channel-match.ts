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
/** Part of the mass that the best word must have; where digits are hidden it must be the only one. */
const LEAST_MASS = 0.6;
/** A word that stands less often proves nothing. */
const LEAST_COUNT = 3;
/** Hidden characters at most, as a share of the text: what remains must still say something. */
const MOST_HIDDEN = 0.6;

/** A matcher over a dictionary; words are indexed by length, so no text meets all words. */
export function matcher(words: readonly ValueWithCount[], channel: Channel): Matcher {
  const lookUp = channel.kind === "insert" ? inserted : substituted;
  const candidates = lookUp(words, channel.character);
  return {
    match(noisy) {
      if (!noisy.value.includes(channel.character)) return undefined;
      const fitting = candidates(noisy.value).filter((one) => isLessNoisy(one.value, noisy.value));
      return decide(noisy, fitting, channel);
    },
  };

  /** Only a text with fewer noise characters can be what was meant. */
  function isLessNoisy(word: string, noisy: string): boolean {
    return word.split(channel.character).length < noisy.split(channel.character).length;
  }
}

function decide(
  noisy: ValueWithCount,
  fitting: readonly ValueWithCount[],
  channel: Channel,
): Match | undefined {
  const [meant] = fitting.toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  if (!meant) return undefined;
  const mass = meant.count / fitting.reduce((sum, { count }) => sum + count, 0);
  const digits = hidesDigit(noisy.value, meant.value, channel);
  const usual = noisy.count === 1 && !digits ? LEAST_COUNT : LEAST_RATIO * noisy.count;
  if (meant.count < usual || mass < LEAST_MASS) return undefined;
  return digits && fitting.length > 1 ? undefined : { meant, mass };
}

function hidesDigit(noisy: string, meant: string, channel: Channel): boolean {
  if (channel.kind === "insert") return false;
  const [a, b] = [Array.from(noisy), Array.from(meant)];
  return b.some((character, at) => /\d/.test(character) && a[at] !== character);
}

type Candidates = (noisy: string) => ValueWithCount[];

function substituted(words: readonly ValueWithCount[], noise: string): Candidates {
  const byLength = new Map<number, { word: ValueWithCount; characters: string[] }[]>();
  for (const word of words) {
    const characters = Array.from(word.value);
    const list = byLength.get(characters.length);
    if (list) list.push({ word, characters });
    else byLength.set(characters.length, [{ word, characters }]);
  }
  return (noisy) => {
    const characters = Array.from(noisy);
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
    const texts = new Set([noisy.replaceAll(noise, "")]);
    const characters = Array.from(noisy);
    for (const [at, character] of characters.entries())
      if (character === noise) texts.add(characters.toSpliced(at, 1).join(""));
    return [...texts].flatMap((text) => byValue.get(text) ?? []);
  };
}
