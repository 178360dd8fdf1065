/** Evidence of a proposed step from the changes it is expected to make. */
import type { Evidence } from "../../recipe/index.ts";

/** One kind of change: every cell `old` becomes `new`. */
export interface Change {
  readonly old: string | null;
  readonly new: string | null;
  readonly count: number;
}

const MAX_SAMPLES = 10;

/** Evidence from changes; `support` and `counterExamples` are cells that speak for and against. */
export function changeEvidence(
  because: string,
  changes: readonly Change[],
  { support, counterExamples = 0 }: { support?: number; counterExamples?: number } = {},
): Evidence {
  const affected = changes.reduce((sum, { count }) => sum + count, 0);
  const samples = changes
    .toSorted((a, b) => b.count - a.count || compareText(a.old ?? "", b.old ?? ""))
    .slice(0, MAX_SAMPLES)
    .map(({ old, new: to, count }) => ({ old, new: to, count }));
  return { because, support: support ?? affected, counterExamples, affected, samples };
}

/** Order of code units, the same on every machine. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** `1 cell`, `20 cells`. */
export function cellCount(count: number): string {
  return count === 1 ? "1 cell" : `${count} cells`;
}
