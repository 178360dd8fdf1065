import { createHash, type Hash } from "node:crypto";
import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import {
  type Accounting,
  type Column,
  type Dialect,
  identifier,
  isWranglerError,
  literal,
  ROW,
  WranglerError,
} from "../../core/index.ts";
import { ByteScan, quotingOf, type Scan, spareQuotes } from "./byte-scan.ts";
import { type CarefulCount, CarefulRead } from "./careful-read.ts";
import { nameColumns } from "./column-names.ts";
import { wholeCharacters } from "./detect-encoding.ts";
import { originalBytes } from "./encodings.ts";
import type { Part, PartRequest } from "./part.ts";
import { type PlainFile, plainFile } from "./plain-file.ts";
import type { SplitDialect } from "./record-splitter.ts";
import { FILE_ROW, type Layout, POSITION, type Quoting, renderRecord } from "./rendering.ts";
import { type TextHead, textHead } from "./text-head.ts";
import { RowFile, stageRows } from "./stage-writer.ts";

/** Records longer than the engine's default line limit go the careful way. */
const FAST_RECORD_BYTES = 2_000_000;
/** A quoted cell over more lines may be one that lost its closing quote: looked at closely. */
const FAST_INNER_LINES = 20;
const SCAN_CHUNK_BYTES = 1 << 20;

/** Read a delimited text file. */
export async function readText(request: PartRequest): Promise<Part> {
  const { contentPath, folder, read, signal } = request;
  let plain = await plainFile(contentPath, folder, read, false, signal);
  try {
    const part = await readPlain(request, plain);
    if (part) return part;
    // The samples were sound UTF-8 and the rest is not: now the whole file decides.
    plain = await plainFile(contentPath, folder, read, true, signal);
    const again = await readPlain(request, plain, true);
    if (!again) throw new WranglerError("INTERNAL", `${request.path}: its encoding stays undecided.`);
    return again;
  } finally {
    if (plain.copy) await rm(plain.path, { force: true });
  }
}

/** Undefined when the file turns out not to be UTF-8 and `decided` is not set. */
async function readPlain(
  request: PartRequest,
  plain: PlainFile,
  decided = false,
): Promise<Part | undefined> {
  const head = await textHead(plain, request);
  const { scan, engineRows, sha256, utf8 } = await scanAndCopy(request, plain, head);
  if (!utf8 && !plain.copy && !decided && request.read.encoding === undefined) return undefined;
  const layout = layoutOf(plain, head, scan, request);
  const columns = nameColumns(head.labels);
  const hash = request.sha256 ?? (plain.copy ? await hashOf(request) : sha256);
  const done = engineRows !== undefined && utf8 && isPlain(scan, head) && engineRows === scan.records;
  const count = done
    ? await acceptFast(request, plain, head, scan, layout)
    : await readCarefully(request, plain, head, layout, columns);
  await renderFile(request, head, layout);
  const newlineAtEnd = count.finalNewline;
  return {
    file: {
      path: request.path,
      format: "csv",
      sizeBytes: request.sizeBytes,
      sha256: hash,
      records: count.records,
      firstRow: request.firstRow,
      dialect: { ...layout.dialect, finalNewline: newlineAtEnd },
    },
    columns,
    rows: count.records - count.rejected,
    rejected: count.rejected,
    accounting: account(count, scan, head, request),
  };
}

interface ScanResult {
  readonly scan: Scan;
  /** Rows that the engine staged, undefined when it did not read the file to its end. */
  readonly engineRows: number | undefined;
  readonly sha256: string;
  readonly utf8: boolean;
}

/** Our scan and the engine's reading at the same time; the engine is stopped when the scan finds something odd. */
async function scanAndCopy(
  request: PartRequest,
  plain: PlainFile,
  head: TextHead,
): Promise<ScanResult> {
  const stop = new AbortController();
  const signal = request.signal ? AbortSignal.any([request.signal, stop.signal]) : stop.signal;
  const copying = head.fast ? copyFast(request, plain, head, signal) : undefined;
  // The scan may throw first; the engine's failure is then nobody's to handle.
  copying?.catch(() => {});
  const hash = createHash("sha256");
  const scanner = new ByteScan(head.delimiterByte, head.quoteByte, head.width);
  try {
    const utf8 = await scanFile(plain.path, head.dataAt, scanner, hash, request.signal, (odd) => {
      if (odd) stop.abort();
    });
    const scan = scanner.end();
    if (!utf8 || !isPlain(scan, head)) stop.abort();
    const engineRows = await copying?.catch((error: unknown) => {
      if (request.signal?.aborted) throw error;
      const refused = isWranglerError(error) && error.code === "ENGINE_QUERY_FAILED";
      if (stop.signal.aborted || refused) return undefined;
      throw error;
    });
    return { scan, engineRows, sha256: hash.digest("hex"), utf8 };
  } catch (error) {
    stop.abort();
    await copying?.catch(() => {});
    throw request.signal?.aborted ? new WranglerError("CANCELED", "", {}, { cause: error }) : error;
  }
}

async function scanFile(
  path: string,
  dataAt: number,
  scanner: ByteScan,
  hash: Hash,
  signal: AbortSignal | undefined,
  note: (odd: boolean) => void,
): Promise<boolean> {
  const options = { highWaterMark: SCAN_CHUNK_BYTES, ...(signal ? { signal } : {}) };
  let offset = 0;
  let utf8 = true;
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of createReadStream(path, options)) {
    const chunk = piece as Buffer;
    hash.update(chunk);
    if (utf8) {
      const text = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      const whole = wholeCharacters(text);
      utf8 = isUtf8(text.subarray(0, whole));
      rest = text.subarray(whole);
    }
    if (offset + chunk.length > dataAt) scanner.push(chunk.subarray(Math.max(0, dataAt - offset)));
    offset += chunk.length;
    note(!utf8 || scanner.odd);
  }
  return utf8 && isUtf8(rest);
}

/** Whether the fast reading can be trusted, on our own evidence. */
function isPlain(scan: Scan, head: TextHead): boolean {
  const { lf, crlf, cr } = scan.newlines;
  const kinds = [lf, crlf, cr].filter((count) => count > 0).length;
  return (
    head.fast &&
    scan.ragged === 0 &&
    scan.strayQuotes === 0 &&
    kinds <= 1 &&
    scan.blankLines === scan.lastBlankLines &&
    scan.longestRecord < FAST_RECORD_BYTES &&
    scan.mostInnerLines <= FAST_INNER_LINES &&
    scan.records > 0
  );
}

const FastAnswer = z.object({ rows: z.number(), rejected: z.number() });

/** The engine's own reading, strict; undefined when it set anything aside. */
async function copyFast(
  { ask, stagedPath, firstRow }: PartRequest,
  plain: PlainFile,
  head: TextHead,
  signal: AbortSignal,
): Promise<number | undefined> {
  const columns = nameColumns(head.labels)
    .map(({ name }) => `${literal(name)}: 'VARCHAR'`)
    .join(", ");
  const { delimiter, quote } = head.dialect;
  const source = `read_csv(${literal(plain.path)}, auto_detect = false, header = false,
    skip = ${head.lines}, delim = ${literal(delimiter)}, quote = ${literal(quote)},
    escape = ${literal(quote)}, columns = {${columns}}, compression = 'none', store_rejects = true)`;
  const number = `CAST(row_number() OVER () + ${firstRow - 1} AS BIGINT) AS ${identifier(ROW)}`;
  const copy = `COPY (SELECT ${number}, * FROM ${source}) TO ${literal(stagedPath)} (FORMAT parquet)`;
  const sql = `SELECT (SELECT count(*) FROM read_parquet(${literal(stagedPath)})) AS "rows",
    (SELECT count(*) FROM reject_errors) AS "rejected"`;
  const [answer] = await ask({ setup: [copy], sql, row: FastAnswer }, signal);
  return answer?.rejected === 0 ? answer.rows : undefined;
}

/** How the file writes its cells, from the scan's counts. */
function layoutOf(plain: PlainFile, head: TextHead, scan: Scan, request: PartRequest): Layout {
  const { lf, crlf, cr } = scan.newlines;
  const known = lf + crlf + cr > 0;
  const commonest = lf >= crlf && lf >= cr ? "\n" : crlf >= cr ? "\r\n" : "\r";
  const columns = Array.from({ length: head.width }, (_, column) => column);
  const rules = columns.map((column) => quotingOf(scan.cellKinds, column)[0]);
  const spare = columns.some((column) => spareQuotes(scan.cellKinds, column) > 0);
  const all = spare && rules.every((rule) => rule === "all");
  const minimal = rules.every((rule) => rule === "minimal");
  const broken = columns.some((column) => quotingOf(scan.cellKinds, column)[1] > 0);
  const dialect: Dialect = {
    encoding: plain.encoding,
    bom: plain.bom,
    ...head.dialect,
    newline: known ? commonest : head.newline,
    finalNewline: scan.finalNewline,
    header: head.headerRecords > 0,
    quoting: broken || !(all || minimal) ? "mixed" : all ? "all" : "minimal",
    compression: request.compression,
  };
  return { dialect, quoting: rules, trailingDelimiter: head.dataWidth === head.width + 1 };
}

/** The engine's rows stand; what is left is to note how the file writes what the table cannot hold. */
async function acceptFast(
  request: PartRequest,
  plain: PlainFile,
  head: TextHead,
  scan: Scan,
  layout: Layout,
): Promise<CarefulCount> {
  const exact = head.columnsOf((column) => quotingOf(scan.cellKinds, column)[1] === 0);
  if (!exact) {
    // Only the rendering is wanted: the rows are staged already.
    return carefulRead(request, head, layout, undefined).run(plain.path, head.dataAt);
  }
  const last = request.firstRow + scan.records - 1;
  const { side, index } = request;
  if (!scan.finalNewline) await side.render(index, last, POSITION.terminator, Buffer.alloc(0));
  if (scan.lastBlankLines > 0) {
    const bytes = await head.bytesFrom(head.dataAt + scan.lastRecordEnd);
    await side.render(index, last + 1, POSITION.before, originalBytes(bytes, plain.encoding));
  }
  return {
    records: scan.records,
    rejected: 0,
    recordLines: scan.records + scan.innerLines,
    blankLines: scan.blankLines,
    skippedLines: 0,
    finalNewline: scan.finalNewline,
  };
}

async function readCarefully(
  request: PartRequest,
  plain: PlainFile,
  head: TextHead,
  layout: Layout,
  columns: readonly Column[],
): Promise<CarefulCount> {
  const rows = new RowFile(join(request.folder, "rows.staging.csv"));
  try {
    const count = await carefulRead(request, head, layout, rows).run(plain.path, head.dataAt);
    await rows.close();
    const staged = await stageRows(rows, columns, request.stagedPath, request.ask, request.signal);
    if (staged !== count.records - count.rejected)
      throw balanceError(request.path, `${staged} rows staged`, count);
    return count;
  } finally {
    await rows.remove();
  }
}

function carefulRead(
  request: PartRequest,
  head: TextHead,
  layout: Layout,
  rows: RowFile | undefined,
): CarefulRead {
  const { delimiter, quote, escape } = head.dialect;
  const blank = delimiter.length > 1 && delimiter.endsWith(" ");
  const split: SplitDialect = {
    delimiter: Buffer.from(blank ? delimiter.slice(0, -1) : delimiter),
    blank,
    quote: quote === "" ? undefined : quote.charCodeAt(0),
    escape: escape === "" ? undefined : escape.charCodeAt(0),
    returnEnds: layout.dialect.newline === "\r",
    width: head.width,
    dataWidth: head.dataWidth,
  };
  return new CarefulRead(request, split, layout, rows);
}

/** Note what concerns the file as a whole: preamble, header, quoting by column, hash of the content. */
async function renderFile(request: PartRequest, head: TextHead, layout: Layout): Promise<void> {
  const { side, index } = request;
  const { dialect, quoting } = layout;
  const raw = (bytes: Buffer) => originalBytes(bytes, dialect.encoding);
  if (head.preamble.length > 0) {
    await side.render(index, 0, POSITION.before, raw(head.preamble));
    for (const line of head.preambleLines) {
      const reason = "A line in front of the table.";
      await side.reject(0, raw(line), line[0] === 0x23 ? "COMMENT" : "PREAMBLE", reason);
    }
  }
  if (head.headerRecords > 0) {
    if (head.header.toString("utf8") !== renderRecord(head.labels, { ...layout, trailingDelimiter: false }))
      await side.render(index, 0, POSITION.record, raw(head.header));
    if (head.headerEnd !== dialect.newline)
      await side.render(index, 0, POSITION.terminator, raw(Buffer.from(head.headerEnd)));
  }
  const usual: Quoting = dialect.quoting === "all" ? "all" : "minimal";
  for (const [column, rule] of quoting.entries())
    if (rule !== usual) await side.render(index, FILE_ROW, column, Buffer.from(rule));
  if (layout.trailingDelimiter)
    await side.render(index, FILE_ROW, POSITION.trailingDelimiter, Buffer.alloc(0));
}

/** The balance of DESIGN §5, by our own counts alone. */
function account(count: CarefulCount, scan: Scan, head: TextHead, request: PartRequest): Accounting {
  const accounting: Accounting = {
    physicalLines: head.lines + scan.physicalLines,
    headerLines: head.headerLines,
    recordLines: count.recordLines,
    blankLines: count.blankLines + head.blankLines,
    skippedLines: count.skippedLines + head.preambleLines.length,
  };
  const { headerLines, recordLines, blankLines, skippedLines } = accounting;
  if (accounting.physicalLines !== headerLines + recordLines + blankLines + skippedLines)
    throw balanceError(request.path, `${accounting.physicalLines} physical lines`, count);
  return accounting;
}

function balanceError(path: string, found: string, count: CarefulCount): WranglerError {
  return new WranglerError("ROW_BALANCE", `${path}: ${found} against ${JSON.stringify(count)}.`, {
    path,
  });
}

async function hashOf({ contentPath, signal }: PartRequest): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(contentPath, signal ? { signal } : {}))
    hash.update(chunk as Buffer);
  return hash.digest("hex");
}
