/** Shares and counts as metrics write them. */

/** `part / whole`, in [0, 1]; 1 of nothing, since nothing is wrong there. */
export function share(part: number, whole: number): number {
  return whole === 0 ? 1 : Math.min(1, Math.max(0, part / whole));
}

/** The mean, or 1 of nothing. */
export function mean(shares: readonly number[]): number {
  return shares.length === 0 ? 1 : shares.reduce((sum, part) => sum + part, 0) / shares.length;
}

/** `1 cell`, `2 cells`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
