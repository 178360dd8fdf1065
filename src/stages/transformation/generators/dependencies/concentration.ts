/**
 * Strays are spread over a table; exceptions gather where they have a reason. A set of disputed
 * rows that fills the group of some other column is a truth of its own, not noise.
 *
 * @module
 */
import type { Predicate } from "../../../../recipe/index.ts";
import { type CodedColumn, type CodedTable, EMPTY } from "./coded-table.ts";

/** Rows of one value of one column, of which suspiciously many are disputed. */
export interface Gathering {
  readonly column: string;
  readonly value: string;
  /** The disputed rows among them. */
  readonly rows: ReadonlySet<number>;
}

/** Fewer disputed rows than this gather by chance. */
const LEAST_ROWS = 3;
/** Share of a value's rows that must be disputed. */
const LEAST_SHARE = 0.3;
/** Chance of seeing one such gathering in a whole column of strays. */
const CHANCE = 0.05;

/**
 * Where disputed rows gather, fewest gatherings that cover all of them, largest first.
 * The dependent column itself says nothing and is left out.
 */
export function gatherings(
  table: CodedTable,
  dependent: CodedColumn,
  disputed: readonly number[],
): Gathering[] {
  if (disputed.length < LEAST_ROWS) return [];
  const all: Gathering[] = [];
  for (const column of table.columns)
    if (column !== dependent) all.push(...gatheringsIn(column, disputed, table.rows));
  return smallestCover(all);
}

function gatheringsIn(column: CodedColumn, disputed: readonly number[], rows: number): Gathering[] {
  const members = new Map<number, number[]>();
  for (const row of disputed) {
    const code = column.codes[row] ?? EMPTY;
    if (code === EMPTY) continue;
    const list = members.get(code);
    if (list) list.push(row);
    else members.set(code, [row]);
  }
  const found: Gathering[] = [];
  for (const [code, list] of members) {
    const count = column.counts[code]!;
    const expected = (count * disputed.length) / rows;
    if (list.length < Math.max(LEAST_ROWS, LEAST_SHARE * count)) continue;
    if (surprise(list.length, expected) < Math.log(column.values.length / CHANCE)) continue;
    found.push({ column: column.name, value: column.values[code]!, rows: new Set(list) });
  }
  return found;
}

/** Rows that are in none of the gatherings, as conditions of which none may hold. */
export function outside(spared: readonly Gathering[]): Predicate[] {
  const byColumn = new Map<string, string[]>();
  for (const { column, value } of spared)
    byColumn.set(column, [...(byColumn.get(column) ?? []), value]);
  return [...byColumn].map(([column, values]) => ({ column, in: values }));
}

/** Chernoff's bound on how unlikely (−ln p) it is to see so many where `expected` are due. */
function surprise(seen: number, expected: number): number {
  return seen <= expected ? 0 : seen * (Math.log(seen / expected) - 1) + expected;
}

function smallestCover(all: readonly Gathering[]): Gathering[] {
  const ordered = all.toSorted(
    (a, b) => b.rows.size - a.rows.size || compare(a.column, b.column) || compare(a.value, b.value),
  );
  const covered = new Set<number>();
  const cover: Gathering[] = [];
  for (const gathering of ordered) {
    if ([...gathering.rows].every((row) => covered.has(row))) continue;
    for (const row of gathering.rows) covered.add(row);
    cover.push(gathering);
  }
  return cover;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
