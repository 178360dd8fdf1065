import { columnLetters } from "./cell-name.ts";
import { cellText, keepsSpace, looksLikeFormula } from "./cell-text.ts";
import type { Styles } from "./styles.ts";

/** What a cell holds: text, a number (days are numbers too), a truth value, nothing. Never a formula. */
export type Cell = string | number | boolean | null;

export interface SheetColumn {
  readonly title: string;
  /** In characters of the standard font. */
  readonly width: number;
  /** Number format code. */
  readonly format: string;
  /** Whether the column is meant for text. */
  readonly isText: boolean;
}

/** A sheet to be written. */
export interface SheetPlan {
  readonly name: string;
  readonly columns: readonly SheetColumn[];
  /** Whether the first row has the columns' titles. */
  readonly header: boolean;
  /** Whether the titles stay where they are while the rows move. */
  readonly freeze: boolean;
  readonly filter: boolean;
  /** Rows below the titles. */
  readonly rows: number;
  /** Gives the rows; is asked for as many as there are to be, no more. */
  readonly data: AsyncIterator<readonly Cell[]>;
}

/** Numbers of the styles that a column's cells take. */
export interface ColumnStyles {
  readonly value: number;
  readonly text: number;
  /** For text that looks like a formula. */
  readonly quoted: number;
}

/** Numbers of all styles of a sheet. */
export interface SheetStyles {
  readonly titles: ColumnStyles;
  readonly columns: readonly ColumnStyles[];
}

/** The styles that a sheet needs. */
export function sheetStyles(
  columns: readonly SheetColumn[],
  styles: Styles,
  escapeFormulas: boolean,
): SheetStyles {
  const stylesOf = (format: string, text: string, bold: boolean): ColumnStyles => ({
    value: styles.numberOf({ format, bold }),
    text: styles.numberOf({ format: text, bold }),
    quoted: styles.numberOf({ format: text, bold, quoted: escapeFormulas }),
  });
  return {
    titles: stylesOf("General", "General", true),
    columns: columns.map(({ format, isText }) => stylesOf(format, isText ? format : "@", false)),
  };
}

/** XML is handed on in pieces of about so many characters. */
export const PIECE_CHARACTERS = 1 << 17;

/**
 * The XML of a sheet.
 *
 * @yields {string} the next piece
 */
export async function* sheetXml(
  plan: SheetPlan,
  styles: SheetStyles,
  first: boolean,
): AsyncGenerator<string> {
  const letters = plan.columns.map((_, index) => columnLetters(index));
  let text = headXml(plan, letters, first);
  if (plan.header) {
    const titles = plan.columns.map(({ title }) => title);
    text += rowXml(
      1,
      titles,
      letters,
      titles.map(() => styles.titles),
    );
  }
  const above = plan.header ? 1 : 0;
  for (let row = 1; row <= plan.rows; row++) {
    const next = await plan.data.next();
    if (next.done === true)
      throw new RangeError(`${plan.name}: ${row - 1} rows came, not ${plan.rows}`);
    text += rowXml(row + above, next.value, letters, styles.columns);
    if (text.length < PIECE_CHARACTERS) continue;
    yield text;
    text = "";
  }
  yield text + tailXml(plan, letters);
}

/** The range of all cells. */
function rangeOf({ columns, rows, header }: SheetPlan): string {
  const last = columnLetters(Math.max(0, columns.length - 1));
  return `A1:${last}${Math.max(1, rows + (header ? 1 : 0))}`;
}

function headXml(plan: SheetPlan, letters: readonly string[], first: boolean): string {
  const pane =
    plan.header && plan.freeze
      ? '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/>'
      : "";
  const widths = plan.columns.map(
    ({ width }, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
    `<dimension ref="${rangeOf(plan)}"/>`,
    `<sheetViews><sheetView${first ? ' tabSelected="1"' : ""} workbookViewId="0">${pane}</sheetView></sheetViews>`,
    '<sheetFormatPr defaultRowHeight="15"/>',
    letters.length > 0 ? `<cols>${widths.join("")}</cols>` : "",
    "<sheetData>",
  ].join("");
}

function tailXml(plan: SheetPlan, letters: readonly string[]): string {
  const filter = plan.header && plan.filter ? `<autoFilter ref="${rangeOf(plan)}"/>` : "";
  // Numbers kept as text are meant: the program need not mark each with a green corner.
  const last = plan.rows + (plan.header ? 1 : 0);
  const texts = plan.rows > 0 ? textRanges(plan, letters, last) : [];
  const ignored =
    texts.length > 0
      ? `<ignoredErrors><ignoredError sqref="${texts.join(" ")}" numberStoredAsText="1"/></ignoredErrors>`
      : "";
  const margins =
    '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>';
  return `</sheetData>${filter}${margins}${ignored}</worksheet>`;
}

/** Ranges of text columns, neighbours as one. */
function textRanges(
  { columns, header }: SheetPlan,
  letters: readonly string[],
  last: number,
): string[] {
  const ranges: string[] = [];
  for (let from = 0; from < columns.length; from++) {
    let to = from;
    while (columns[to]?.isText === true) to++;
    if (to > from) ranges.push(`${letters[from]}${header ? 2 : 1}:${letters[to - 1]}${last}`);
    from = to;
  }
  return ranges;
}

function rowXml(
  row: number,
  cells: readonly Cell[],
  letters: readonly string[],
  styles: readonly ColumnStyles[],
): string {
  let xml = `<row r="${row}">`;
  for (const [index, cell] of cells.entries()) {
    const style = styles[index];
    if (cell === null || cell === "" || !style) continue;
    xml += cellXml(`${letters[index]}${row}`, cell, style);
  }
  return `${xml}</row>`;
}

/** A cell that holds something. */
export function cellXml(place: string, cell: Exclude<Cell, null>, styles: ColumnStyles): string {
  if (typeof cell === "number") return `<c r="${place}" s="${styles.value}"><v>${cell}</v></c>`;
  if (typeof cell === "boolean")
    return `<c r="${place}" s="${styles.value}" t="b"><v>${cell ? 1 : 0}</v></c>`;
  const style = looksLikeFormula(cell) ? styles.quoted : styles.text;
  const space = keepsSpace(cell) ? ' xml:space="preserve"' : "";
  return `<c r="${place}" s="${style}" t="inlineStr"><is><t${space}>${cellText(cell)}</t></is></c>`;
}
