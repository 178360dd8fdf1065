/**
 * Rare values that are a slip away from a frequent one, found by deletion neighbourhoods
 * (as in SymSpell): two texts at distance one share a text with one character less.
 *
 * @module
 */
import type { ValueWithCount } from "../../column-values.ts";
import { editDistance } from "../dependencies/index.ts";

/** A rare value, and the frequent ones at distance one. */
export interface NearPair {
  readonly rare: ValueWithCount;
  /** Most frequent first. */
  readonly frequent: readonly ValueWithCount[];
}

/** How many times more often the frequent value must stand. */
export const LEAST_RATIO = 10;
/** A value that stands less often is not frequent. */
export const LEAST_FREQUENT = 10;
/** Shorter texts have neighbours by accident; longer ones are compared word by word. */
const LENGTHS = { least: 4, most: 80 };

/** Pairs at distance one, rare values in the order of `values`. */
export function nearPairs(values: readonly ValueWithCount[]): NearPair[] {
  const frequent = values.filter(({ value, count }) => count >= LEAST_FREQUENT && fits(value));
  const [top] = frequent;
  if (!top) return [];
  const index = deletionIndex(frequent);
  const pairs: NearPair[] = [];
  for (const rare of values) {
    if (rare.count * LEAST_RATIO > top.count || !fits(rare.value)) continue;
    const near = neighbours(rare.value, index)
      .map((at) => frequent[at]!)
      .filter((one) => one.count >= LEAST_RATIO * rare.count)
      .filter((one) => editDistance(rare.value, one.value, 1) === 1)
      .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
    if (near.length > 0) pairs.push({ rare, frequent: near });
  }
  return pairs;
}

/** Values that have another of the same list at distance one, each with its first such neighbour. */
export function neighboursAmong(values: readonly ValueWithCount[]): [string, string][] {
  const fitting = values.filter(({ value }) => fits(value));
  const index = deletionIndex(fitting);
  return fitting.flatMap(({ value }): [string, string][] => {
    const other = neighbours(value, index)
      .map((at) => fitting[at]?.value ?? value)
      .find((one) => one !== value && editDistance(value, one, 1) === 1);
    return other === undefined ? [] : [[value, other]];
  });
}

function fits(value: string): boolean {
  return value.length >= LENGTHS.least && value.length <= LENGTHS.most;
}

function deletionIndex(frequent: readonly ValueWithCount[]): Map<string, number[]> {
  const index = new Map<string, number[]>();
  for (const [at, { value }] of frequent.entries())
    for (const key of deletions(value)) {
      const list = index.get(key);
      if (list) list.push(at);
      else index.set(key, [at]);
    }
  return index;
}

function neighbours(value: string, index: ReadonlyMap<string, readonly number[]>): number[] {
  const found = new Set<number>();
  for (const key of deletions(value)) for (const at of index.get(key) ?? []) found.add(at);
  return [...found];
}

/** The text itself and each text with one character less. */
function deletions(value: string): Set<string> {
  const keys = new Set([value]);
  const characters = Array.from(value);
  for (let at = 0; at < characters.length; at++) keys.add(characters.toSpliced(at, 1).join(""));
  return keys;
}
