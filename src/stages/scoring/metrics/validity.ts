import type { MetricDefinition, ScoredTable } from "../metric.ts";
import { share } from "./words.ts";

/** Filled cells written in their column's language; a spelling of "missing" that is left is not. */
export const validity: MetricDefinition = {
  name: "validity",
  title: "How many of the filled cells are written as their column is.",
  measure: ({ before, after }) => {
    const [was, is] = [written(before), written(after)];
    const worst = after.cells.columns
      .map(({ name, filled, tokens, valid }) => ({ name, invalid: filled + tokens - valid }))
      .toSorted((a, b) => b.invalid - a.invalid)[0];
    const most = worst && worst.invalid > 0 ? `, most of them in ${worst.name}` : "";
    return {
      before: share(was.valid, was.filled),
      after: share(is.valid, is.filled),
      evidence: `${is.filled - is.valid} of ${is.filled} filled cells do not fit their column${most}; ${was.filled - was.valid} as loaded.`,
    };
  },
};

function written({ cells }: ScoredTable): { readonly valid: number; readonly filled: number } {
  let [valid, filled] = [0, 0];
  for (const column of cells.columns) {
    valid += column.valid;
    filled += column.filled + column.tokens;
  }
  return { valid, filled };
}
