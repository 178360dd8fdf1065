/** Columns that are empty in the same rows. */
import { z } from "zod";
import { identifier } from "../../core/index.ts";
import { byText, inBatches, type ProfilingInput } from "./input.ts";
import type { Profile } from "./profile.ts";

const COLUMNS_PER_NUMBER = 50;
/** Plain counts are light: many columns fit into a statement. */
const COUNTS_PER_STATEMENT = 500;
/** Of a wider table the columns that are empty most often are looked at. */
const MAX_COLUMNS = 500;
const LIMIT = 20;

const FilledRow = z.object({ filled: z.array(z.int()) });
const PatternRow = z.object({ rows: z.int(), bits: z.array(z.number()) });

/**
 * For each row the set of its empty columns; the most frequent sets, with their rows. Columns without
 * any value are in no set: they would be in all.
 */
export async function findMissingness(input: ProfilingInput): Promise<Profile["missingness"]> {
  const columns = await partlyEmpty(input);
  if (columns.length === 0) return [];
  const numbers = inBatches(columns, COLUMNS_PER_NUMBER).map((batch) =>
    batch.map((name, bit) => `(${identifier(name)} IS NULL)::BIGINT * ${2 ** bit}`).join(" + "),
  );
  const rows = await input.ask(
    {
      sql: `SELECT "bits", count(*) AS "rows" FROM (SELECT [${numbers.join(", ")}] AS "bits" FROM ${input.source})
        GROUP BY 1 HAVING list_sum("bits") > 0 ORDER BY 2 DESC, 1 LIMIT ${LIMIT}`,
      row: PatternRow,
    },
    input.signal,
  );
  return rows.map(({ rows: count, bits }) => ({
    columns: columns.filter((_, index) => {
      const number = bits[Math.floor(index / COLUMNS_PER_NUMBER)] ?? 0;
      return Math.floor(number / 2 ** (index % COLUMNS_PER_NUMBER)) % 2 === 1;
    }),
    rows: count,
  }));
}

/** Columns with both filled and empty cells, in the table's order. */
async function partlyEmpty(input: ProfilingInput): Promise<string[]> {
  const found: { name: string; position: number; filled: number }[] = [];
  const placed = input.columns.map((name, position) => ({ name, position }));
  for (const batch of inBatches(placed, COUNTS_PER_STATEMENT)) {
    const counts = batch.map(({ name }) => `count(${identifier(name)})`).join(", ");
    const sql = `SELECT [${counts}] AS "filled" FROM ${input.source}`;
    const [row] = await input.ask({ sql, row: FilledRow }, input.signal);
    batch.forEach(({ name, position }, index) => {
      const filled = row?.filled[index] ?? 0;
      if (filled > 0 && filled < input.rows) found.push({ name, position, filled });
    });
  }
  return found
    .toSorted((a, b) => a.filled - b.filled || byText(a.name, b.name))
    .slice(0, MAX_COLUMNS)
    .toSorted((a, b) => a.position - b.position)
    .map(({ name }) => name);
}
