import { z } from "zod";
import { decimalText } from "../numerals.ts";
import { operation } from "../operation.ts";
import { quoted } from "../words.ts";

/** Fills an empty cell with the most frequent value of its group. */
export const fillGroup = operation({
  name: "fill_group",
  title: "Fill empty cells with their group's most frequent value",
  args: z.strictObject({
    by: z.array(z.string()).min(1).max(10).meta({ description: "columns of the group" }),
    minShare: z.number().gt(0).max(1).meta({ description: "share of the group's values it needs" }),
    minSupport: z.int().min(1).meta({ description: "rows that must have the value" }),
  }),
  scope: "table",
  reversible: "yes, by the change log",
  example: { columns: ["state"], args: { by: ["city"], minShare: 0.9, minSupport: 3 } },
  sentence: ({ columns, args }) =>
    `Fills empty cells of ${quoted(columns)} with the most frequent value among rows with the same ${quoted(args.by)}`,
  reads: ({ by }) => by,
  check: ({ columns, args }) =>
    columns.some((name) => args.by.includes(name))
      ? ["args.by: a column cannot be its own group"]
      : [],
  compile(step, plan) {
    const { by, minShare, minSupport } = step.args;
    const rows = step.where && plan.rows(step.where);
    const selects = step.columns.map((name): [string, string] => {
      const keys = by.map((_, i) => `c${i + 1}`);
      const from = plan.relation([name, ...by]);
      const present = ["c0", ...keys].map((cell) => `${cell} IS NOT NULL`).join(" AND ");
      const group = `PARTITION BY ${keys.join(", ")}`;
      const winners = plan.table(`SELECT * FROM (
          SELECT ${keys.join(", ")}, c0, n, sum(n) OVER (${group}) AS total,
            row_number() OVER best AS place, lead(n) OVER best AS next
          FROM (SELECT ${keys.join(", ")}, c0, count(*) AS n FROM (${from}) WHERE ${present} GROUP BY ALL)
          WINDOW best AS (${group} ORDER BY n DESC, c0))
        WHERE place = 1 AND (next IS NULL OR next < n) AND n >= ${minSupport}
          AND n >= ${decimalText(minShare)} * total::DECIMAL(18, 0)`);
      const on = keys.map((key) => `p.${key} = d.${key}`).join(" AND ");
      return [
        name,
        `SELECT p.r, p.c0 AS o, d.c0 AS n FROM (${from}) p JOIN ${winners} d ON ${on} WHERE p.c0 IS NULL`,
      ];
    });
    for (const [name, select] of selects) plan.patch(step, name, select, rows);
  },
});
