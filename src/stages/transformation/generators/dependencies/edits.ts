/**
 * Edit distance with transpositions (optimal string alignment) over code points, bounded.
 *
 * @module
 */

/** A single edit that turns a found text into the intended one. */
export interface Edit {
  readonly kind: "substitute" | "insert" | "delete" | "transpose";
  /** Character in the found text; empty where one is missing from it. */
  readonly found: string;
  /** Character in the intended text; empty where the found one has no counterpart. */
  readonly meant: string;
}

/** Distance between two texts, or `limit + 1` as soon as it is known to exceed `limit`. */
export function editDistance(a: string, b: string, limit: number): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  const table = distanceTable(left, right, limit);
  return table ? Math.min(limit + 1, table[left.length]![right.length]!) : limit + 1;
}

/** The edits of one shortest alignment, in reading order; among equals substitution first. */
export function editsBetween(found: string, meant: string): Edit[] {
  const [a, b] = [Array.from(found), Array.from(meant)];
  const table = distanceTable(a, b, a.length + b.length)!;
  const edits: Edit[] = [];
  let [i, j] = [a.length, b.length];
  while (i > 0 || j > 0) {
    const [kind, backA, backB] = lastEdit(table, a, b, i, j);
    if (kind !== "same")
      edits.push({
        kind,
        found: a.slice(i - backA, i).join(""),
        meant: b.slice(j - backB, j).join(""),
      });
    i -= backA;
    j -= backB;
  }
  return edits.toReversed();
}

function lastEdit(
  table: readonly Int32Array[],
  a: readonly string[],
  b: readonly string[],
  i: number,
  j: number,
): readonly [Edit["kind"] | "same", number, number] {
  const here = table[i]![j]!;
  if (i > 0 && j > 0) {
    const diagonal = table[i - 1]![j - 1]!;
    if (a[i - 1] === b[j - 1] && diagonal === here) return ["same", 1, 1];
    if (diagonal + 1 === here) return ["substitute", 1, 1];
    if (crossed(a, b, i, j) && table[i - 2]![j - 2]! + 1 === here) return ["transpose", 2, 2];
  }
  return i > 0 && table[i - 1]![j]! + 1 === here ? ["delete", 1, 0] : ["insert", 0, 1];
}

function crossed(a: readonly string[], b: readonly string[], i: number, j: number): boolean {
  return i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
}

/** Undefined once every cell of a row exceeds the limit. */
function distanceTable(
  a: readonly string[],
  b: readonly string[],
  limit: number,
): Int32Array[] | undefined {
  const table = [Int32Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const above = table[i - 1]!;
    const row = new Int32Array(b.length + 1);
    row[0] = i;
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(above[j - 1]! + same, above[j]! + 1, row[j - 1]! + 1);
      if (crossed(a, b, i, j)) best = Math.min(best, table[i - 2]![j - 2]! + 1);
      row[j] = best;
      if (best < least) least = best;
    }
    if (least > limit) return undefined;
    table.push(row);
  }
  return table;
}
