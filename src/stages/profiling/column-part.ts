/** Counts of each column: one exact grouping of its values, in SQL. */
import { z } from "zod";
import { identifier, literal, type Sql } from "../../core/index.ts";
import { batches, type Placed, type ProfilingInput, scan } from "./input.ts";
import { ColumnProfile } from "./profile.ts";

/** What the branch `columns` finds, one entry for each column, in order. */
export const ColumnsPart = z.array(
  ColumnProfile.pick({
    name: true,
    position: true,
    rows: true,
    nulls: true,
    blanks: true,
    distinct: true,
    singletons: true,
    min: true,
    max: true,
    minLength: true,
    maxLength: true,
    meanLength: true,
    top: true,
  }),
);
export type ColumnsPart = z.infer<typeof ColumnsPart>;

const CountsRow = z.object({
  position: z.int(),
  nulls: z.int(),
  blanks: z.int(),
  distinct: z.int(),
  singletons: z.int(),
  min: z.string().nullable(),
  max: z.string().nullable(),
  minLength: z.int(),
  maxLength: z.int(),
  characters: z.int(),
  values: z.array(z.string()),
  counts: z.array(z.int()),
});
type CountsRow = z.infer<typeof CountsRow>;

/** Count every column's values. */
export async function profileColumns(input: ProfilingInput): Promise<ColumnsPart> {
  const found: CountsRow[] = [];
  for (const batch of batches(input)) {
    const { setup, from } = scan(
      input,
      batch.map(({ name }) => name),
    );
    const sql = batch.map((column) => countsOf(column, from, input.options.topValues));
    const rows = await input.ask(
      { setup, sql: `${sql.join("\nUNION ALL ")}\nORDER BY "position"`, row: CountsRow },
      input.signal,
    );
    found.push(...rows);
  }
  return found.map((row) => columnOf(input, row));
}

function columnOf(input: ProfilingInput, row: CountsRow): ColumnsPart[number] {
  const { characters, values, counts, ...rest } = row;
  const filled = input.rows - row.nulls;
  return {
    ...rest,
    name: input.columns[row.position] ?? "",
    rows: input.rows,
    meanLength: filled === 0 ? 0 : Number((characters / filled).toFixed(4)),
    top: values.map((value, index) => ({ value, count: counts[index] ?? 0 })),
  };
}

/** What JavaScript's trim() takes off; DuckDB's own trim() leaves tabs and line ends. */
const SPACES =
  " \t\n\r\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";
/** Only what starts with a space, or with a character beyond ASCII, is looked at closely. */
const IS_BLANK = `CASE WHEN "v" < '!' OR "v" >= ${literal("\u0080")} THEN trim("v", ${literal(SPACES)}) = '' ELSE false END`;

function countsOf({ name, position }: Placed, from: Sql, topValues: number): Sql {
  return `SELECT ${position} AS "position", * EXCLUDE ("top"),
    coalesce(list_transform("top", lambda t: t.v), []) AS "values",
    coalesce(list_transform("top", lambda t: -t.n), []) AS "counts"
  FROM (SELECT
    coalesce(sum("n") FILTER ("v" IS NULL), 0)::BIGINT AS "nulls",
    coalesce(sum("n") FILTER (${IS_BLANK}), 0)::BIGINT AS "blanks",
    count("v") AS "distinct",
    count(*) FILTER ("n" = 1 AND "v" IS NOT NULL) AS "singletons",
    min("v") AS "min", max("v") AS "max",
    coalesce(min(length("v")), 0) AS "minLength", coalesce(max(length("v")), 0) AS "maxLength",
    coalesce(sum(length("v") * "n"), 0)::BIGINT AS "characters",
    min({'n': -"n", 'v': "v"}, ${topValues}) FILTER ("v" IS NOT NULL) AS "top"
  FROM (SELECT ${identifier(name)} AS "v", count(*) AS "n" FROM ${from} GROUP BY 1))`;
}
