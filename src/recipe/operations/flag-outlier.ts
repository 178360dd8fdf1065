import { z } from "zod";
import { decimalSql, decimalText } from "../numerals.ts";
import { operation } from "../operation.ts";
import { quoted } from "../words.ts";
import { Bounds, rangeWords } from "./cap-outlier.ts";

/** Adds a column that says whether a number is outside a range. */
export const flagOutlier = operation({
  name: "flag_outlier",
  title: "Add a column that says which numbers are outside a range",
  args: z.strictObject({
    ...Bounds.shape,
    into: z.string().min(1).meta({ description: "name of the new column" }),
  }),
  scope: "schema",
  reversible: "yes, by the change log",
  columnCount: { min: 1, max: 1 },
  example: { columns: ["age"], args: { min: 0, max: 120, into: "age_outlier" } },
  sentence: ({ columns, args }) =>
    `Says in “${args.into}” which numbers of ${quoted(columns)} are outside ${rangeWords(args)}`,
  columnsAfter: (columns, { columns: [from], args }) =>
    columns.flatMap((name) => (name === from ? [name, args.into] : [name])),
  compile(step, plan) {
    const [from = ""] = step.columns;
    const { min, max, into } = step.args;
    const number = decimalSql("c0");
    const tests = ["FALSE"];
    if (min !== undefined) tests.push(`${number} < ${decimalText(min)}`);
    if (max !== undefined) tests.push(`${number} > ${decimalText(max)}`);
    const select = `SELECT r, NULL::VARCHAR AS o, (${tests.join(" OR ")})::VARCHAR AS n
      FROM (${plan.relation([from])}) WHERE ${number} IS NOT NULL`;
    plan.add(into, step, plan.position(from) + 1);
    plan.patch(step, into, select);
  },
});
