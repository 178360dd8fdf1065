/** Percent signs, currency signs and units of a column: which may go because all cells agree on a meaning. */
import { cells } from "../../column-values.ts";
import { type NumberCell, overlap, plainNumeral, quantile } from "./number-cells.ts";
import type { Separators } from "./numeral.ts";
import { spellingKey, writtenUnit } from "./units.ts";

/** What to do with one kind of decoration. */
export interface Decoration {
  /** Numbers lose it. */
  readonly drop: boolean;
  /** For percent signs that are dropped: as they stand, or divided by a hundred. */
  readonly percent?: "strip" | "divide";
  readonly currency?: readonly string[];
  readonly units?: readonly string[];
  /** One phrase for a person: `a unit in 6 spellings`. */
  readonly phrase: string;
  readonly confidence: number;
}

/** A decoration on at least this share of the numbers is the column's own form. */
const OWN_FORM = 0.8;
/** Share of decorated numbers that must lie where the bare ones lie. */
const OVERLAP = 0.9;

/** Confidence where most numbers bear no unit: the others' sizes are like theirs, or only in their range. */
const MOSTLY_BARE = { close: 0.85, apart: 0.6 } as const;

const keep = (phrase: string): Decoration => ({ drop: false, phrase, confidence: 0 });

/** Every decoration found on a column's numbers, with what to do about it. */
export function decorations(numbers: readonly NumberCell[], separators: Separators): Decoration[] {
  const bare = numbers.filter(({ numeral }) => isBare(numeral));
  const found = [
    percentSigns(numbers, bare, separators),
    currencySigns(numbers, bare, separators),
    unitSuffixes(numbers, bare, separators),
  ];
  return found.filter((decoration) => decoration !== undefined);
}

function isBare({ percent, currency, unit }: NumberCell["numeral"]): boolean {
  return !percent && currency === "" && unit === "";
}

/** Numbers to compare by size; `scale` is what each is multiplied with. */
function sizes(
  numbers: readonly NumberCell[],
  separators: Separators,
  scale = 1,
): (readonly [number, number])[] {
  return numbers.flatMap(({ numeral, count }) => {
    const plain = plainNumeral(numeral, separators);
    return plain === undefined ? [] : [[Number(plain) * scale, count] as const];
  });
}

function percentSigns(
  numbers: readonly NumberCell[],
  bare: readonly NumberCell[],
  separators: Separators,
): Decoration | undefined {
  const marked = numbers.filter(({ numeral }) => numeral.percent);
  if (marked.length === 0) return undefined;
  if (cells(marked) >= OWN_FORM * cells(numbers)) return keep("percent signs throughout");
  const among = sizes(bare, separators);
  const strip = overlap(sizes(marked, separators), among);
  const divide = overlap(sizes(marked, separators, 0.01), among);
  const phrase = `a percent sign on ${cells(marked)} of them`;
  if (strip >= OVERLAP && divide <= 1 - OVERLAP)
    return {
      drop: true,
      percent: "strip",
      phrase: `${phrase} whose number is already in the scale of the others`,
      confidence: 0.97,
    };
  if (divide >= OVERLAP && strip <= 1 - OVERLAP)
    return {
      drop: true,
      percent: "divide",
      phrase: `${phrase} that is a hundred times the scale of the others`,
      confidence: 0.9,
    };
  return keep("percent signs of an unclear scale");
}

function currencySigns(
  numbers: readonly NumberCell[],
  bare: readonly NumberCell[],
  separators: Separators,
): Decoration | undefined {
  const marked = numbers.filter(({ numeral }) => numeral.currency !== "");
  if (marked.length === 0) return undefined;
  const signs = [...new Set(marked.map(({ numeral }) => numeral.currency))];
  if (signs.length > 1) return keep("several currencies");
  if (cells(marked) >= OWN_FORM * cells(numbers)) return keep("a currency sign throughout");
  if (overlap(sizes(marked, separators), sizes(bare, separators)) < OVERLAP)
    return keep("a currency sign on numbers of another size");
  return {
    drop: true,
    currency: signs,
    phrase: `a currency sign on ${cells(marked)} of them`,
    confidence: 0.92,
  };
}

function unitSuffixes(
  numbers: readonly NumberCell[],
  bare: readonly NumberCell[],
  separators: Separators,
): Decoration | undefined {
  const marked = numbers.filter(({ numeral }) => numeral.unit !== "");
  if (marked.length === 0) return undefined;
  const agreement = unitAgreement(marked);
  if (agreement === 0) return keep("units or words that differ");
  const spellings = suffixCounts(marked);
  const commonest = Math.max(...spellingGroups(marked).values());
  const bareShare = cells(bare) / cells(numbers);
  if (commonest >= OWN_FORM * cells(numbers)) return keep("one spelling of a unit throughout");
  const [few, most] = bareShare < 0.5 ? [bare, marked] : [marked, bare];
  const fits = overlap(sizes(few, separators), sizes(most, separators)) >= OVERLAP;
  if (bareShare > 0.02 && !fits) return keep("a unit on numbers of another size");
  // Numbers without a unit may be of another one: months among years. Where most are bare, size must agree closely.
  const close = isTypical(sizes(marked, separators), sizes(bare, separators));
  const confidence = bareShare < 0.5 ? agreement : close ? MOSTLY_BARE.close : MOSTLY_BARE.apart;
  const units = [...spellings.keys()].toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1));
  return { drop: true, units, phrase: `one unit in ${units.length} spellings`, confidence };
}

/** Written suffixes with their cells. */
function suffixCounts(marked: readonly NumberCell[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { numeral, count } of marked)
    if (numeral.unit !== "") counts.set(numeral.unit, (counts.get(numeral.unit) ?? 0) + count);
  return counts;
}

/** Cells by spelling; spellings that differ only by a plural s, or stand only with 1, go with the plural. */
function spellingGroups(marked: readonly NumberCell[]): Map<string, number> {
  const groups = new Map<string, number>();
  const add = (key: string, count: number) => groups.set(key, (groups.get(key) ?? 0) + count);
  const beyondOne = new Set<string>();
  for (const { numeral } of marked)
    if (numeral.body !== "1") beyondOne.add(spellingKey(numeral.unit));
  let singular = 0;
  for (const { numeral, count } of marked) {
    const key = spellingKey(numeral.unit);
    if (beyondOne.has(key)) add(key, count);
    else singular += count;
  }
  const [plural] = [...groups].toSorted((a, b) => b[1] - a[1]);
  add(plural?.[0] ?? "", singular);
  return groups;
}

/** The middle of the numbers lies in the middle half of the others, and they are not too few to tell. */
function isTypical(
  numbers: readonly (readonly [number, number])[],
  among: readonly (readonly [number, number])[],
): boolean {
  const middle = quantile(numbers, 0.5);
  const count = numbers.reduce((sum, [, n]) => sum + n, 0);
  return count >= 5 && middle >= quantile(among, 0.25) && middle <= quantile(among, 0.75);
}

/** How sure all suffixes mean one unit, in [0, 1]; 0 when they do not. */
function unitAgreement(marked: readonly NumberCell[]): number {
  // 12A is a house number; a letter is a unit only where a longer spelling says so.
  if (marked.every(({ numeral }) => numeral.unit.replaceAll(".", "").length === 1)) return 0;
  const units = new Set(marked.map(({ numeral }) => writtenUnit(numeral.unit)?.unit));
  if (units.size > 1) return 0;
  if (units.has(undefined)) return haveOneWord([...suffixCounts(marked).keys()]) ? 0.85 : 0;
  const alone = cells(marked.filter(({ numeral }) => writtenUnit(numeral.unit)?.alone));
  return alone >= OWN_FORM * cells(marked) ? 0.97 : 0;
}

/** Several spellings, all of them the longest one or abbreviations of it. */
function haveOneWord(spellings: readonly string[]): boolean {
  const longest = spellings.reduce((a, b) => (b.length > a.length ? b : a));
  return spellings.length > 1 && spellings.every((spelling) => isAbbreviation(spelling, longest));
}

/** `Pkg.` of `Package`: the same first letter, then letters of the word in their order; two letters at least. */
function isAbbreviation(short: string, long: string): boolean {
  const letters = Array.from(short.toLowerCase().replaceAll(/[.\s]/g, ""));
  const word = long.toLowerCase();
  if (letters.length < 2 || !/^\p{L}+$/u.test(letters.join("")) || letters[0] !== word[0])
    return false;
  let place = 0;
  return letters.every((letter) => {
    const found = word.indexOf(letter, place);
    place = found + 1;
    return found >= 0;
  });
}
