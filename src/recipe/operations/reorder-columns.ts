import { z } from "zod";
import { operation } from "../operation.ts";
import { quoted } from "../words.ts";

/** Puts columns first, in an order; the rest follow as they were. */
export const reorderColumns = operation({
  name: "reorder_columns",
  title: "Put the columns into another order",
  args: z.strictObject({
    order: z
      .array(z.string())
      .min(1)
      .meta({ description: "columns that come first; the rest follow" }),
  }),
  scope: "schema",
  reversible: "yes, no cell changes",
  columnCount: { min: 0, max: 0 },
  example: { columns: [], args: { order: ["id", "name"] } },
  sentence: ({ args }) => `Puts the columns ${quoted(args.order)} first`,
  reads: ({ order }) => order,
  columnsAfter: (columns, { args }) => ordered(columns, args.order),
  compile(step, plan) {
    plan.reorder(
      ordered(
        plan.columns.map(({ name }) => name),
        step.args.order,
      ),
    );
  },
});

function ordered(columns: readonly string[], first: readonly string[]): string[] {
  return [...first, ...columns.filter((name) => !first.includes(name))];
}
