/** How strongly one column depends on another. */
import type { Codes } from "./codes.ts";

/** Counts of rows where determinant and dependent are both filled. */
export interface DependencyCounts {
  readonly rows: number;
  /** Different values of the determinant. */
  readonly groups: number;
  /** Rows in groups of two or more, and of three or more. */
  readonly inPairs: number;
  readonly inTriples: number;
  /** Rows that differ from the majority of their group. */
  readonly violations: number;
  /** Sum over groups of (sum of squared counts of the dependent's values) / rows of the group. */
  readonly agreement: number;
  /** Sum of squared counts of the dependent's values. */
  readonly squares: number;
}

/**
 * mu+ of Parciak, Weytjens, Hens, Neven, Peeters, Vansummeren: "Measuring approximate functional
 * dependencies" (arXiv 2312.06296): how much better the determinant predicts the dependent than
 * chance does, corrected for determinants of many values. To six digits.
 */
export function muPlus({ rows, groups, agreement, squares }: DependencyCounts): number {
  if (rows < 2 || groups >= rows) return 0;
  const dependent = squares / rows / rows;
  if (dependent >= 1) return 0;
  const chance = ((1 - agreement / rows) / (1 - dependent)) * ((rows - 1) / (rows - groups));
  return Number(Math.max(0, 1 - chance).toFixed(6));
}

/** Agreement is counted in parts of this. */
export const AGREEMENT_PARTS = 2 ** 20;

/** The rows of a determinant, ordered so that each group stands together. */
export interface Grouping {
  readonly order: Int32Array;
  /** Start of each group in `order`; one more at the end. */
  readonly starts: Int32Array;
}

/** Order rows by a determinant's codes (counting sort); empty ones are left out. */
export function groupRows({ codes, size }: Pick<Codes, "codes" | "size">): Grouping {
  const starts = new Int32Array(size + 1);
  for (const code of codes) if (code >= 0) starts[code + 1]! += 1;
  for (let code = 0; code < size; code++) starts[code + 1]! += starts[code]!;
  const next = starts.slice();
  const order = new Int32Array(starts[size] ?? 0);
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!;
    if (code >= 0) order[next[code]!++] = row;
  }
  return { order, starts };
}

/** Count a dependent within the groups of a determinant. */
export function measure(
  { order, starts }: Grouping,
  dependent: Pick<Codes, "codes" | "size">,
): DependencyCounts {
  const { codes, size } = dependent;
  const inGroup = new Int32Array(size);
  const total = new Int32Array(size);
  const sum = { rows: 0, groups: 0, inPairs: 0, inTriples: 0, violations: 0, agreement: 0 };
  for (let group = 0; group + 1 < starts.length; group++) {
    const [from, to] = [starts[group]!, starts[group + 1]!];
    let [rows, most, squares] = [0, 0, 0];
    for (let at = from; at < to; at++) {
      const code = codes[order[at]!]!;
      if (code < 0) continue;
      rows++;
      total[code]! += 1;
      const count = (inGroup[code]! += 1);
      squares += 2 * count - 1;
      if (count > most) most = count;
    }
    for (let at = from; at < to; at++) {
      const code = codes[order[at]!]!;
      if (code >= 0) inGroup[code] = 0;
    }
    if (rows === 0) continue;
    sum.rows += rows;
    sum.groups++;
    if (rows > 1) sum.inPairs += rows;
    if (rows > 2) sum.inTriples += rows;
    sum.violations += rows - most;
    // In whole parts, so that the sum does not depend on the order of groups.
    sum.agreement += Math.round((squares / rows) * AGREEMENT_PARTS);
  }
  return {
    ...sum,
    agreement: sum.agreement / AGREEMENT_PARTS,
    squares: total.reduce((all, count) => all + count * count, 0),
  };
}
