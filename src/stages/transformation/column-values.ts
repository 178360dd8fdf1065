/** Distinct values of columns with their counts: what the generators of the first wave work on. */
import { z } from "zod";
import { type Ask, identifier, type Query, type Sql } from "../../core/index.ts";

/** A cell's text and how many rows hold it. */
export interface ValueWithCount {
  readonly value: string;
  readonly count: number;
}

/** The distinct values of one column. */
export interface ColumnValues {
  readonly column: string;
  /** Most frequent first; ties in the order of a hash, so that a cut-off list is a fair sample. */
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
const CHUNK = 25;

const ValueRow = z.object({ position: z.number(), value: z.string(), count: z.number() });

/** The query for the filled distinct values of some columns; `position` is the place in `columns`. */
export function valuesQuery(
  source: Sql,
  columns: readonly string[],
  { matching = "true", limit = DEFAULT_LIMIT }: ReadValuesOptions = {},
): Query<z.infer<typeof ValueRow>> {
  const parts = columns.map(
    (column, position) => `(SELECT ${position} AS "position", value, "count" FROM (
  SELECT value, count(*)::BIGINT AS "count" FROM (SELECT ${identifier(column)} AS value FROM ${source})
  WHERE value IS NOT NULL AND (${matching}) GROUP BY value)
  ORDER BY "count" DESC, hash(value), value LIMIT ${limit + 1})`,
  );
  return { sql: parts.join("\nUNION ALL\n"), row: ValueRow };
}

/** Read the distinct values of columns, some columns a query. */
export async function readValues(
  { source, ask, signal }: { source: Sql; ask: Ask; signal: AbortSignal | undefined },
  columns: readonly string[],
  options: ReadValuesOptions = {},
): Promise<ColumnValues[]> {
  const limit = options.limit ?? DEFAULT_LIMIT;
  const result: ColumnValues[] = [];
  for (let from = 0; from < columns.length; from += CHUNK) {
    const chunk = columns.slice(from, from + CHUNK);
    const rows = await ask(valuesQuery(source, chunk, { ...options, limit }), signal);
    const lists = chunk.map((): ValueWithCount[] => []);
    for (const { position, value, count } of rows) lists[position]?.push({ value, count });
    for (const [place, column] of chunk.entries()) {
      // UNION ALL promises no order.
      const all = (lists[place] ?? []).toSorted((a, b) => b.count - a.count);
      result.push({ column, values: all.slice(0, limit), complete: all.length <= limit });
    }
  }
  return result;
}

/** Sum of counts. */
export function cells(values: readonly { readonly count: number }[]): number {
  return values.reduce((sum, { count }) => sum + count, 0);
}
