import type { MetricDefinition, ScoredTable } from "../metric.ts";
import { share } from "./words.ts";

/** Cells with a value. A spelling of "missing" is missing before and after it is cleared; a row that leaves takes its cells along. */
export const completeness: MetricDefinition = {
  name: "completeness",
  title: "How many of the cells have a value.",
  measure: ({ before, after, verdict, dataset }) => {
    const rows = dataset.rows - verdict.accounting.duplicatesRemoved;
    const [had, has] = [filled(before), filled(after)];
    const cells = rows * after.columns.length;
    return {
      before: share(had, dataset.rows * before.columns.length),
      after: share(has, cells),
      evidence: `${has} of ${cells} cells have a value, ${had} as loaded.`,
    };
  },
};

function filled({ cells }: ScoredTable): number {
  return cells.columns.reduce((sum, column) => sum + column.filled, 0);
}
