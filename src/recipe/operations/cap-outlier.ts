import { z } from "zod";
import { literal } from "../../core/index.ts";
import { decimalSql, decimalText } from "../numerals.ts";
import { operation } from "../operation.ts";
import { quoted } from "../words.ts";

/** Bounds of a range of numbers, either of which may be left open. */
export const Bounds = z.strictObject({ min: z.number().optional(), max: z.number().optional() });

/** Brings numbers outside a range to its nearer end. */
export const capOutlier = operation({
  name: "cap_outlier",
  title: "Bring numbers outside a range to its nearer end",
  args: Bounds,
  scope: "cell",
  reversible: "yes, by the change log",
  example: { columns: ["age"], args: { min: 0, max: 120 } },
  sentence: ({ columns, args }) =>
    `Brings the numbers of ${quoted(columns)} into ${rangeWords(args)}`,
  failure: () => "is not a plain number",
  cell: ({ min, max }) => ({
    fallible: true,
    stages: [
      (v) => {
        const number = decimalSql(v);
        const arms = [`WHEN ${number} IS NULL THEN NULL`];
        if (min !== undefined)
          arms.push(`WHEN ${number} < ${decimalText(min)} THEN ${literal(decimalText(min))}`);
        if (max !== undefined)
          arms.push(`WHEN ${number} > ${decimalText(max)} THEN ${literal(decimalText(max))}`);
        return `CASE ${arms.join(" ")} ELSE ${v} END`;
      },
    ],
  }),
});

/** A range in words. */
export function rangeWords({ min, max }: z.infer<typeof Bounds>): string {
  if (min === undefined) return max === undefined ? "any range" : `the range up to ${max}`;
  return max === undefined ? `the range from ${min}` : `the range from ${min} to ${max}`;
}
