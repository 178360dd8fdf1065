/** Distinct values of columns with their counts: what the generators of the first wave work on. */
import { z } from "zod";
import { identifier, type Query, type Sql } from "../../core/index.ts";
import { compareText } from "./change-evidence.ts";
import type { GeneratorContext } from "./generator.ts";

/** A cell's text and how many rows hold it. */
export interface ValueWithCount {
  readonly value: string;
  readonly count: number;
}

/** The distinct values of one column. */
export interface ColumnValues {
  readonly column: string;
  /** Most frequent first, ties in text order. Of a list that is cut, a hash chose among the last ties. */
  readonly values: readonly ValueWithCount[];
  /** False when the list was cut at its limit. */
  readonly complete: boolean;
}

export interface ReadValuesOptions {
  /** A SQL condition over `value`: only cells that fulfil it are read. */
  readonly matching?: Sql;
  /** Distinct values at most for each column. */
  readonly limit?: number;
}

/** Enough to know a column's forms, little enough to cross a process boundary for every column. */
const DEFAULT_LIMIT = 50_000;
/** Columns in one statement. */
const CHUNK = 50;
/**
 * A table of at most this many rows is read once for all columns of a statement; a longer one once
 * for each column, which never holds columns times rows. Opening a wide file is what takes the
 * time in the first case, counting values in the second.
 */
const SHORT_TABLE = 50_000;

const ValueRow = z.object({ position: z.number(), value: z.string(), count: z.number() });
type ValueRow = z.infer<typeof ValueRow>;

/** What the values are read from. */
type Source = Pick<GeneratorContext, "source" | "rows" | "ask" | "signal">;

/** The query for the filled distinct values of some columns; `position` is the place in `columns`. */
function valuesQuery(
  { source, rows }: Pick<Source, "source" | "rows">,
  columns: readonly string[],
  { matching = "true", limit = DEFAULT_LIMIT }: ReadValuesOptions = {},
): Query<ValueRow> {
  const counted = (
    from: Sql,
  ) => `SELECT "position", value, count(*)::BIGINT AS "count" FROM (${from})
  WHERE value IS NOT NULL AND (${matching}) GROUP BY "position", value`;
  if (rows <= SHORT_TABLE) {
    const list = columns.map((column) => identifier(column)).join(", ");
    const all = `SELECT unnest(range(${columns.length})) AS "position", unnest([${list}]) AS value FROM ${source}`;
    const order = `row_number() OVER (PARTITION BY "position" ORDER BY "count" DESC, hash(value), value)`;
    return { sql: `${counted(all)} QUALIFY ${order} <= ${limit + 1}`, row: ValueRow };
  }
  const parts = columns.map((column, position) => {
    const one = `SELECT ${position} AS "position", ${identifier(column)} AS value FROM ${source}`;
    return `(${counted(one)} ORDER BY "count" DESC, hash(value), value LIMIT ${limit + 1})`;
  });
  return { sql: parts.join("\nUNION ALL\n"), row: ValueRow };
}

/** Read the distinct values of columns, some columns a query. */
export async function readValues(
  source: Source,
  columns: readonly string[],
  options: ReadValuesOptions = {},
): Promise<ColumnValues[]> {
  const limit = options.limit ?? DEFAULT_LIMIT;
  const result: ColumnValues[] = [];
  for (let from = 0; from < columns.length; from += CHUNK) {
    const chunk = columns.slice(from, from + CHUNK);
    const rows = await source.ask(valuesQuery(source, chunk, { ...options, limit }), source.signal);
    const lists = chunk.map((): ValueWithCount[] => []);
    for (const { position, value, count } of rows) lists[position]?.push({ value, count });
    for (const [place, column] of chunk.entries()) {
      // Neither form promises an order; ties go by text, so that the answer is the same each time.
      const all = (lists[place] ?? []).toSorted(
        (x, y) => y.count - x.count || compareText(x.value, y.value),
      );
      result.push({ column, values: all.slice(0, limit), complete: all.length <= limit });
    }
  }
  return result;
}

/** Sum of counts. */
export function cells(values: readonly { readonly count: number }[]): number {
  return values.reduce((sum, { count }) => sum + count, 0);
}
