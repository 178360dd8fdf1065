import { didYouMean, exists, WranglerError } from "../../../core/index.ts";
import { partRelations, soundWorkbook, workbookParts } from "../../../engine/index.ts";
import { cellPlace } from "../workbook/index.ts";
import type { Place } from "./template-sheet.ts";

/** Templates are held whole while they are filled; what is filled in is not. */
const MAX_BYTES = 64 << 20;

/** A sheet of a template. */
export interface TemplateSheet {
  readonly name: string;
  /** Name of the part that holds it. */
  readonly part: string;
}

/** A template, its parts by their names and in their order. */
export interface TemplateBook {
  readonly path: string;
  readonly parts: Map<string, Buffer>;
  readonly sheets: readonly TemplateSheet[];
  /** Parts with the styles, and with the texts that cells share. */
  readonly styles: string;
  readonly texts: string | undefined;
}

/**
 * Open a template.
 *
 * @throws {WranglerError} INPUT_MISSING, INPUT_UNREADABLE; WORKBOOK_INVALID when it has no styles.
 */
export async function openTemplate(path: string, signal: AbortSignal): Promise<TemplateBook> {
  if (!(await exists(path)))
    throw new WranglerError("INPUT_MISSING", `The template ${path} was not found.`, { path });
  const sheets = await soundWorkbook(path, path, signal);
  const parts = await workbookParts(path, MAX_BYTES, signal);
  const relations = partRelations(partText(parts, "xl/_rels/workbook.xml.rels"), "xl");
  const partOf = (wanted: string) => relations.find(({ type }) => type === wanted)?.part;
  const styles = partOf("styles");
  if (styles === undefined)
    throw new WranglerError("WORKBOOK_INVALID", `${path} has no styles; save it anew in Excel.`);
  return { path, parts, sheets, styles, texts: partOf("sharedStrings") };
}

export function partText(parts: ReadonlyMap<string, Buffer>, name: string): string {
  return parts.get(name)?.toString("utf8") ?? "";
}

const NAMED = /<definedName\b[^>]*\bname="([^"]*)"[^>]*>([^<]*)<\/definedName>/g;
const CELL_OF_SHEET = /^(?:'((?:[^']|'')+)'|([^'!]+))!(\$?[A-Z]+\$?\d+)(?::\$?[A-Z]+\$?\d+)?$/;

/** Where a table is to go. */
export interface TemplatePlace {
  readonly sheet: TemplateSheet;
  readonly at: Place;
}

/**
 * The sheet and the first cell of a table: a cell such as `B5`, or the name of a cell.
 *
 * @throws {WranglerError} WORKBOOK_INVALID when the template has no such sheet or name.
 */
export function templatePlace(book: TemplateBook, sheet: string, at: string): TemplatePlace {
  const place = cellPlace(at);
  if (place) return { sheet: sheetOf(book, sheet), at: place };
  const names = new Map(
    [...partText(book.parts, "xl/workbook.xml").matchAll(NAMED)].map(([, name = "", of = ""]) => [
      name,
      of.replaceAll("&apos;", "'").replaceAll("&amp;", "&"),
    ]),
  );
  const target = names.get(at);
  if (target === undefined) {
    const near = didYouMean(at, names.keys());
    throw invalid(book, `no cell and no name "${at}".${near}`);
  }
  const [, quoted, plain, cell = ""] = CELL_OF_SHEET.exec(target) ?? [];
  const named = cellPlace(cell);
  if (!named)
    throw invalid(book, `a name "${at}", but it stands for ${target} and not for a cell.`);
  return { sheet: sheetOf(book, quoted?.replaceAll("''", "'") ?? plain ?? ""), at: named };
}

function sheetOf(book: TemplateBook, name: string): TemplateSheet {
  const found = book.sheets.find((sheet) => sheet.name === name);
  if (found) return found;
  const names = book.sheets.map((sheet) => sheet.name);
  const near = didYouMean(name, names) || ` It has ${names.map((one) => `"${one}"`).join(", ")}.`;
  throw invalid(book, `no sheet "${name}".${near}`);
}

function invalid({ path }: TemplateBook, lack: string): WranglerError {
  return new WranglerError("WORKBOOK_INVALID", `The template ${path} has ${lack}`, { path });
}
