import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  type Accounting,
  type Ask,
  type Column,
  type Dataset,
  fileSha256,
  fingerprint,
  type InputFormat,
  literal,
  type ReadOptions,
  WranglerError,
} from "../../core/index.ts";
import { detectFormat } from "./detect-format.ts";
import { expandPaths } from "./expand-paths.ts";
import type { ExactText, Part, PartRequest } from "./part.ts";
import { compressionOf, decompress, readBytes, SAMPLE_BYTES } from "./plain-file.ts";
import { readJsonFile } from "./read-json.ts";
import { readParquetFile } from "./read-parquet.ts";
import { readText } from "./read-text.ts";
import { readXlsxFile } from "./read-xlsx.ts";
import { FILE_ROW, POSITION } from "./rendering.ts";
import { SideTables } from "./side-tables.ts";
import { countAfter } from "./stage-writer.ts";

/** What is to be loaded, and with what. */
export interface LoadRequest {
  readonly name: string;
  /** Absolute paths or glob patterns; all files together are one table. */
  readonly paths: readonly string[];
  readonly read: ReadOptions;
  /** Folder for the staged files; made if missing. The engine must be allowed to use it. */
  readonly folder: string;
  readonly ask: Ask;
  readonly signal?: AbortSignal;
}

/** Part of the fingerprint: to be raised when the same bytes are read otherwise than before. */
const READER_VERSION = 2;

const READERS: Readonly<Record<InputFormat, (request: PartRequest) => Promise<Part>>> = {
  csv: readText,
  json: readJsonFile,
  ndjson: readJsonFile,
  parquet: readParquetFile,
  xlsx: readXlsxFile,
};

/**
 * Load files into one staged table.
 *
 * Every record is staged or set aside with its bytes; what the files' lines amount to is counted
 * by our own scan and must balance.
 *
 * @throws {WranglerError} INPUT_MISSING, INPUT_EMPTY, INPUT_UNREADABLE, INPUT_CHANGED when a file
 * was written to meanwhile, ROW_BALANCE, CANCELED, or what the engine throws.
 */
export function loadDataset(request: LoadRequest): Promise<Dataset> {
  return loadExactly(request, undefined);
}

/** The same for a file whose text dialect is known. */
export async function loadExactly(
  request: LoadRequest,
  exact: ExactText | undefined,
): Promise<Dataset> {
  const { folder, ask, signal, name, read } = request;
  const paths = await expandPaths(request.paths);
  await mkdir(folder, { recursive: true });
  const side = new SideTables(folder);
  try {
    const recordsPath = join(folder, "records.parquet");
    const parts = await loadParts(request, paths, { side, exact }, recordsPath);
    const [first] = parts;
    if (!first) throw new WranglerError("INPUT_MISSING", `No file is named for ${name}.`, { name });
    const rows = sum(parts.map((part) => part.rows));
    if (parts.length > 1) await joinParts(parts.length, recordsPath, rows, request);
    const { rejectsPath, renderingPath } = await side.finish(ask, signal);
    const files = parts.map(({ file }) => file);
    const columns = mergeTypes(parts.map((part) => part.columns));
    return {
      name,
      fingerprint: fingerprint({ reader: READER_VERSION, read, files: files.map(known), columns }),
      files,
      columns,
      records: sum(files.map(({ records }) => records)),
      rows,
      rejected: sum(parts.map(({ rejected }) => rejected)),
      recordsPath,
      rejectsPath,
      renderingPath,
      accounting: addAccounts(parts.map(({ accounting }) => accounting)),
    };
  } catch (error) {
    if (signal?.aborted) throw new WranglerError("CANCELED", "", {}, { cause: error });
    throw error;
  } finally {
    await side.remove();
  }
}

async function loadParts(
  request: LoadRequest,
  paths: readonly string[],
  shared: Pick<PartRequest, "side" | "exact">,
  recordsPath: string,
): Promise<Part[]> {
  const parts: Part[] = [];
  let firstRow = 1;
  for (const [index, path] of paths.entries()) {
    const stagedPath = paths.length === 1 ? recordsPath : partPath(recordsPath, index);
    const part = await loadPart(request, path, { index, firstRow, stagedPath, ...shared });
    const [first] = parts;
    if (first) sameColumns(first, part);
    parts.push(part);
    firstRow += part.file.records;
  }
  return parts;
}

async function loadPart(
  { folder, read, ask, signal }: LoadRequest,
  path: string,
  place: Pick<PartRequest, "index" | "firstRow" | "stagedPath" | "side" | "exact">,
): Promise<Part> {
  const before = await stat(path);
  if (before.size === 0) throw new WranglerError("INPUT_EMPTY", `${path} has no bytes.`, { path });
  let head = await readBytes(path, 0, SAMPLE_BYTES);
  const compression = compressionOf(head);
  const expanded = join(folder, "expanded.staging");
  let sha256: string | undefined;
  try {
    if (compression !== "none") {
      const content = await decompress(path, compression, expanded, signal);
      await place.side.render(place.index, FILE_ROW, POSITION.contentHash, Buffer.from(content));
      sha256 = await fileSha256(path, signal);
      head = await readBytes(expanded, 0, SAMPLE_BYTES);
      if (head.length === 0)
        throw new WranglerError("INPUT_EMPTY", `${path} expands to nothing.`, { path });
    }
    const contentPath = compression === "none" ? path : expanded;
    const format = read.format ?? detectFormat(path, head);
    const sizeBytes = before.size;
    const common = { path, contentPath, compression, sha256, sizeBytes, read, folder, ask, signal };
    const part = await READERS[format]({ ...common, ...place });
    const after = await stat(path);
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs)
      throw new WranglerError("INPUT_CHANGED", `${path} was written to while it was read.`, {
        path,
      });
    return part;
  } finally {
    await rm(expanded, { force: true });
  }
}

function partPath(recordsPath: string, index: number): string {
  return recordsPath.replace(/\.parquet$/, `.${index}.staging.parquet`);
}

async function joinParts(
  count: number,
  recordsPath: string,
  rows: number,
  { ask, signal, name }: LoadRequest,
): Promise<void> {
  const paths = Array.from({ length: count }, (_, index) => partPath(recordsPath, index));
  const list = paths.map((path) => literal(path)).join(", ");
  const copy = `COPY (FROM read_parquet([${list}])) TO ${literal(recordsPath)} (FORMAT parquet)`;
  const joined = await countAfter(copy, recordsPath, ask, signal);
  await Promise.all(paths.map((path) => rm(path, { force: true })));
  if (joined !== rows)
    throw new WranglerError("ROW_BALANCE", `${name}: ${rows} rows read, ${joined} joined.`, {
      name,
    });
}

/** The files of a dataset must have the same columns in the same order. */
function sameColumns(first: Part, other: Part): void {
  const names = first.columns.map((column) => column.name);
  const others = other.columns.map((column) => column.name);
  if (names.length === others.length && names.every((name, i) => name === others[i])) return;
  const lacking = names.filter((name) => !others.includes(name));
  const added = others.filter((name) => !names.includes(name));
  const { path } = other.file;
  const differences = [
    lacking.length > 0 ? `it lacks ${quoteList(lacking)}` : "",
    added.length > 0 ? `it adds ${quoteList(added)}` : "",
  ].filter(Boolean);
  const what =
    differences.join(" and ") || `its columns stand in another order: ${quoteList(others)}`;
  throw new WranglerError(
    "INPUT_UNREADABLE",
    `${path} has other columns than ${first.file.path}: ${what}.`,
    { path, lacking, added },
  );
}

const MAX_LISTED = 10;

function quoteList(names: readonly string[]): string {
  const shown = names.slice(0, MAX_LISTED).map((name) => `"${name}"`);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

/** The first file's columns; a source type only where all files agree on it. */
function mergeTypes(lists: readonly (readonly Column[])[]): Column[] {
  const [first = [], ...others] = lists;
  return first.map((column, index) => {
    const agreed = others.every((list) => list[index]?.sourceType === column.sourceType);
    return agreed ? column : { name: column.name, label: column.label, sourceType: null };
  });
}

/** What of a file decides how it was read: not where it lies. */
function known(file: Part["file"]): object {
  const { sha256, format, dialect, sheet } = file;
  return { sha256, format, dialect, sheet };
}

function addAccounts(accounts: readonly Accounting[]): Accounting {
  const of = (key: keyof Accounting) => sum(accounts.map((account) => account[key]));
  return {
    physicalLines: of("physicalLines"),
    headerLines: of("headerLines"),
    recordLines: of("recordLines"),
    blankLines: of("blankLines"),
    skippedLines: of("skippedLines"),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
