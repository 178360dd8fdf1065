import { z } from "zod";
import { type Ask, type Dataset, parquet, WranglerError } from "../../../core/index.ts";
import { loadDataset, tableRows } from "../../../engine/index.ts";
import { type Cell, cutToCell, MAX_CELL_CHARACTERS, MAX_COLUMNS } from "../workbook/index.ts";
import { cellOf } from "./cell-values.ts";
import { type ChosenColumn, chosenColumns, type ColumnChoice } from "./chosen-columns.ts";
import { columnFacts } from "./column-facts.ts";
import { type PlannedColumn, plannedColumn } from "./column-plan.ts";

/** What is wanted of a table. */
export interface TableOrder {
  /** Absolute; all files together are one table. */
  readonly paths: readonly string[];
  readonly columns?: readonly ColumnChoice[] | undefined;
  readonly keepOther: boolean;
  readonly types: "auto" | "text";
  /** Whether records that cannot be read as rows may be missing. */
  readonly damaged: "error" | "skip";
}

/** How values become cells. */
export interface CellRules {
  readonly long: "error" | "cut";
  readonly misfit: "text" | "error";
  /** IANA name. */
  readonly timeZone: string;
}

/** What happened to values on their way. */
export interface CellCounts {
  /** Values that are not of their column's kind and were kept as text. */
  misfits: number;
  cut: number;
}

/** A table, read and staged, its columns planned. */
export interface LoadedTable {
  readonly dataset: Dataset;
  readonly columns: readonly PlannedColumn[];
  readonly counts: CellCounts;
  /** Its rows as cells, in the table's order. */
  rows(rules: CellRules): AsyncGenerator<readonly Cell[]>;
}

/**
 * Read a table and look at its values.
 *
 * @param folder for what is staged; made if missing
 * @throws {WranglerError} INPUT_MISSING, INPUT_EMPTY, INPUT_UNREADABLE; COLUMN_UNKNOWN; WORKBOOK_INVALID
 * for records that are no rows; CANCELED.
 */
export async function loadTable(
  order: TableOrder,
  folder: string,
  ask: Ask,
  signal: AbortSignal,
): Promise<LoadedTable> {
  const { paths, columns: choices, keepOther, types } = order;
  const source = paths.join(", ");
  const dataset = await loadDataset({ name: source, paths, read: {}, folder, ask, signal });
  if (order.damaged === "error") await refuseDamaged(dataset, ask, signal);
  const chosen = chosenColumns(dataset.columns, choices, keepOther, source);
  if (chosen.length > MAX_COLUMNS)
    throw invalid(`${source}: ${chosen.length} columns, and a sheet holds at most ${MAX_COLUMNS}.`);
  const names = chosen.map(({ column }) => column.name);
  const facts = await columnFacts(dataset.recordsPath, names, ask, signal);
  // A Parquet file whose columns are all text says no more of types than CSV does.
  const typed = dataset.columns.some(({ sourceType }) => (sourceType ?? "VARCHAR") !== "VARCHAR");
  const columns = chosen.flatMap(({ column, wish }, i) => {
    const known = facts[i];
    const look = types === "text" ? { format: "text", ...defined(wish) } : wish;
    return known ? [plannedColumn(column, known, look, typed)] : [];
  });
  const counts: CellCounts = { misfits: 0, cut: 0 };
  const rows = (rules: CellRules) => cellRows(dataset, columns, rules, counts, ask, signal);
  return { dataset, columns, counts, rows };
}

function defined({ title, format, width }: ChosenColumn["wish"]): ChosenColumn["wish"] {
  return { title, width, ...(format === undefined ? {} : { format }) };
}

async function* cellRows(
  dataset: Dataset,
  columns: readonly PlannedColumn[],
  rules: CellRules,
  counts: CellCounts,
  ask: Ask,
  signal: AbortSignal,
): AsyncGenerator<readonly Cell[]> {
  const names = columns.map(({ name }) => name);
  const { recordsPath } = dataset;
  const tempPath = `${recordsPath}.lines`;
  for await (const some of tableRows({ recordsPath, names, tempPath, ask, signal }))
    for (const { row, values } of some)
      yield columns.map((column, i) => {
        const value = values[i] ?? null;
        if (value === null) return null;
        return cellAt(value, column, rules, counts, () => placeOf(dataset, row, column));
      });
}

function cellAt(
  value: string,
  column: PlannedColumn,
  { long, misfit, timeZone }: CellRules,
  counts: CellCounts,
  place: () => string,
): Cell {
  const cell = cellOf(value, column.kind, timeZone);
  if (cell !== undefined && typeof cell !== "string") return cell;
  if (cell === undefined) {
    counts.misfits++;
    if (misfit === "error")
      throw invalid(`${place()}: expected a ${column.kind}, got ${shortened(value)}.`);
  }
  if (value.length <= MAX_CELL_CHARACTERS) return value;
  counts.cut++;
  if (long === "cut") return cutToCell(value);
  throw invalid(
    `${place()}: ${value.length} characters, and a cell holds at most ${MAX_CELL_CHARACTERS}; \`long: cut\` cuts such text.`,
  );
}

function placeOf({ files }: Dataset, row: number, { title }: PlannedColumn): string {
  const file = files.findLast(({ firstRow }) => firstRow <= row);
  return `${file?.path}, record ${row - (file?.firstRow ?? 1) + 1}, column "${title}"`;
}

const SHOWN_CHARACTERS = 60;

function shortened(value: string): string {
  return JSON.stringify(
    value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS - 3)}...` : value,
  );
}

const Reject = z.object({ row: z.number(), reason: z.string() });

/** Rows must not go missing on their way into a workbook without a word. */
export async function refuseDamaged(
  { name, rejected, rejectsPath }: Dataset,
  ask: Ask,
  signal: AbortSignal,
): Promise<void> {
  if (rejected === 0 || rejectsPath === null) return;
  const sql = `SELECT "row", reason FROM ${parquet(rejectsPath)} WHERE "row" > 0 ORDER BY "row" LIMIT 1`;
  const [first] = await ask({ sql, row: Reject }, signal);
  throw invalid(
    `${name}: ${rejected} of its records cannot be read as rows, first record ${first?.row}: ${first?.reason} Prepare the table first, or leave them out with \`damaged: skip\`.`,
  );
}

function invalid(reason: string): WranglerError {
  return new WranglerError("WORKBOOK_INVALID", reason);
}
