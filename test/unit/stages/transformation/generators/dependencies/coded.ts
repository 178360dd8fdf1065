import {
  type CodedColumn,
  type CodedTable,
  EMPTY,
} from "../../../../../../src/stages/transformation/generators/dependencies/index.ts";

type Cell = string | null;

/** A coded table from columns of cells, as the engine would code them. */
export function coded(cells: Readonly<Record<string, readonly Cell[]>>): CodedTable {
  const columns = Object.entries(cells).map(([name, values]) => codedColumn(name, values));
  return { rows: columns[0]?.codes.length ?? 0, columns, scale: 1 };
}

/** One coded column. */
function codedColumn(name: string, cells: readonly Cell[]): CodedColumn {
  const filled = cells.filter((cell) => cell !== null);
  const values = [...new Set(filled)].toSorted((a, b) => (a < b ? -1 : 1));
  const codes = Int32Array.from(cells, (cell) => (cell === null ? EMPTY : values.indexOf(cell)));
  const counts = new Int32Array(values.length);
  for (const code of codes) if (code !== EMPTY) counts[code]! += 1;
  return { name, values, counts, codes, filled: filled.length };
}

/** The column of a table by its name. */
export function column(table: CodedTable, name: string): CodedColumn {
  const found = table.columns.find((one) => one.name === name);
  if (!found) throw new Error(`no column ${name}`);
  return found;
}

/** Each cell so many times. */
export function times(...parts: readonly (readonly [count: number, cell: Cell])[]): Cell[] {
  return parts.flatMap(([count, cell]) => Array.from<Cell>({ length: count }).fill(cell));
}
