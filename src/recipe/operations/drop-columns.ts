import { z } from "zod";
import { operation } from "../operation.ts";
import { quoted } from "../words.ts";

/** Removes columns. */
export const dropColumns = operation({
  name: "drop_columns",
  title: "Remove columns",
  args: z.strictObject({}),
  scope: "schema",
  reversible: "yes, by the change log",
  example: { columns: ["notes"], args: {} },
  sentence: ({ columns }) => `Removes the columns ${quoted(columns)}`,
  columnsAfter: (columns, words) => columns.filter((name) => !words.columns.includes(name)),
  compile(step, plan) {
    for (const name of step.columns) plan.drop(name, step);
  },
});
