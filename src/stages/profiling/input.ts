/** What every branch of profiling is given, and how it asks about many columns in bounded statements. */
import { type Ask, identifier, ROW, type Sql } from "../../core/index.ts";
import type { ProfilingOptions } from "./options.ts";

export interface ProfilingInput {
  readonly dataset: string;
  readonly fingerprint: string;
  /** A relation for FROM: `__row` and VARCHAR columns; empty cells are NULL. */
  readonly source: Sql;
  readonly columns: readonly string[];
  readonly rows: number;
  readonly options: ProfilingOptions;
  readonly ask: Ask;
  readonly signal: AbortSignal | undefined;
}

/** A column with its place in the table. */
export interface Placed {
  readonly name: string;
  /** 0-based. */
  readonly position: number;
}

/** More aggregates in one statement have killed the engine. */
const COLUMNS_PER_STATEMENT = 50;
/** Above this many cells a copy in memory costs more than scanning the file once for each column. */
const CELLS_WORTH_COPYING = 2_000_000;

/** Name of the temporary table that {@link scan} makes. */
const COPY = "profiled";

/** The columns in groups small enough for one statement. */
export function batches(input: ProfilingInput): Placed[][] {
  const placed = input.columns.map((name, position) => ({ name, position }));
  return inBatches(placed, COLUMNS_PER_STATEMENT);
}

/** Items in groups of at most `size`, in order. */
export function inBatches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/**
 * How a statement that names its source once for each of `columns` should read it: a small one from
 * a copy in memory, since opening a wide file costs more than its few rows; a large one in place.
 */
export function scan(
  input: ProfilingInput,
  columns: readonly string[],
): { readonly setup: readonly Sql[]; readonly from: Sql } {
  if (columns.length < 2 || input.rows * columns.length > CELLS_WORTH_COPYING) {
    return { setup: [], from: input.source };
  }
  const list = [ROW, ...columns].map((name) => identifier(name)).join(", ");
  return { setup: [`CREATE TEMP TABLE ${COPY} AS SELECT ${list} FROM ${input.source}`], from: COPY };
}

/** `count` items by code unit order of a text, for ties that must fall the same way everywhere. */
export function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
