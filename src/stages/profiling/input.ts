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
/** So many cells are grouped by one statement at once: each grouping holds its values in memory. */
const CELLS_PER_STATEMENT = 1_000_000;

/** Name of the temporary table that {@link scan} makes. */
const COPY = "profiled";

/** The columns in groups small enough for one statement that groups each of them by value. */
export function batches(input: ProfilingInput): Placed[][] {
  const placed = input.columns.map((name, position) => ({ name, position }));
  const fitting = Math.max(1, Math.floor(CELLS_PER_STATEMENT / Math.max(1, input.rows)));
  return inBatches(placed, Math.min(COLUMNS_PER_STATEMENT, fitting));
}

/** Of a table with more rows, two columns at once may not fit into memory: spilling costs more than waiting. */
const ROWS_FOR_TWO = 2_000_000;

/** How many questions about columns are asked at once: two, so that one is worked on while an answer is read. */
export function questionsAtOnce({ rows }: Pick<ProfilingInput, "rows">): number {
  return rows > ROWS_FOR_TWO ? 1 : 2;
}

/** The results of work on each item, in order; so many are under way at once. */
export async function workThrough<T, Result>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const rest = items.entries();
  const worker = async () => {
    for (const [index, item] of rest) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, () => worker()));
  return results;
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
  if (columns.length < 2) {
    return { setup: [], from: input.source };
  }
  const list = [ROW, ...columns].map((name) => identifier(name)).join(", ");
  return {
    setup: [`CREATE TEMP TABLE ${COPY} AS SELECT ${list} FROM ${input.source}`],
    from: COPY,
  };
}

/**
 * Condition on rows that about `wanted` of them meet, the same ones whatever the number of threads;
 * "" for all of them.
 */
export function sampleOf(input: ProfilingInput, wanted: number, by: Sql = ROW): Sql {
  const one = Math.floor(input.rows / wanted);
  return one < 2 ? "" : `hash(${by}) % ${one} = 0`;
}

/** Code unit order, for ties that must fall the same way everywhere. */
export function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
