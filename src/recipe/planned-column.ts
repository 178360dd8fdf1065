/** A column while a recipe is compiled: the layers of changed values over its input, and its SQL. */
import { identifier, ROW, type Sql } from "../core/index.ts";
import type { CellStep } from "./cell-program.ts";

/**
 * Changed values of a column in a temporary table: k (the value before), v (after), steps and
 * fails, keyed by the value before or by the row r. Where `steps` is NULL the value stays.
 */
export interface Layer {
  readonly table: string;
  readonly by: "value" | "row";
  /** Whether cells may be listed in the quarantine. */
  readonly lists: boolean;
}

/** A column at the point where the plan stands. */
export interface PlannedColumn {
  readonly name: string;
  /** The input column whose cells it holds; null for a column that a step added. */
  readonly input: string | null;
  readonly layers: readonly Layer[];
  /** Cell steps not yet evaluated. */
  readonly pending: readonly CellStep[];
  /** Ids of the steps that added or renamed it. */
  readonly madeBy: readonly string[];
}

/** The value of a column at this point, over `s` and the layers joined by {@link Plan.from}. */
export function valueSql({ input, layers }: PlannedColumn): Sql {
  return layers.reduce(
    (before, { table }) =>
      `CASE WHEN ${table}.steps IS NOT NULL THEN ${table}.v ELSE ${before} END`,
    input === null ? "NULL::VARCHAR" : `s.${identifier(input)}`,
  );
}

/** Ids of the steps that changed a cell, joined by commas; NULL for none. */
export function stepsSql({ layers }: PlannedColumn): Sql {
  return joinedIds(layers.map(({ table }) => `${table}.steps`));
}

/** Ids of the steps that listed a cell in the quarantine, joined by commas; NULL for none. */
export function failsSql({ layers }: PlannedColumn): Sql {
  return joinedIds(layers.map(({ table }) => `${table}.fails`));
}

function joinedIds(parts: readonly Sql[]): Sql {
  return parts.length === 0 ? "NULL::VARCHAR" : `nullif(concat_ws(',', ${parts.join(", ")}), '')`;
}

/** The joins that bring a column's layers to the source `s`. */
export function joinsOf(column: PlannedColumn): Sql[] {
  return column.layers.map(({ table, by }, i) => {
    const before = valueSql({ ...column, layers: column.layers.slice(0, i) });
    const on =
      by === "row"
        ? `${table}.r = s.${identifier(ROW)}`
        : `${table}.k IS NOT DISTINCT FROM ${before}`;
    return `LEFT JOIN ${table} ON ${on}`;
  });
}
