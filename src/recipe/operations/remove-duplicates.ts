import { z } from "zod";
import type { Sql } from "../../core/index.ts";
import { operation } from "../operation.ts";
import { quoted } from "../words.ts";

/** Keeps the first of the rows that say the same. */
export const removeDuplicates = operation({
  name: "remove_duplicates",
  title: "Keep the first of equal rows",
  args: z
    .strictObject({
      by: z.enum(["row", "key", "fuzzy_key"]).meta({
        description: "all columns; the key; the key without case, accents, punctuation, word order",
      }),
      key: z.array(z.string()).min(1).optional().meta({ description: "columns of the key" }),
    })
    .refine(({ by, key }) => (by === "row") === (key === undefined), {
      path: ["key"],
      message: "belongs to key and fuzzy_key, and they need it",
    }),
  scope: "row",
  reversible: "yes, by the file of duplicates",
  columnCount: { min: 0, max: 0 },
  example: { columns: [], args: { by: "key", key: ["id"] } },
  sentence: ({ args: { by, key = [] } }) => {
    const what = {
      row: "all columns",
      key: quoted(key),
      fuzzy_key: `${quoted(key)} (spelt alike)`,
    };
    return `Removes rows that repeat an earlier one in ${what[by]}`;
  },
  reads: ({ key }) => key ?? [],
  compile(step, plan) {
    const { by, key } = step.args;
    const names = key ?? plan.columns.map(({ name }) => name);
    const cells = names.map((_, i) => `c${i}`);
    const keys = by === "fuzzy_key" ? cells.map((cell) => fingerprint(cell)) : cells;
    const scope = step.where ? ` SEMI JOIN ${plan.rows(step.where)} w USING (r)` : "";
    // An empty key says nothing about a row; an empty row says the same as another.
    const filled = by === "row" ? "" : ` WHERE coalesce(${cells.join(", ")}) IS NOT NULL`;
    const keyed = `SELECT r, ${keys.map((cell, i) => `${cell} AS k${i}`).join(", ")}
      FROM (${plan.relation(names)})${scope}${filled}`;
    const all = keys.map((_, i) => `k${i}`).join(", ");
    // Equal hashes are few and cheap to find; only their rows are compared in full.
    const alike = plan.table(`SELECT r FROM (SELECT r, hash(${all}) AS h FROM (${keyed}))
      QUALIFY count(*) OVER (PARTITION BY h) > 1`);
    plan.remove(
      step,
      "duplicate",
      `SELECT r, kept FROM (SELECT r, min(r) OVER (PARTITION BY ${all}) AS kept
        FROM (${keyed}) SEMI JOIN ${alike} USING (r)) WHERE kept < r`,
    );
  },
});

/** Words without case, accents and punctuation, each once, sorted. */
function fingerprint(cell: Sql): Sql {
  const plain = `lower(strip_accents(${cell}))`;
  const words = `string_split(trim(regexp_replace(${plain}, '[^\\p{L}\\p{N}]+', ' ', 'g')), ' ')`;
  return `array_to_string(list_sort(list_distinct(${words})), ' ')`;
}
