import { z } from "zod";
import { operation } from "../operation.ts";
import { quoted } from "../words.ts";

/** Fills an empty cell with the last value above it. */
export const fillForward = operation({
  name: "fill_forward",
  title: "Fill empty cells with the last value above",
  args: z.strictObject({}),
  scope: "table",
  reversible: "yes, by the change log",
  example: { columns: ["region"], args: {} },
  sentence: ({ columns }) => `Fills empty cells of ${quoted(columns)} with the last value above`,
  compile(step, plan) {
    const rows = step.where && plan.rows(step.where);
    for (const name of step.columns) {
      const last = "last_value(c0 IGNORE NULLS) OVER (ORDER BY r ROWS UNBOUNDED PRECEDING)";
      const filled = `SELECT r, c0 AS o, ${last} AS n FROM (${plan.relation([name])})`;
      plan.patch(step, name, `SELECT * FROM (${filled}) WHERE o IS NULL`, rows);
    }
  },
});
