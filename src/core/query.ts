/**
 * A question to the engine, as data. A stage makes it, the engine answers it;
 * neither knows the other.
 *
 * @module
 */
import type { z } from "zod";

/**
 * One question. It stands alone: it names its files itself and leaves nothing behind, so that
 * an engine that died can be replaced and asked again.
 */
export interface Query<Row> {
  /** The statement whose rows are the answer. */
  readonly sql: string;
  /** Shape of one row. Integers beyond 2^53 come as strings. */
  readonly row: z.ZodType<Row>;
  /** Statements run before `sql` on the same connection: temporary tables, COPY … TO. */
  readonly setup?: readonly string[];
}

/** Answers queries. The engine gives one to whoever needs answers. */
export type Ask = <Row>(query: Query<Row>, signal?: AbortSignal) => Promise<Row[]>;

/** A SQL fragment. */
export type Sql = string;

/** Name of the column that holds the 1-based record number in every staged table. */
export const ROW = "__row";

/** A quoted SQL identifier. */
export function identifier(name: string): Sql {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A SQL literal. */
export function literal(value: string | number | boolean | null): Sql {
  if (value === null) return "NULL";
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  return String(value);
}

/** A list of SQL literals in parentheses, for IN. */
export function literals(values: readonly (string | number)[]): Sql {
  return `(${values.map((value) => literal(value)).join(", ")})`;
}

/** A staged Parquet file as a relation that can stand after FROM. */
export function parquet(path: string): Sql {
  return `read_parquet(${literal(path)})`;
}
