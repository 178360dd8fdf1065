import { rm } from "node:fs/promises";
import { join } from "node:path";
import {
  type Accounting,
  type Column,
  type Dialect,
  fileSha256,
  WranglerError,
} from "../../core/index.ts";
import { quotingOf, type Scan, spareQuotes } from "./byte-scan.ts";
import { type CarefulCount, CarefulRead } from "./careful-read.ts";
import { refuseTooWide } from "./column-limit.ts";
import { nameColumns } from "./column-names.ts";
import { originalBytes } from "./encodings.ts";
import { isPlain, scanAndCopy } from "./fast-read.ts";
import type { Part, PartRequest } from "./part.ts";
import { type PlainFile, plainFile } from "./plain-file.ts";
import type { SplitDialect } from "./record-splitter.ts";
import { FILE_ROW, type Layout, POSITION, type Quoting, renderRecord } from "./rendering.ts";
import { type TextHead, textHead } from "./text-head.ts";
import { RowFile, stageRows } from "./stage-writer.ts";

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
    if (!again)
      throw new WranglerError("INTERNAL", `${request.path}: its encoding stays undecided.`);
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
  await refuseTooWide(head.width, request.path, request.ask, request.signal);
  const { scan, engineRows, sha256, utf8 } = await scanAndCopy(request, plain, head);
  if (!utf8 && !plain.copy && !decided && request.read.encoding === undefined) return undefined;
  const layout = layoutOf(plain, head, scan, request);
  const columns = nameColumns(head.labels);
  const hash =
    request.sha256 ?? (plain.copy ? await fileSha256(request.contentPath, request.signal) : sha256);
  const done =
    engineRows !== undefined && utf8 && isPlain(scan, head) && engineRows === scan.records;
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
    if (
      head.header.toString("utf8") !==
      renderRecord(head.labels, { ...layout, trailingDelimiter: false })
    )
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
function account(
  count: CarefulCount,
  scan: Scan,
  head: TextHead,
  request: PartRequest,
): Accounting {
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
