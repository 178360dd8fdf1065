/**
 * The groups that a determinant makes of a table, with the values of a dependent column in each.
 *
 * @module
 */
import { type CodedColumn, EMPTY } from "./coded-table.ts";

/** Group number of each row; {@link EMPTY} where the row belongs to none. */
export interface Grouping {
  /** Names of the determining columns. */
  readonly columns: readonly string[];
  readonly groups: Int32Array;
  /** Number of groups. */
  readonly size: number;
}

/** Rows grouped by one column. */
export function groupingOf(column: CodedColumn): Grouping {
  return { columns: [column.name], groups: column.codes, size: column.values.length };
}

/** Rows grouped by two columns together; a row that lacks either belongs to no group. */
export function pairGrouping(a: CodedColumn, b: CodedColumn): Grouping {
  const numbers = new Map<number, number>();
  const groups = new Int32Array(a.codes.length).fill(EMPTY);
  const width = b.values.length;
  for (let row = 0; row < groups.length; row++) {
    const left = a.codes[row] ?? EMPTY;
    const right = b.codes[row] ?? EMPTY;
    if (left === EMPTY || right === EMPTY) continue;
    const key = left * width + right;
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = numbers.size));
    groups[row] = number;
  }
  return { columns: [a.name, b.name], groups, size: numbers.size };
}

/** For each group, the values of the dependent column with their counts (compressed rows). */
export interface Distribution {
  readonly grouping: Grouping;
  /** Entries of group g: from starts[g] to starts[g + 1]. */
  readonly starts: Int32Array;
  readonly values: Int32Array;
  readonly counts: Int32Array;
  /** Filled cells of each group. */
  readonly totals: Int32Array;
}

/** Count the dependent's values within each group: two counting passes, no hashing. */
export function distributionOf(grouping: Grouping, dependent: CodedColumn): Distribution {
  const { groups, size } = grouping;
  const totals = new Int32Array(size);
  const { codes } = dependent;
  for (let row = 0; row < codes.length; row++) {
    const group = groups[row] ?? EMPTY;
    if (group !== EMPTY && codes[row] !== EMPTY) totals[group]! += 1;
  }
  const sorted = valuesByGroup(grouping, codes, totals);
  return { grouping, totals, ...countRuns(sorted, totals, dependent.values.length) };
}

function valuesByGroup(grouping: Grouping, codes: Int32Array, totals: Int32Array): Int32Array {
  const next = new Int32Array(totals.length);
  let filled = 0;
  for (let group = 0; group < totals.length; group++) {
    next[group] = filled;
    filled += totals[group] ?? 0;
  }
  const sorted = new Int32Array(filled);
  for (let row = 0; row < codes.length; row++) {
    const group = grouping.groups[row] ?? EMPTY;
    const code = codes[row] ?? EMPTY;
    if (group === EMPTY || code === EMPTY) continue;
    sorted[next[group]!++] = code;
  }
  return sorted;
}

function countRuns(sorted: Int32Array, totals: Int32Array, width: number) {
  const starts = new Int32Array(totals.length + 1);
  const values = new Int32Array(sorted.length);
  const counts = new Int32Array(sorted.length);
  const seen = new Int32Array(width).fill(-1);
  let at = 0;
  let entry = 0;
  for (let group = 0; group < totals.length; group++) {
    starts[group] = entry;
    const end = at + (totals[group] ?? 0);
    for (; at < end; at++) {
      const code = sorted[at]!;
      const place = seen[code]!;
      if (place >= starts[group]! && values[place] === code) counts[place]! += 1;
      else {
        seen[code] = entry;
        values[entry] = code;
        counts[entry++] = 1;
      }
    }
  }
  starts[totals.length] = entry;
  return { starts, values: values.slice(0, entry), counts: counts.slice(0, entry) };
}

/** What a distribution says of the dependency as a whole. */
export interface Strength {
  /** mu+ (Parciak et al., arXiv 2312.06296): 1 is exact, 0 is chance. */
  readonly mu: number;
  /** Filled cells whose group holds at least two others. */
  readonly judged: number;
  /** Judged cells that differ from their group's most frequent value. */
  readonly disputed: number;
  /** Disputed cells whose value is coherent in its group: see {@link isCoherent}. */
  readonly coherent: number;
}

/** Strength of the dependency, from its distribution. */
export function strengthOf(distribution: Distribution, dependent: CodedColumn): Strength {
  const { starts, counts, totals } = distribution;
  let purity = 0;
  let filled = 0;
  let used = 0;
  const sum = { judged: 0, disputed: 0, coherent: 0 };
  for (let group = 0; group < totals.length; group++) {
    const total = totals[group]!;
    if (total === 0) continue;
    used++;
    filled += total;
    let top = 0;
    let squares = 0;
    let repeated = 0;
    for (let entry = starts[group]!; entry < starts[group + 1]!; entry++) {
      const count = counts[entry]!;
      squares += count * count;
      if (count > top) top = count;
      if (isCoherent(count, total)) repeated += count;
    }
    purity += squares / total;
    if (total <= 2) continue;
    sum.judged += total;
    sum.disputed += total - top;
    sum.coherent += Math.max(0, repeated - top);
  }
  return { mu: muPlus(purity, filled, used, dependent), ...sum };
}

/** A value that stands three times and in a twentieth of its group is no stray. */
export function isCoherent(count: number, total: number): boolean {
  return count >= 3 && count * 20 >= total;
}

function muPlus(purity: number, filled: number, used: number, dependent: CodedColumn): number {
  if (filled === 0 || filled === used) return 0;
  let chance = 0;
  for (const count of dependent.counts) chance += (count / dependent.filled) ** 2;
  if (chance >= 1) return 0;
  const explained = 1 - purity / filled;
  return Math.max(0, 1 - (explained / (1 - chance)) * ((filled - 1) / (filled - used)));
}
