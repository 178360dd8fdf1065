/** Pairs of columns in which single rows hold each other's values. */
import { cells, type ColumnValues, type ValueWithCount } from "../../column-values.ts";
import { lookOf } from "../../value-look.ts";

/** A value belongs to a column that holds it in at least this many cells. */
const KNOWN = 3;
/** A look is a column's own from this share of its cells on … */
const OWN = 0.2;
/** … and foreign to it up to this share. */
const FOREIGN = 0.05;

/** Values of a column that belong into the other one, for both columns of a pair. */
export interface ForeignValues {
  readonly first: readonly string[];
  readonly second: readonly string[];
}

/**
 * What each of two columns holds of the other's values; undefined when either holds none. A value
 * counts only when it is known in the other column, looks like that column's values and unlike
 * those of the column it stands in: origin and destination, home and away never qualify.
 */
export function foreignValues(a: ColumnValues, b: ColumnValues): ForeignValues | undefined {
  const [looksOfA, looksOfB] = [lookShares(a.values), lookShares(b.values)];
  const first = foreignIn(a, looksOfA, b, looksOfB);
  if (first.length === 0) return undefined;
  const second = foreignIn(b, looksOfB, a, looksOfA);
  return second.length === 0 ? undefined : { first, second };
}

function foreignIn(
  here: ColumnValues,
  looksHere: ReadonlyMap<string, number>,
  there: ColumnValues,
  looksThere: ReadonlyMap<string, number>,
): string[] {
  const known = new Map(there.values.map(({ value, count }) => [value, count]));
  return here.values
    .filter(({ value }) => {
      const look = lookOf(value);
      return (
        (known.get(value) ?? 0) >= KNOWN &&
        (looksThere.get(look) ?? 0) >= OWN &&
        (looksHere.get(look) ?? 0) <= FOREIGN
      );
    })
    .map(({ value }) => value);
}

function lookShares(values: readonly ValueWithCount[]): Map<string, number> {
  const total = cells(values);
  const shares = new Map<string, number>();
  for (const { value, count } of values) {
    const look = lookOf(value);
    shares.set(look, (shares.get(look) ?? 0) + count / total);
  }
  return shares;
}
