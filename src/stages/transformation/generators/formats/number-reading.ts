/** What is known of a column of numbers once its cells are found to agree. */
import type { Decoration } from "./decorations.ts";
import type { NumberCell } from "./number-cells.ts";
import type { Separators } from "./numeral.ts";

/** A column of numbers with its separators and the decorations that may go. */
export interface NumberReading {
  readonly column: string;
  readonly separators: Separators;
  readonly dropped: readonly Decoration[];
  readonly numbers: readonly NumberCell[];
  /** Share of filled cells that are numbers. */
  readonly share: number;
}

/** As sure as the least sure of its parts. */
export function confidenceOf({ dropped, separators, share }: NumberReading): number {
  const parts = dropped.map(({ confidence }) => confidence);
  if (separators.decimal === ",") parts.push(0.9);
  return Math.min(share >= 0.97 ? 0.97 : 0.9, ...parts);
}
