import { z } from "zod";
import { operation } from "../operation.ts";

/** Gives columns other names. */
export const renameColumns = operation({
  name: "rename_columns",
  title: "Give columns other names",
  args: z.strictObject({
    names: z
      .record(z.string(), z.string().min(1))
      .meta({ description: "old name to new name; all at once, so that names can be exchanged" }),
  }),
  scope: "schema",
  reversible: "yes, by the change log",
  columnCount: { min: 0, max: 0 },
  example: { columns: [], args: { names: { "Order No": "order_no" } } },
  sentence: ({ args }) => {
    const pairs = Object.entries(args.names).map(([from, to]) => `“${from}” to “${to}”`);
    return `Renames ${pairs.join(", ")}`;
  },
  reads: ({ names }) => Object.keys(names),
  columnsAfter: (columns, { args }) => columns.map((name) => args.names[name] ?? name),
  compile(step, plan) {
    plan.rename(new Map(Object.entries(step.args.names)), step);
  },
});
