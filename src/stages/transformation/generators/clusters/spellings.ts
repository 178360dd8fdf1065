/**
 * Spellings of one value: texts that have the same fingerprint (accents, case, punctuation, order
 * of words, or blanks aside), as in key-collision clustering.
 *
 * @module
 */
import type { ValueWithCount } from "../../column-values.ts";
import { LEAST_FREQUENT, LEAST_RATIO } from "./near-frequent.ts";

/** A frequent spelling and the rare ones of the same value. */
export interface Spellings {
  readonly to: ValueWithCount;
  readonly from: readonly ValueWithCount[];
  /** True when only letter case differs. */
  readonly caseOnly: boolean;
}

/** Groups in which one spelling is at least ten times as frequent as each other one. */
export function spellingsOf(values: readonly ValueWithCount[]): Spellings[] {
  const groups = new Map<string, ValueWithCount[]>();
  // In numbers and codes punctuation has a meaning.
  const texts = values.filter(({ value }) => /\p{L}{2}/u.test(value));
  for (const value of texts)
    for (const key of new Set([fingerprintKey(value.value), gramKey(value.value)])) {
      if (key === "") continue;
      const list = groups.get(key);
      if (list) list.push(value);
      else groups.set(key, [value]);
    }
  const taken = new Set<string>();
  const found = new Map<
    string,
    { to: ValueWithCount; from: ValueWithCount[]; caseOnly: boolean }
  >();
  for (const group of groups.values()) {
    const [to, ...others] = group.toSorted((a, b) => b.count - a.count);
    if (!to || to.count < LEAST_FREQUENT || taken.has(to.value)) continue;
    const from = others.filter(
      ({ value, count }) =>
        to.count >= LEAST_RATIO * count && !taken.has(value) && sameDigits(value, to.value),
    );
    for (const one of from) {
      taken.add(one.value);
      const caseOnly = one.value.toLowerCase() === to.value.toLowerCase();
      const key = `${caseOnly} ${to.value}`;
      const spellings = found.get(key) ?? { to, from: [], caseOnly };
      spellings.from.push(one);
      found.set(key, spellings);
    }
  }
  return [...found.values()];
}

/** Words without accents, case and punctuation, each once, sorted. */
export function fingerprintKey(value: string): string {
  const words = plain(value).split(/[^\p{L}\p{N}]+/u);
  return [...new Set(words.filter(Boolean))].toSorted().join(" ");
}

/** Shorter texts without their blanks collide by accident. */
const LEAST_KEY = 6;

/** The value without blanks and punctuation; empty for short ones. */
function gramKey(value: string): string {
  const text = plain(value).replaceAll(/[^\p{L}\p{N}]+/gu, "");
  return text.length < LEAST_KEY ? "" : `#${text}`;
}

function plain(value: string): string {
  return value
    .normalize("NFKD")
    .replaceAll(/\p{M}+/gu, "")
    .toLowerCase()
    .trim();
}

function sameDigits(a: string, b: string): boolean {
  return a.replaceAll(/\D+/g, "") === b.replaceAll(/\D+/g, "");
}
