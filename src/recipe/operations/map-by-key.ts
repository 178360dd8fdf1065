import { z } from "zod";
import { operation } from "../operation.ts";
import { counted, quoted } from "../words.ts";

const Value = z.string().min(1).nullable();

/** Rewrites a cell where the row's key and the cell's old value are as a dictionary says. */
export const mapByKey = operation({
  name: "map_by_key",
  title: "Rewrite a value where a key says so",
  args: z.strictObject({
    key: z.array(z.string()).min(1).max(10).meta({ description: "columns of the key" }),
    map: z
      .array(z.array(Value).min(3))
      .min(1)
      .meta({ description: "rows [key 1, …, key n, old, new]; null is an empty cell" }),
  }),
  scope: "table",
  reversible: "yes, by the change log",
  columnCount: { min: 1, max: 1 },
  example: {
    columns: ["state"],
    args: { key: ["zip"], map: [["99501", "AL", "AK"]] },
  },
  sentence: ({ columns, args }) =>
    `Rewrites ${quoted(columns)} for ${counted(args.map.length, "combination")} of ${quoted(args.key)} and old value`,
  reads: ({ key }) => key,
  check: ({ args: { key, map } }) => {
    const bad = map.findIndex((row) => row.length !== key.length + 2);
    if (bad >= 0) return [`args.map.${bad}: expected ${key.length + 2} values (key, old, new)`];
    const seen = new Set(map.map((row) => JSON.stringify(row.slice(0, -1))));
    return seen.size < map.length ? ["args.map: the same key and old value stand twice"] : [];
  },
  compile(step, plan) {
    const [target = ""] = step.columns;
    const { key, map } = step.args;
    const rows = step.where && plan.rows(step.where);
    const table = plan.lookup([...key.map((_, i) => `k${i}`), "old", "new"], map);
    const on = key.map((_, i) => `p.c${i + 1} IS NOT DISTINCT FROM d.k${i}`).join(" AND ");
    const from = plan.relation([target, ...key]);
    plan.patch(
      step,
      target,
      `SELECT p.r, p.c0 AS o, d.new AS n FROM (${from}) p
      JOIN ${table} d ON ${on} AND p.c0 IS NOT DISTINCT FROM d.old`,
      rows,
    );
  },
});
