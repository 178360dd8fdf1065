import { z } from "zod";
import { operation } from "../operation.ts";
import { quoted } from "../words.ts";

/** Exchanges the cells of two columns in the rows in scope. */
export const swapColumns = operation({
  name: "swap_columns",
  title: "Exchange the cells of two columns",
  args: z.strictObject({}),
  scope: "table",
  reversible: "yes, by the change log",
  columnCount: { min: 2, max: 2 },
  needsWhere: true,
  example: { columns: ["first_name", "last_name"], args: {} },
  sentence: ({ columns }) => `Exchanges the cells of ${quoted(columns)}`,
  compile(step, plan) {
    const [a = "", b = ""] = step.columns;
    const rows = step.where && plan.rows(step.where);
    const both = plan.table(
      `SELECT r, c0, c1 FROM (${plan.relation([a, b])})${rows ? ` SEMI JOIN ${rows} w USING (r)` : ""}`,
    );
    plan.patch(step, a, `SELECT r, c0 AS o, c1 AS n FROM ${both}`);
    plan.patch(step, b, `SELECT r, c1 AS o, c0 AS n FROM ${both}`);
  },
});
