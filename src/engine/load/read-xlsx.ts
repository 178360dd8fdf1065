import { createReadStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { streamXlsxRows } from "hucre/xlsx";
import { didYouMean, fileSha256, isWranglerError, WranglerError } from "../../core/index.ts";
import { refuseTooWide } from "./column-limit.ts";
import { nameColumns } from "./column-names.ts";
import type { Part, PartRequest } from "./part.ts";
import { type LayoutFound, sniffLayout } from "./sniff-layout.ts";
import { soundWorkbook } from "./sound-workbook.ts";
import { RowFile, stageRows } from "./stage-writer.ts";

/** Rows from which the header and the width are taken. */
const SAMPLE_ROWS = 1_000;
const MAX_COLUMNS = 16_384;

type CellValue = string | number | boolean | Date | null;

interface SheetRow {
  readonly index: number;
  readonly values: readonly CellValue[];
}

/**
 * Read one sheet of a workbook: the first, or the one named.
 *
 * @throws {WranglerError} INPUT_UNREADABLE when the workbook is damaged, too large when expanded or
 * lacks the sheet; INPUT_EMPTY when the sheet has no cell.
 */
export async function readXlsxFile(request: PartRequest): Promise<Part> {
  const { path, contentPath, firstRow, signal } = request;
  const sheet = await findSheet(request);
  const layout = await sheetLayout(request, sheet);
  await refuseTooWide(layout.labels.length, path, request.ask, signal);
  const kinds = layout.labels.map(() => new Set<string>());
  const rows = new RowFile(join(request.folder, "rows.staging.csv"));
  try {
    const count = await copyRows(request, sheet, layout, kinds, rows);
    await rows.close();
    const columns = nameColumns(
      layout.labels,
      kinds.map((found) => typeOf(found)),
    );
    const staged = await stageRows(rows, columns, request.stagedPath, request.ask, signal);
    if (staged !== rows.rows)
      throw new WranglerError("ROW_BALANCE", `${path}: ${rows.rows} rows read, ${staged} staged.`);
    return {
      file: {
        path,
        format: "xlsx",
        sheet,
        sizeBytes: request.sizeBytes,
        sha256: request.sha256 ?? (await fileSha256(contentPath, signal)),
        records: count.records,
        firstRow,
        dialect: null,
      },
      columns,
      rows: staged,
      rejected: count.records - staged,
      accounting: {
        physicalLines: count.lines,
        headerLines: layout.headerRecords,
        recordLines: count.records,
        blankLines: count.blank,
        skippedLines: count.lines - layout.headerRecords - count.records - count.blank,
      },
    };
  } finally {
    await rows.remove();
  }
}

async function findSheet({ contentPath, path, read, signal }: PartRequest): Promise<string> {
  const sheets = (await soundWorkbook(contentPath, path, signal)).map(({ name }) => name);
  const wanted = read.sheet;
  const found = wanted === undefined ? sheets[0] : sheets.find((name) => name === wanted);
  if (found !== undefined) return found;
  const hint = didYouMean(wanted ?? "", sheets);
  const list = sheets.map((name) => `"${name}"`).join(", ");
  throw unreadable(
    path,
    `it has no sheet "${wanted ?? ""}", only ${list || "none"}.${hint}`.replace(/\.$/, ""),
  );
}

async function* rowsOf(request: PartRequest, sheet: string): AsyncGenerator<SheetRow> {
  const { contentPath, path, signal } = request;
  const file = createReadStream(contentPath);
  // Whoever reads it is told of its errors; those that come when nobody does any more end nothing.
  file.on("error", () => {});
  try {
    const bytes = Readable.toWeb(file) as ReadableStream<Uint8Array>;
    for await (const row of streamXlsxRows(bytes, { sheet })) {
      if (signal?.aborted) throw new WranglerError("CANCELED");
      yield row;
    }
  } catch (cause) {
    if (isWranglerError(cause)) throw cause;
    throw unreadable(path, cause instanceof Error ? cause.message : String(cause), cause);
  } finally {
    file.destroy();
  }
}

/** Header, width and first data row, from the head of the sheet by the rule for text files. */
async function sheetLayout(request: PartRequest, sheet: string): Promise<LayoutFound> {
  const sample: SheetRow[] = [];
  for await (const row of rowsOf(request, sheet)) {
    if (row.values.some((value) => isFilled(value))) sample.push(row);
    if (sample.length >= SAMPLE_ROWS) break;
  }
  const width = Math.max(0, ...sample.map(({ values }) => filledWidth(values)));
  if (width === 0)
    throw new WranglerError(
      "INPUT_EMPTY",
      `${request.path}: sheet "${sheet}" has no filled cell.`,
      {
        path: request.path,
      },
    );
  const records = sample.map(({ index, values }) => ({
    cells: Array.from({ length: width }, (_, column) => textOf(values[column] ?? null) ?? ""),
    start: index,
    next: index + 1,
  }));
  const dialect = { delimiter: ",", quote: "", escape: "" };
  return sniffLayout(records, dialect, request.read.header);
}

async function copyRows(
  request: PartRequest,
  sheet: string,
  layout: LayoutFound,
  kinds: readonly Set<string>[],
  rows: RowFile,
): Promise<{ records: number; lines: number; blank: number }> {
  const { side, firstRow } = request;
  const width = layout.labels.length;
  let [records, lines, blank] = [0, 0, 0];
  for await (const { index, values } of rowsOf(request, sheet)) {
    blank += index - lines;
    lines = index + 1;
    const filled = filledWidth(values);
    const raw = () => Buffer.from(JSON.stringify(values));
    if (filled === 0) blank++;
    else if (index < layout.preamble)
      await side.reject(0, raw(), "PREAMBLE", "A row in front of the table.");
    else if (index >= layout.dataAt) {
      const row = firstRow + records++;
      if (filled > width) {
        const reason = `It has ${filled} filled cells; the table has ${width} columns.`;
        await side.reject(row, raw(), "TOO_MANY_FIELDS", reason);
      } else {
        const cells = Array.from({ length: width }, (_, column) => textOf(values[column] ?? null));
        for (const [column, found] of kinds.entries()) noteKind(found, values[column] ?? null);
        await rows.add([row, ...cells]);
      }
    }
  }
  return { records, lines, blank };
}

function isFilled(value: CellValue): boolean {
  return value !== null && value !== "";
}

function filledWidth(values: readonly CellValue[]): number {
  let width = Math.min(values.length, MAX_COLUMNS);
  while (width > 0 && !isFilled(values[width - 1] ?? null)) width--;
  return width;
}

/** A cell as text: shortest numbers, ISO dates (with a time only where there is one). */
function textOf(value: CellValue): string | null {
  if (value === null || typeof value === "string") return value;
  if (!(value instanceof Date)) return String(value);
  if (Number.isNaN(value.getTime())) return null;
  const iso = value.toISOString();
  return iso.endsWith("T00:00:00.000Z")
    ? iso.slice(0, -14)
    : iso.replace("T", " ").replace(/(\.000)?Z$/, "");
}

function noteKind(kinds: Set<string>, value: CellValue): void {
  if (!isFilled(value)) return;
  if (typeof value === "number") kinds.add(Number.isInteger(value) ? "BIGINT" : "DOUBLE");
  else if (typeof value === "boolean") kinds.add("BOOLEAN");
  else if (value instanceof Date)
    kinds.add(value.getTime() % 86_400_000 === 0 ? "DATE" : "TIMESTAMP");
  else kinds.add("VARCHAR");
}

/** The type of a column whose cells are all of one kind; null for a mixture. */
function typeOf(kinds: ReadonlySet<string>): string | null {
  const [first, second] = [...kinds].toSorted();
  if (kinds.size === 1) return first ?? null;
  if (kinds.size !== 2) return null;
  if (first === "BIGINT" && second === "DOUBLE") return "DOUBLE";
  return first === "DATE" && second === "TIMESTAMP" ? "TIMESTAMP" : null;
}

function unreadable(path: string, what: string, cause?: unknown): WranglerError {
  const options = cause === undefined ? {} : { cause };
  return new WranglerError("INPUT_UNREADABLE", `${path}: ${what}.`, { path }, options);
}
