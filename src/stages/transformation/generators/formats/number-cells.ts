/** The cells of a column as numbers: how many are, and what they look like. */
import { cells, type ValueWithCount } from "../../column-values.ts";
import { nullTokenClass } from "../nulls/null-tokens.ts";
import { type Numeral, plainBody, readNumeral, type Separators } from "./numeral.ts";

/** A distinct value that is a number. */
export interface NumberCell extends ValueWithCount {
  readonly numeral: Numeral;
}

/** A column's filled cells, null spellings apart, as numbers and others. */
export interface NumberCells {
  readonly numbers: readonly NumberCell[];
  /** Cells that are numbers. */
  readonly count: number;
  /** Filled cells, null spellings apart. */
  readonly filled: number;
}

/** Split distinct values into numbers and others. */
export function numberCells(values: readonly ValueWithCount[]): NumberCells {
  const meant = values.filter(({ value }) => value.trim() !== "" && !nullTokenClass(value));
  const numbers = meant.flatMap((cell): NumberCell[] => {
    const numeral = readNumeral(cell.value);
    return numeral ? [{ ...cell, numeral }] : [];
  });
  return { numbers, count: cells(numbers), filled: cells(meant) };
}

/** The number without decorations as a plain numeral with sign; undefined when its digits are not so written. */
export function plainNumeral(numeral: Numeral, separators: Separators): string | undefined {
  const plain = plainBody(numeral.body, separators);
  return plain === undefined ? undefined : (numeral.negative ? "-" : "") + plain;
}

/**
 * Share of `cells` whose number lies where the numbers `among` lie: within a factor of two of their
 * first and last percentile. 0 when there are too few to compare with.
 */
export function overlap(
  numbers: readonly (readonly [value: number, count: number])[],
  among: readonly (readonly [value: number, count: number])[],
): number {
  const size = total(among);
  if (size < 5) return 0;
  const [low, high] = [quantile(among, 0.01), quantile(among, 0.99)];
  const from = low > 0 ? low / 2 : low * 2;
  const to = high > 0 ? high * 2 : high / 2;
  const inside = numbers.filter(([value]) => value >= from && value <= to);
  return total(inside) / total(numbers);
}

function total(numbers: readonly (readonly [number, number])[]): number {
  return numbers.reduce((sum, [, count]) => sum + count, 0);
}

/** The least number that at least this share of the cells do not exceed. */
export function quantile(numbers: readonly (readonly [number, number])[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a[0] - b[0]);
  const target = total(sorted) * share;
  let seen = 0;
  for (const [value, count] of sorted) {
    seen += count;
    if (seen >= target) return value;
  }
  return sorted.at(-1)?.[0] ?? 0;
}
