/** Statistics of a column of numbers, from its different values and their counts. */
import type { ColumnProfile } from "./profile.ts";

export type NumberStatistics = NonNullable<ColumnProfile["numbers"]>;

/** Bins of a histogram. */
export const BINS = 20;

/** Exact statistics; null when there is no number. Quantiles are values of the column. */
export function numberStatistics(
  values: readonly { readonly value: number; readonly count: number }[],
): NumberStatistics | null {
  const sorted = values.toSorted((a, b) => a.value - b.value);
  const [least, greatest] = [sorted[0]?.value, sorted.at(-1)?.value];
  if (least === undefined || greatest === undefined) return null;
  const rows = sorted.reduce((sum, { count }) => sum + count, 0);
  // Relative to the least value, so that great numbers close together keep their digits.
  const offset = sorted.reduce(
    (sum, { value, count }) => sum + (value - least) * (count / rows),
    0,
  );
  const square = sorted.reduce(
    (sum, { value, count }) => sum + (value - least - offset) ** 2 * (count / rows),
    0,
  );
  const quantile = quantiles(sorted, rows);
  const [p01, p99] = [quantile(0.01), quantile(0.99)];
  return {
    min: least,
    max: greatest,
    mean: rounded(least + offset),
    deviation: rounded(Math.sqrt(square)),
    quantiles: {
      p01,
      p05: quantile(0.05),
      p25: quantile(0.25),
      p50: quantile(0.5),
      p75: quantile(0.75),
      p95: quantile(0.95),
      p99,
    },
    histogram: histogram(sorted, p01, p99),
  };
}

/** Twelve significant digits: what lies beyond depends on the order of summing. */
export function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

function quantiles(
  sorted: readonly { readonly value: number; readonly count: number }[],
  rows: number,
): (share: number) => number {
  return (share) => {
    let seen = 0;
    for (const { value, count } of sorted) {
      seen += count;
      if (seen >= share * rows) return value;
    }
    return sorted.at(-1)?.value ?? 0;
  };
}

function histogram(
  sorted: readonly { readonly value: number; readonly count: number }[],
  from: number,
  to: number,
): NumberStatistics["histogram"] {
  const edges = binEdges(from, to);
  const counts = Array.from({ length: edges.length - 1 }, () => 0);
  let bin = 0;
  for (const { value, count } of sorted) {
    while (bin < counts.length - 1 && value >= (edges[bin + 1] ?? Infinity)) bin++;
    counts[bin] = (counts[bin] ?? 0) + count;
  }
  return counts.map((count, index) => ({
    from: edges[index] ?? from,
    to: edges[index + 1] ?? to,
    count,
  }));
}

/** Edges of equal-width bins from one number to another; one bin when they are equal. */
export function binEdges(from: number, to: number): number[] {
  const width = (to - from) / BINS;
  if (!(width > 0) || !Number.isFinite(width)) return [from, to];
  return Array.from({ length: BINS + 1 }, (_, index) =>
    index === BINS ? to : from + index * width,
  );
}
