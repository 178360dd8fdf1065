import { z } from "zod";
import type { Sql } from "../../core/index.ts";
import { operation } from "../operation.ts";
import type { Plan } from "../plan.ts";
import { quoted } from "../words.ts";

/** Keys of more columns are compared by a digest of their text: a sort of them whole takes too much memory. */
const MAX_COMPARED_COLUMNS = 100;

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
    const scope = step.where ? ` SEMI JOIN ${plan.rows(step.where)} w USING (r)` : "";
    const wide = names.length > MAX_COMPARED_COLUMNS;
    const keyed = wide ? digestSql(plan, names, by, scope) : keyedSql(plan, names, by, scope);
    const all = wide ? "k0" : names.map((_, i) => `k${i}`).join(", ");
    // Equal hashes are few and cheap to find; only their rows are compared in full.
    const alike = plan.table(
      `SELECT hash(${all}) AS h FROM (${keyed}) GROUP BY h HAVING count(*) > 1`,
    );
    plan.remove(
      step,
      "duplicate",
      `SELECT r, kept FROM (SELECT r, min(r) OVER (PARTITION BY ${all}) AS kept
        FROM (${keyed}) WHERE hash(${all}) IN (SELECT h FROM ${alike})) WHERE kept < r`,
    );
  },
});

type By = "row" | "key" | "fuzzy_key";

function keysOf(names: readonly string[], by: By): { keys: Sql[]; filled: Sql } {
  const cells = names.map((_, i) => `c${i}`);
  const keys = by === "fuzzy_key" ? cells.map((cell) => fingerprint(cell)) : cells;
  // An empty key says nothing about a row; an empty row says the same as another.
  const filled = by === "row" ? "TRUE" : `coalesce(${cells.join(", ")}) IS NOT NULL`;
  return { keys, filled };
}

/** Rows (r) with the parts of their key (k0, k1 …). */
function keyedSql(plan: Plan, names: readonly string[], by: By, scope: Sql): Sql {
  const { keys, filled } = keysOf(names, by);
  return `SELECT r, ${keys.map((cell, i) => `${cell} AS k${i}`).join(", ")}
    FROM (${plan.relation(names)})${scope} WHERE ${filled}`;
}

/** Rows (r) with a digest of their key's text (k0), made of some columns at a time. */
function digestSql(plan: Plan, names: readonly string[], by: By, scope: Sql): Sql {
  const digests = plan.table(
    "SELECT NULL::BIGINT AS r, 0 AS part, '' AS digest, TRUE AS filled LIMIT 0",
  );
  for (let at = 0; at < names.length; at += MAX_COMPARED_COLUMNS) {
    const some = names.slice(at, at + MAX_COMPARED_COLUMNS);
    const { keys, filled } = keysOf(some, by);
    const relation = plan.relation(some);
    plan.statements.push(`INSERT INTO ${digests} SELECT r, ${at},
      sha256(to_json([${keys.join(", ")}])::VARCHAR), ${filled} FROM (${relation})${scope}`);
  }
  const table = plan.table(`SELECT r, string_agg(digest, '' ORDER BY part) AS k0
    FROM ${digests} GROUP BY r HAVING bool_or(filled)`);
  return `SELECT r, k0 FROM ${table}`;
}

/** Words without case, accents and punctuation, each once, sorted. */
function fingerprint(cell: Sql): Sql {
  const plain = `lower(strip_accents(${cell}))`;
  const words = `string_split(trim(regexp_replace(${plain}, '[^\\p{L}\\p{N}]+', ' ', 'g')), ' ')`;
  return `array_to_string(list_sort(list_distinct(${words})), ' ')`;
}
