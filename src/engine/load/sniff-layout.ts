import { isTyped, kindOfCell, type CellKind } from "./cell-kinds.ts";
import {
  isBlankRecord,
  type SampleDialect,
  type SampleRecord,
  unquoteSample,
} from "./sample-records.ts";

/** Where a text's table begins and how wide it is. */
export interface LayoutFound {
  /** Columns of the table. */
  readonly width: number;
  /** Characters before the header (or, without one, before the first record). */
  readonly preamble: number;
  /** Records that name the columns: 0 when there is no header. */
  readonly headerRecords: number;
  /** Names of the columns as found; empty strings where there is no header. */
  readonly labels: readonly string[];
  /** Characters before the first data record. */
  readonly dataAt: number;
  /**
   * Cells of nearly all data records where that is not the table's width: one more when they end in
   * a delimiter that opens no further column, fewer when the header has names without values.
   */
  readonly dataWidth: number;
}

const MAX_PREAMBLE = 50;
const MAX_HEADER_RECORDS = 4;
const CLEAR = 0.8;
const NEARLY_ALL = 0.9;
const MANY_REPEATS = 3;

/** Find the table in a sample's records. `header` decides where it is given. */
export function sniffLayout(
  records: readonly SampleRecord[],
  dialect: SampleDialect,
  header?: boolean,
): LayoutFound {
  const full = records.filter((record) => !isBlankRecord(record));
  const usual = usualLength(full);
  let first = full.findIndex(
    (record, index) => index < MAX_PREAMBLE && !isPreamble(record, usual, full[index + 1]),
  );
  if (first < 0) first = 0;
  const rest = full.slice(first);
  const top = rest[0];
  if (!top) return NO_TABLE;
  const rows = rest.map(({ cells }) => cells.map((cell) => unquoteSample(cell, dialect)));
  const headerRecords = (header ?? hasHeader(rows)) ? countHeader(rows) : 0;
  const data = rest.slice(headerRecords);
  const common = {
    preamble: top.start,
    headerRecords,
    dataAt: headerRecords > 0 ? (rest[headerRecords - 1]?.next ?? top.next) : top.start,
  };
  if (headerRecords === 0) {
    const width = usualLength(rest);
    return { ...common, width, dataWidth: width, labels: Array.from({ length: width }, () => "") };
  }
  const labels = top.cells.map((_, column) =>
    rows
      .slice(0, headerRecords)
      .map((row) => row[column] ?? "")
      .join(" "),
  );
  return { ...common, ...fitHeader(labels, data) };
}

const NO_TABLE: LayoutFound = {
  width: 0,
  preamble: 0,
  headerRecords: 0,
  labels: [],
  dataAt: 0,
  dataWidth: 0,
};

/** Bring a header and data records of another length together. */
function fitHeader(
  labels: readonly string[],
  data: readonly SampleRecord[],
): Pick<LayoutFound, "labels" | "width" | "dataWidth"> {
  const width = labels.length;
  const dataWidth = data.length > 0 ? usualLength(data) : width;
  const usual = data.filter(({ cells }) => cells.length === dataWidth);
  const rule = dataWidth !== width && usual.length >= NEARLY_ALL * data.length;
  if (!rule) return { labels, width, dataWidth: width };
  if (dataWidth < width) return { labels, width, dataWidth };
  if (dataWidth === width + 1 && usual.every(({ cells }) => cells.at(-1) === ""))
    return { labels, width, dataWidth };
  const unnamed = Array.from({ length: dataWidth - width }, () => "");
  // Row names come first and without a heading in some tools' files; else the end is what lacks a name.
  const names = new Set(usual.map(({ cells }) => cells[0]));
  const last = new Set(usual.map(({ cells }) => cells.at(-1)));
  const named = unnamed.length === 1 && names.size === usual.length && last.size < usual.length;
  return {
    labels: named ? [...unnamed, ...labels] : [...labels, ...unnamed],
    width: dataWidth,
    dataWidth,
  };
}

/** The commonest number of cells; of equally common ones the larger. */
function usualLength(records: readonly SampleRecord[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of records) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  let [best, most] = [1, 0];
  for (const [length, count] of counts)
    if (count > most || (count === most && length > best)) [best, most] = [length, count];
  return best;
}

/** A title, a comment, `sep=;`: too few cells for the table, or one filled cell where the next record is full. */
function isPreamble({ cells }: SampleRecord, usual: number, next?: SampleRecord): boolean {
  if (usual < 2 || !next) return false;
  // The line by which Excel is told the delimiter.
  if (/^sep=.?$/i.test(cells[0] ?? "") && filledOf(cells) === 1) return true;
  if (cells.length < usual - 1) return true;
  if (cells.length === usual - 1) return (cells[0] ?? "").startsWith("#");
  if (usual < 3) return false;
  return filledOf(cells) <= 1 && (filledOf(next.cells) <= 1 || filledOf(next.cells) > usual / 2);
}

function filledOf(cells: readonly string[]): number {
  return cells.filter((cell) => cell !== "").length;
}

/**
 * A first record is a header unless much speaks against it: its cells are of the kind of the data
 * below them in all columns that have a clear kind, or most of its values come back below it.
 */
function hasHeader(rows: readonly (readonly string[])[]): boolean {
  const [top, ...below] = rows;
  if (!top || below.length === 0) return true;
  let [clear, alike, back] = [0, 0, 0];
  for (const [column, cell] of top.entries()) {
    if (cell.trim() === "") continue;
    const values = below.map((row) => row[column] ?? "").filter((value) => value.trim() !== "");
    if (values.filter((value) => value === cell).length >= MANY_REPEATS) back++;
    const kind = clearKind(values);
    if (!kind) continue;
    clear++;
    if (kindOfCell(cell) === kind) alike++;
  }
  if (alike < clear) return true;
  if (alike >= 2 || (alike === 1 && top.length <= 2)) return isYears(top);
  return !comesBack(top, below, back);
}

/** Most values of the first record come back in their columns, though the record itself does not. */
function comesBack(
  top: readonly string[],
  below: readonly (readonly string[])[],
  back: number,
): boolean {
  const repeated = below.some((row) => row.every((value, index) => value === top[index]));
  return back >= Math.max(2, filledOf(top) / 2) && !repeated;
}

/** The kind that nearly all values of a column have, when it is one that headings seldom have. */
function clearKind(values: readonly string[]): CellKind | undefined {
  if (values.length < 2) return undefined;
  const counts = new Map<CellKind, number>();
  for (const value of values)
    counts.set(kindOfCell(value), (counts.get(kindOfCell(value)) ?? 0) + 1);
  for (const [kind, count] of counts)
    if (isTyped(kind) && count >= CLEAR * values.length) return kind;
  return undefined;
}

/** Headings that are a run of years or of other whole numbers: 2001, 2002, 2003. */
function isYears(top: readonly string[]): boolean {
  const numbers = top.filter((cell) => /^\d+$/.test(cell.trim())).map(Number);
  if (numbers.length < 3 || numbers.length < top.length - 3) return false;
  const step = (numbers[1] ?? 0) - (numbers[0] ?? 0);
  return step !== 0 && numbers.every((n, i) => i === 0 || n - (numbers[i - 1] ?? 0) === step);
}

/** Header records that repeat the first one cell by cell are part of the header. */
function countHeader(rows: readonly (readonly string[])[]): number {
  const [top = []] = rows;
  let count = 1;
  while (
    count < MAX_HEADER_RECORDS &&
    rows[count]?.length === top.length &&
    rows[count]?.every((cell, index) => cell === top[index])
  )
    count++;
  return count;
}
