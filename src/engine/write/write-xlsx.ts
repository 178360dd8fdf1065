import { writeXlsxStream } from "hucre/xlsx";
import type { Column } from "../../core/index.ts";
import { writeChunks } from "./output-file.ts";
import { type Pages, rowPages } from "./row-pages.ts";

type CellValue = string | number | boolean | Date | null;

/**
 * Write a staged table as a workbook of one sheet. Text stays text: what begins with `=` is a
 * string cell, never a formula.
 */
export async function writeXlsx(
  aside: string,
  pages: Pages,
  columns: readonly Column[],
  sheet: string,
): Promise<void> {
  const rows = sheetRows(pages, columns);
  const bytes = writeXlsxStream(rows, { name: sheet });
  await writeChunks(aside, bytes, "none", pages.signal);
}

async function* sheetRows(pages: Pages, columns: readonly Column[]): AsyncGenerator<CellValue[]> {
  yield columns.map(({ label }) => escapeCode(label));
  const names = columns.map(({ name }) => name);
  for await (const rows of rowPages(pages, names))
    for (const { values } of rows)
      yield values.map((value, index) => typedCell(value, columns[index]?.sourceType ?? null));
}

/** A cell in the source's type where its text is exactly a value of it. */
function typedCell(text: string | null, sourceType: string | null): CellValue {
  if (text === null) return null;
  if (sourceType === "BIGINT" || sourceType === "DOUBLE") {
    const number = Number(text);
    if (String(number) === text && Number.isFinite(number)) return number;
  }
  if (sourceType === "BOOLEAN" && (text === "true" || text === "false")) return text === "true";
  if (sourceType === "DATE" || sourceType === "TIMESTAMP") {
    const date = dateOf(text);
    if (date) return date;
  }
  return escapeCode(text);
}

function dateOf(text: string): Date | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}:\d{2}(?:\.\d{3})?))?$/.exec(text);
  if (!match) return undefined;
  const date = new Date(`${match[1]}T${match[2] ?? "00:00:00"}Z`);
  // The format cannot tell days before March 1900 from a leap day that never was.
  const sound =
    date.getTime() >= Date.UTC(1900, 2, 1) && date.toISOString().startsWith(match[1] ?? "");
  return sound ? date : undefined;
}

/** `_x0041_` is how workbooks write a character by its code: text that looks so is escaped in turn. */
function escapeCode(text: string): string {
  return text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_");
}
