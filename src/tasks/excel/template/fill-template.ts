import { posix } from "node:path";
import { WranglerError } from "../../../core/index.ts";
import { partRelations } from "../../../engine/index.ts";
import {
  attributeText,
  type Cell,
  cellXml,
  columnLetters,
  type ColumnStyles,
  MAX_COLUMNS,
  MAX_ROWS,
  PIECE_CHARACTERS,
  type SheetColumn,
  ZipFile,
} from "../workbook/index.ts";
import { type PlaceholderValue, Placeholders } from "./placeholders.ts";
import { openTemplate, partText, type TemplateBook, templatePlace } from "./template-book.ts";
import { openSheet, type OpenSheet, type Place, reaching } from "./template-sheet.ts";
import { TemplateStyles } from "./template-styles.ts";

/** A table that goes into a sheet of a template. */
export interface TemplateFill {
  readonly sheet: string;
  /** First cell of the first row, such as `B5`, or the name of a cell. */
  readonly at: string;
  readonly columns: readonly FillColumn[];
  readonly rows: number;
  readonly data: AsyncIterator<readonly Cell[]>;
}

/** `wished` says that the format was asked for, and is not to give way to the template's. */
export type FillColumn = Pick<SheetColumn, "format" | "isText"> & { readonly wished: boolean };

export interface TemplateOrder {
  /** Absolute. */
  readonly template: string;
  readonly fills: readonly TemplateFill[];
  /** Values for placeholders, by name. */
  readonly values: Readonly<Record<string, PlaceholderValue>>;
  readonly escapeFormulas: boolean;
}

/** A table on its way into a sheet that is open. */
interface OpenFill {
  readonly fill: TemplateFill;
  readonly at: Place;
  readonly open: OpenSheet;
  readonly styles: readonly ColumnStyles[];
}

/**
 * Write a workbook that is a template with rows put into its sheets and values for its placeholders.
 * All else stays as it is, byte by byte; formulas are computed anew when it is opened.
 *
 * @param path where there is nothing yet
 * @returns names of the sheets that were filled, in the order of `fills`
 * @throws {WranglerError} INPUT_MISSING, INPUT_UNREADABLE for the template; WORKBOOK_INVALID when it
 * cannot be filled as asked; what the rows throw.
 */
export async function fillTemplate(
  path: string,
  order: TemplateOrder,
  signal: AbortSignal,
): Promise<string[]> {
  const { template, fills, values, escapeFormulas } = order;
  const book = await openTemplate(template, signal);
  const { parts } = book;
  const styles = new TemplateStyles(partText(parts, book.styles));
  fillPlaceholders(book, styles, new Placeholders(values), escapeFormulas);
  const open = new Map<string, OpenFill>();
  const names: string[] = [];
  for (const fill of fills) {
    const { sheet, at } = templatePlace(book, fill.sheet, fill.at);
    if (open.has(sheet.part)) throw invalid(sheet.name, "would get two tables; a sheet takes one");
    open.set(sheet.part, openFill(fill, at, partText(parts, sheet.part), styles, escapeFormulas));
    stretchTables(parts, sheet.part, at, fill.rows);
    stretchFilter(parts, sheet.name, at, fill.rows);
    names.push(sheet.name);
  }
  parts.set(book.styles, Buffer.from(styles.xml()));
  parts.set("xl/workbook.xml", Buffer.from(recomputed(partText(parts, "xl/workbook.xml"))));
  const file = await ZipFile.create(path);
  try {
    for (const [name, content] of parts) {
      const filled = open.get(name);
      await file.add(name, filled ? filledXml(filled) : [content], signal);
    }
  } catch (error) {
    await file.abandon();
    throw error;
  }
  await file.finish();
  return names;
}

function fillPlaceholders(
  { path, parts, sheets, texts }: TemplateBook,
  styles: TemplateStyles,
  placeholders: Placeholders,
  escapeFormulas: boolean,
): void {
  const quoted = (style: number) => styles.like(style, { quoted: escapeFormulas });
  const change = (part: string, filled: (xml: string) => string) => {
    const before = partText(parts, part);
    const after = filled(before);
    if (after !== before) parts.set(part, Buffer.from(after));
  };
  if (texts !== undefined) change(texts, (xml) => placeholders.fillShared(xml));
  for (const { part } of sheets) change(part, (xml) => placeholders.fillSheet(xml, quoted));
  placeholders.refuseMissing(path);
}

function openFill(
  fill: TemplateFill,
  at: Place,
  xml: string,
  styles: TemplateStyles,
  escapeFormulas: boolean,
): OpenFill {
  const { columns, rows, sheet } = fill;
  if (at.row + rows > MAX_ROWS || at.column + columns.length > MAX_COLUMNS)
    throw invalid(
      sheet,
      `cannot hold ${rows} rows of ${columns.length} columns from ${fill.at} on`,
    );
  const open = openSheet(xml, at, columns.length, sheet);
  const own = columns.map(({ format, isText, wished }, i) => {
    const base = open.styleOf(at.column + i);
    // What the template says of a column's looks stands; where it says nothing the values decide.
    const takes = format !== "General" && (wished || styles.isGeneral(base));
    const value = takes ? styles.like(base, { format }) : base;
    const text = isText ? value : styles.like(base, { format: "@" });
    return { value, text, quoted: styles.like(text, { quoted: escapeFormulas }) };
  });
  return { fill, at, open, styles: own };
}

async function* filledXml({ fill, at, open, styles }: OpenFill): AsyncGenerator<string> {
  const letters = fill.columns.map((_, i) => columnLetters(at.column + i));
  let text = open.head;
  for (let index = 0; index < Math.max(1, fill.rows); index++) {
    const next = index < fill.rows ? await fill.data.next() : undefined;
    if (next?.done === true)
      throw new RangeError(`${fill.sheet}: ${index} rows came, not ${fill.rows}`);
    const number = at.row + index + 1;
    const cells = styles.map((style, i) => {
      const cell = next?.value[i] ?? null;
      const place = `${letters[i]}${number}`;
      if (cell !== null && cell !== "") return cellXml(place, cell, style);
      return style.value === 0 ? "" : `<c r="${place}" s="${style.value}"/>`;
    });
    const [left, right] = index === 0 ? [open.left, open.right] : ["", ""];
    text += `<row r="${number}"${open.rowAttributes}>${left}${cells.join("")}${right}</row>`;
    if (text.length < PIECE_CHARACTERS) continue;
    yield text;
    text = "";
  }
  yield text + open.tail(at.row + Math.max(1, fill.rows) - 1);
}

/** Tables with titles right above the rows reach as far as these, and so do charts made of them. */
function stretchTables(parts: Map<string, Buffer>, sheet: string, at: Place, rows: number): void {
  const folder = posix.dirname(sheet);
  const xml = partText(parts, `${folder}/_rels/${posix.basename(sheet)}.rels`);
  for (const { type, part } of partRelations(xml, folder)) {
    if (type !== "table") continue;
    const stretched = partText(parts, part).replaceAll(
      /(<(?:table|autoFilter)\b[^>]*?\bref=")([^"]*)"/g,
      (_, open: string, ref: string) => `${open}${reaching(ref, at, at.row + rows - 1)}"`,
    );
    parts.set(part, Buffer.from(stretched));
  }
}

/** The hidden name that belongs to a filter has to say what the filter says. */
function stretchFilter(parts: Map<string, Buffer>, sheet: string, at: Place, rows: number): void {
  const plain = [sheet, `'${sheet.replaceAll("'", "''")}'`];
  const names = new Set(plain.map((name) => attributeText(name)));
  const workbook = partText(parts, "xl/workbook.xml").replaceAll(
    /(<definedName\b[^>]*\bname="_xlnm\._FilterDatabase"[^>]*>)([^<]*)!([^<!]*)(?=<)/g,
    (whole, open: string, name: string, ref: string) =>
      names.has(name) ? `${open}${name}!${reaching(ref, at, at.row + rows - 1)}` : whole,
  );
  parts.set("xl/workbook.xml", Buffer.from(workbook));
}

/** What formulas came to in the template is out of date: the program is to compute them when it opens it. */
function recomputed(workbook: string): string {
  const bare = workbook.replace(/<calcPr\b[^>]*(?:\/>|>[\s\S]*?<\/calcPr>)/, "");
  const calculation = '<calcPr fullCalcOnLoad="1"/>';
  // It has its place in the order of elements: behind the last of these that is there.
  const before = ["definedNames", "externalReferences", "functionGroups", "sheets"];
  const end = before.map((name) => `</${name}>`).find((tag) => bare.includes(tag)) ?? "";
  return bare.replace(end, () => `${end}${calculation}`);
}

function invalid(sheet: string, what: string): WranglerError {
  return new WranglerError("WORKBOOK_INVALID", `The template's sheet "${sheet}" ${what}.`, {
    sheet,
  });
}
