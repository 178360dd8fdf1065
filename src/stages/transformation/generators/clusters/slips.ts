/**
 * Rare values that are a slip of a frequent one without a known error channel. Whether that can
 * be believed depends on the column: names of their own have neighbours too. How often by chance
 * is seen from the frequent values, of which few are errors: what is beyond that are slips.
 *
 * @module
 */
import type { ValueWithCount } from "../../column-values.ts";
import { editsBetween } from "../dependencies/index.ts";
import { LEAST_FREQUENT, type NearPair, neighboursAmong } from "./near-frequent.ts";

/** A rare value and the value it is taken for. */
export interface Slip {
  readonly old: string;
  readonly new: string;
  readonly count: number;
}

export interface Slips {
  readonly slips: readonly Slip[];
  /** Values so rare that they may be slips. */
  readonly rare: number;
  /** Share of the slips that are not there by chance, in [0, 1]. */
  readonly belief: number;
}

/** The best neighbour must hold this part of the occurrences of all neighbours. */
const LEAST_MASS = 0.6;
/** The word that holds the edit must be this long, in characters. */
const LEAST_WORD = 5;
/** A slip is made once or twice. */
const MOST_ROWS = 2;
/** From this share of slips among the rare values on, a column is a closed list. */
const CLOSED = 0.8;
/** What that is worth where too few frequent values tell of chance. */
const CLOSED_BELIEF = 0.85;

/** The believable slips among the near pairs of a column. */
export function slipsOf(values: readonly ValueWithCount[], pairs: readonly NearPair[]): Slips {
  const slips = pairs.flatMap((pair) => {
    const meant = best(pair);
    return meant && pair.rare.count <= MOST_ROWS && isSlip(pair.rare.value, meant.value)
      ? [{ old: pair.rare.value, new: meant.value, count: pair.rare.count }]
      : [];
  });
  const rare = values.filter(({ count }) => count <= MOST_ROWS).length;
  if (slips.length === 0) return { slips, rare, belief: 0 };
  const frequent = values.filter(({ count }) => count >= LEAST_FREQUENT);
  const near = neighboursAmong(frequent).filter(([a, b]) => isSlip(a, b)).length;
  const byChance = (rare * (near + 1)) / (frequent.length + 2);
  const beyond = Math.max(0, 1 - byChance / slips.length);
  const closed = near === 0 && slips.length >= CLOSED * rare ? CLOSED_BELIEF : 0;
  return { slips, rare, belief: Math.max(beyond, closed) };
}

function best({ frequent }: NearPair): ValueWithCount | undefined {
  const [first] = frequent;
  const mass = frequent.reduce((sum, { count }) => sum + count, 0);
  return first && first.count >= LEAST_MASS * mass ? first : undefined;
}

/**
 * Never a slip: a difference in a digit, in case, blank or punctuation only (another spelling),
 * in a short word (types, numerals, initials), or a plural's ending.
 */
function isSlip(rare: string, meant: string): boolean {
  const [edit] = editsBetween(rare, meant);
  if (!edit) return false;
  if (/\d/.test(edit.found + edit.meant)) return false;
  if (!/\p{L}/u.test(edit.meant + edit.found)) return false;
  if (edit.found.toLowerCase() === edit.meant.toLowerCase()) return false;
  const word = differingWord(rare, meant);
  return word.length >= LEAST_WORD && !isPlural(rare, meant);
}

function differingWord(a: string, b: string): string {
  const [left, right] = [a.split(/[^\p{L}\p{N}]+/u), b.split(/[^\p{L}\p{N}]+/u)];
  const at = right.findIndex((word, index) => word !== left[index]);
  return right[at] ?? "";
}

function isPlural(a: string, b: string): boolean {
  const [shorter, longer] = a.length < b.length ? [a, b] : [b, a];
  return (
    longer === `${shorter}s` || longer.replaceAll(/s\b/g, "") === shorter.replaceAll(/s\b/g, "")
  );
}
