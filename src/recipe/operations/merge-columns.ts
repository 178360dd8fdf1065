import { z } from "zod";
import { literal } from "../../core/index.ts";
import { operation } from "../operation.ts";
import { quoted } from "../words.ts";

/** Merges columns into one, leaving out empty cells. */
export const mergeColumns = operation({
  name: "merge_columns",
  title: "Merge columns into one",
  args: z.strictObject({
    into: z.string().min(1).meta({ description: "name of the column; may be one of those merged" }),
    separator: z.string().default(" "),
  }),
  scope: "schema",
  reversible: "yes, by the change log",
  columnCount: { min: 2, max: 50 },
  example: { columns: ["street", "number"], args: { into: "address", separator: " " } },
  sentence: ({ columns, args }) => `Merges ${quoted(columns)} into “${args.into}”`,
  columnsAfter: (columns, { columns: merged, args: { into } }) => {
    const place = merged.includes(into) ? into : columns.find((name) => merged.includes(name));
    return columns.flatMap((name) => {
      if (name === place) return [into];
      return merged.includes(name) ? [] : [name];
    });
  },
  compile(step, plan) {
    const { into, separator } = step.args;
    const own = step.columns.indexOf(into);
    const cells = step.columns.map((_, i) => `c${i}`).join(", ");
    const table = plan.table(`SELECT r, ${own < 0 ? "NULL::VARCHAR" : `c${own}`} AS o,
      concat_ws(${literal(separator)}, ${cells}) AS n FROM (${plan.relation(step.columns)})`);
    if (own < 0) {
      const places = step.columns.map((name) => plan.position(name));
      plan.add(into, step, Math.min(...places));
    }
    plan.patch(step, into, `SELECT r, o, n FROM ${table}`);
    for (const name of step.columns) if (name !== into) plan.drop(name, step);
  },
});
