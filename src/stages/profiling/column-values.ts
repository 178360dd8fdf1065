/** The different values of columns, with their counts. */
import { z } from "zod";
import { identifier, type Sql } from "../../core/index.ts";
import { batches, inBatches, type Placed, type ProfilingInput, scan } from "./input.ts";
import type { ValueCount } from "./profile.ts";

/** Columns with more different values than this are counted where they lie. */
export const MAX_VALUES = 50_000;
/** In so few rows a plain look at the cells costs less than a grouping for each column. */
const FEW_ROWS = 1_000;
/** Cells of a plain look, and columns of it. */
const CELLS_AT_ONCE = 250_000;
const COLUMNS_AT_ONCE = 1_000;

/** A long list is taken as the statement makes it: to look at each item takes longer than to read it. */
export function listOf<Item>(): z.ZodType<readonly Item[]> {
  return z.custom<readonly Item[]>((value) => Array.isArray(value));
}

/** A long list as JSON: one text crosses to this process faster than its many items. NULL stays null. */
export function jsonListOf<Item>() {
  const list = listOf<Item>();
  return z
    .string()
    .nullable()
    .transform((text) => (text === null ? null : list.parse(JSON.parse(text))));
}

const CellsRow = z.object({ cells: listOf<string | null>() });
const ValuesRow = z.object({
  position: z.int(),
  /** Null where there are too many. */
  values: jsonListOf<string>(),
  counts: jsonListOf<number>(),
});

/** The columns in groups that {@link readValues} can read at once. */
export function groupsToRead(input: ProfilingInput): Placed[][] {
  if (input.rows > FEW_ROWS) return batches(input);
  const fitting = Math.floor(CELLS_AT_ONCE / Math.max(1, input.rows));
  const placed = input.columns.map((name, position) => ({ name, position }));
  return inBatches(placed, Math.min(COLUMNS_AT_ONCE, fitting));
}

/** The values of each column, by its position, in no order; columns of more than {@link MAX_VALUES} are left out. */
export async function readValues(
  input: ProfilingInput,
  columns: readonly Placed[],
): Promise<Map<number, ValueCount[]>> {
  if (columns.length === 0) return new Map();
  if (input.rows <= FEW_ROWS) return readCells(input, columns);
  const names = columns.map(({ name }) => name);
  return readGroups(input, columns, scan(input, names));
}

/** The values of some rows: `condition` chooses them, the same whatever the number of threads. */
export async function readSampled(
  input: ProfilingInput,
  columns: readonly Placed[],
  condition: Sql,
): Promise<Map<number, ValueCount[]>> {
  const list = columns.map(({ name }) => identifier(name)).join(", ");
  const setup = [
    `CREATE TEMP TABLE sampled AS SELECT ${list} FROM ${input.source} WHERE ${condition}`,
  ];
  return readGroups(input, columns, { setup, from: "sampled" });
}

async function readCells(
  input: ProfilingInput,
  columns: readonly Placed[],
): Promise<Map<number, ValueCount[]>> {
  const list = columns.map(({ name }) => identifier(name)).join(", ");
  const rows = await input.ask(
    { sql: `SELECT [${list}] AS "cells" FROM ${input.source}`, row: CellsRow },
    input.signal,
  );
  return new Map(
    columns.map(({ position }, index) => [
      position,
      countCells(rows.map(({ cells }) => cells[index] ?? null)),
    ]),
  );
}

function countCells(cells: readonly (string | null)[]): ValueCount[] {
  const counts = new Map<string, number>();
  for (const cell of cells) if (cell !== null) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  return [...counts].map(([value, count]) => ({ value, count }));
}

async function readGroups(
  input: ProfilingInput,
  columns: readonly Placed[],
  { setup, from }: { readonly setup: readonly Sql[]; readonly from: Sql },
): Promise<Map<number, ValueCount[]>> {
  const sql = columns.map((column) => valuesOf(column, from)).join("\nUNION ALL ");
  const rows = await input.ask({ setup, sql, row: ValuesRow }, input.signal);
  return new Map(
    rows.flatMap(({ position, values, counts }) =>
      values && counts ? [[position, valuesFrom(values, counts)] as const] : [],
    ),
  );
}

function valuesOf({ name, position }: Placed, from: Sql): Sql {
  const few = (list: Sql) => `CASE WHEN count(*) <= ${MAX_VALUES} THEN coalesce(${list}, []) END`;
  return `SELECT ${position} AS "position", to_json(${few('list("v")')})::VARCHAR AS "values", ${few('list("n")')}::VARCHAR AS "counts"
  FROM (SELECT ${identifier(name)} AS "v", count(*) AS "n" FROM ${from} WHERE ${identifier(name)} IS NOT NULL
    GROUP BY 1 LIMIT ${MAX_VALUES + 1})`;
}

function valuesFrom(values: readonly string[], counts: readonly number[]): ValueCount[] {
  return values.map((value, index) => ({ value, count: counts[index] ?? 0 }));
}
