import { WranglerError } from "../../../core/index.ts";
import { cellPlace, columnLetters } from "../workbook/index.ts";

/** A cell's place, counted from 0. */
export interface Place {
  readonly column: number;
  readonly row: number;
}

/** A sheet of a template, opened at the row that is to be filled. */
export interface OpenSheet {
  /** The sheet's XML up to that row. */
  readonly head: string;
  /** Attributes of the row but for its number: height, style. */
  readonly rowAttributes: string;
  /** Style of a column's cells: that of the cell in the row, else of the column. */
  readonly styleOf: (column: number) => number;
  /** Cells of the row beside the table, which stay in it: those before and those behind. */
  readonly left: string;
  readonly right: string;
  /** The XML behind the rows, given the last row that was written, counted from 0. */
  readonly tail: (lastRow: number) => string;
}

const DATA = /<sheetData(?:\s[^>]*)?(?:\/>|>([\s\S]*?)<\/sheetData>)/;
const ROW = /<row\b([^>]*?)(?:\/>|>([\s\S]*?)<\/row>)/g;
const CELL = /<c\b([^>]*?)(?:\/>|>([\s\S]*?)<\/c>)/g;
const FILLED = /<(?:v|f|is)[\s/>]/;

/**
 * Open a sheet at a place: the row there is the pattern for all rows of the table, and whatever
 * stands above it, beside it and in the rest of the sheet stays.
 *
 * @param width columns of the table
 * @param name of the sheet, for errors
 * @throws {WranglerError} WORKBOOK_INVALID when there is something below the row that would be
 * overwritten, or the sheet is written in a way that is not known.
 */
export function openSheet(xml: string, at: Place, width: number, name: string): OpenSheet {
  const data = DATA.exec(xml);
  if (!data) throw invalid(name, "is written in a way that is not known; save it anew in Excel");
  const rows = [...(data[1] ?? "").matchAll(ROW)].map(([text, attributes = "", cells = ""]) => ({
    text,
    attributes,
    cells,
    row: Number(attributeOf(attributes, "r")) - 1,
  }));
  if (rows.some(({ row }) => !Number.isInteger(row)))
    throw invalid(name, "has rows without a number; save it anew in Excel");
  const below = rows.filter(({ row }) => row > at.row);
  const filled = below.find(({ cells }) => FILLED.test(cells));
  if (filled)
    throw invalid(
      name,
      `holds something in row ${filled.row + 1}, below row ${at.row + 1} that is to be filled; put it above, beside or on another sheet`,
    );
  refuseMerged(xml, at, name);
  const pattern = rows.find(({ row }) => row === at.row);
  const cells = cellsOf(pattern?.cells ?? "");
  const lost = cells.find(
    ({ column, text }) =>
      column >= at.column && column < at.column + width && /<f[\s/>]/.test(text),
  );
  if (lost)
    throw invalid(
      name,
      `holds a formula in ${columnLetters(lost.column)}${at.row + 1}, which the table would overwrite`,
    );
  const styles = new Map(cells.map(({ column, style }) => [column, style]));
  const columnStyles = columnStylesOf(xml);
  const above = rows.filter(({ row }) => row < at.row).map(({ text }) => text);
  const before = xml.slice(0, data.index).replace(/<dimension\b[^>]*\/>/, "");
  const after = xml.slice(data.index + data[0].length);
  return {
    head: `${before}<sheetData>${above.join("")}`,
    rowAttributes: (pattern?.attributes ?? "").replaceAll(/\s(?:r|spans)="[^"]*"/g, "").trimEnd(),
    styleOf: (column) => styles.get(column) ?? columnStyles(column),
    left: textOf(cells, (column) => column < at.column),
    right: textOf(cells, (column) => column >= at.column + width),
    tail: (last) => {
      const rest = below.filter(({ row }) => row > last).map(({ text }) => text);
      return `${rest.join("")}</sheetData>${withFilter(after, at, last)}`;
    },
  };
}

interface PatternCell {
  readonly column: number;
  readonly style: number;
  readonly text: string;
}

function cellsOf(cells: string): PatternCell[] {
  return [...cells.matchAll(CELL)].map(([text, attributes = ""]) => ({
    column: cellPlace(attributeOf(attributes, "r"))?.column ?? -1,
    style: Number(attributeOf(attributes, "s") || 0),
    text,
  }));
}

function textOf(cells: readonly PatternCell[], wanted: (column: number) => boolean): string {
  return cells.flatMap(({ column, text }) => (wanted(column) ? [text] : [])).join("");
}

/** Styles of whole columns, which cells take that are not written. */
function columnStylesOf(xml: string): (column: number) => number {
  const ranges = [...xml.matchAll(/<col\b([^>]*)>/g)].map(([, attributes = ""]) => ({
    from: Number(attributeOf(attributes, "min")) - 1,
    to: Number(attributeOf(attributes, "max")) - 1,
    style: Number(attributeOf(attributes, "style") || 0),
  }));
  return (column) => ranges.find(({ from, to }) => from <= column && column <= to)?.style ?? 0;
}

function refuseMerged(xml: string, at: Place, name: string): void {
  const merged = [...xml.matchAll(/<mergeCell\b[^>]*\bref="([^"]*)"/g)].map(([, ref = ""]) => ref);
  const inside = merged.find((ref) => (cellPlace(ref.split(":").at(-1) ?? "")?.row ?? 0) >= at.row);
  if (inside !== undefined)
    throw invalid(name, `has the merged cells ${inside} in rows that are to be filled`);
}

/** A filter over the titles in front of the row reaches as far as the rows do. */
function withFilter(xml: string, at: Place, last: number): string {
  return xml.replace(
    /(<autoFilter\b[^>]*\bref=")([^"]*)"/,
    (_, open: string, ref: string) => `${open}${reaching(ref, at, last)}"`,
  );
}

/** A range whose first row is the one above `at`, made to end with the last row; else as it is. */
export function reaching(ref: string, at: Place, last: number): string {
  const [first = "", end = first] = ref.split(":");
  const [from, to] = [cellPlace(first), cellPlace(end)];
  if (!from || !to || from.row !== at.row - 1) return ref;
  const sign = end.startsWith("$") ? "$" : "";
  return `${first}:${sign}${columnLetters(to.column)}${sign}${Math.max(last, at.row) + 1}`;
}

function attributeOf(attributes: string, name: string): string {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(` ${attributes}`)?.[1] ?? "";
}

function invalid(sheet: string, what: string): WranglerError {
  return new WranglerError("WORKBOOK_INVALID", `The template's sheet "${sheet}" ${what}.`, {
    sheet,
  });
}
