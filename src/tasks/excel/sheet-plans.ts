import { WranglerError } from "../../core/index.ts";
import type { SheetOrder } from "./sheet-orders.ts";
import type { LoadedTable } from "./tables/index.ts";
import {
  type Cell,
  foldedName,
  MAX_CELL_CHARACTERS,
  numberedName,
  type SheetPlan,
} from "./workbook/index.ts";

/** The sheets of one table: more than one when it has more rows than a sheet holds. */
export interface TableSheets {
  readonly order: SheetOrder;
  readonly table: LoadedTable;
  readonly plans: readonly SheetPlan[];
}

/** A table that goes into a workbook. */
export interface TablePart {
  readonly order: SheetOrder;
  readonly table: LoadedTable;
  readonly data: AsyncIterator<readonly Cell[]>;
}

/**
 * Lay tables out on sheets.
 *
 * @param maxRows of a sheet, titles included
 * @throws {WranglerError} WORKBOOK_INVALID when a table is too long and not to be split.
 */
export function sheetPlans(parts: readonly TablePart[], maxRows: number): TableSheets[] {
  const taken = new Set(parts.map(({ order }) => foldedName(order.name)));
  return parts.map(({ order, table, data }) => {
    const { header, freeze, filter, name } = order;
    refuseTooLarge(order, table, maxRows);
    const most = maxRows - (header ? 1 : 0);
    const total = table.dataset.rows;
    const columns = table.columns.map(({ title, width, format, kind }) => ({
      title,
      width,
      format,
      isText: kind === "text",
    }));
    const plans = Array.from({ length: Math.max(1, Math.ceil(total / most)) }, (_, i) => {
      const named = i === 0 ? name : numberedName(name, i + 1, taken);
      taken.add(foldedName(named));
      const rows = Math.min(most, total - i * most);
      return { name: named, columns, header, freeze, filter, rows, data };
    });
    return { order, table, plans };
  });
}

function refuseTooLarge(order: SheetOrder, { columns, dataset }: LoadedTable, maxRows: number) {
  const { name, header, split } = order;
  const rows = dataset.rows + (header ? 1 : 0);
  if (split === "error" && rows > maxRows)
    throw invalid(name, `${rows} rows, and it is to hold at most ${maxRows}`);
  const long = header && columns.find(({ title }) => title.length > MAX_CELL_CHARACTERS);
  if (long) throw invalid(name, `a title of ${long.title.length} characters`);
}

function invalid(sheet: string, what: string): WranglerError {
  return new WranglerError("WORKBOOK_INVALID", `Sheet "${sheet}" would have ${what}.`, { sheet });
}
