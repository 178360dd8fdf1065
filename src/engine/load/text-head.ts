import { stat } from "node:fs/promises";
import { type Dialect, WranglerError } from "../../core/index.ts";
import { wholeCharacters } from "./detect-encoding.ts";
import type { ExactText, PartRequest } from "./part.ts";
import { type PlainFile, readBytes, SAMPLE_BYTES } from "./plain-file.ts";
import {
  type SampleDialect,
  type SampleRecord,
  splitSample,
  unquoteSample,
} from "./sample-records.ts";
import { sniffDialect } from "./sniff-dialect.ts";
import { type LayoutFound, sniffLayout } from "./sniff-layout.ts";

/** What stands before the data of a text file, and how the data is written. */
export interface TextHead {
  readonly dialect: Pick<Dialect, "delimiter" | "quote" | "escape">;
  readonly delimiterByte: number;
  readonly quoteByte: number | undefined;
  /** Newline of the head, for a file whose data has none. */
  readonly newline: Dialect["newline"];
  readonly width: number;
  readonly dataWidth: number;
  readonly labels: readonly string[];
  readonly headerRecords: number;
  /** Bytes in front of the header, without a byte order mark. */
  readonly preamble: Buffer;
  /** The preamble's lines that are not blank, without their line ends. */
  readonly preambleLines: readonly Buffer[];
  /** Blank lines of the preamble. */
  readonly blankLines: number;
  /** The header's bytes without the last line end, and that line end. */
  readonly header: Buffer;
  readonly headerEnd: string;
  readonly headerLines: number;
  /** Physical lines before the data. */
  readonly lines: number;
  /** Offset of the data in the plain file. */
  readonly dataAt: number;
  /** Whether the engine's reader can be tried. */
  readonly fast: boolean;
  /** The plain file's bytes from an offset to its end. */
  bytesFrom(offset: number): Promise<Buffer>;
  /** Whether something holds for every column. */
  columnsOf(holds: (column: number) => boolean): boolean;
}

const BOM_BYTES = 3;
/** A first line longer than the usual sample makes the sample grow up to this. */
const MAX_SAMPLE_BYTES = 32 << 20;
/** The engine numbers rows by a window, whose copy of a chunk of wide rows is too large. */
const MAX_FAST_COLUMNS = 1_000;
const MAX_CONTROL_SHARE = 0.05;
const LINE_END = /\r\n|\n|\r/;

/**
 * Look at the head of a text file.
 *
 * @throws {WranglerError} INPUT_EMPTY when it holds no line of text, INPUT_UNREADABLE when it is no text.
 */
export async function textHead(plain: PlainFile, request: PartRequest): Promise<TextHead> {
  const { raw, complete } = await sampleOf(plain);
  const text = raw.toString("utf8");
  refuseBinary(text, request.path);
  refuseEmpty(text, request.path);
  const { exact, read } = request;
  const dialect = exact ?? sniffDialect(text, complete, read);
  const records = recordsOf(raw, dialect, complete);
  const layout = exact ? exactLayout(records, exact) : sniffLayout(records, dialect, read.header);
  const start = plain.bom ? BOM_BYTES : 0;
  const preamble = raw.subarray(0, layout.preamble);
  const headerBytes = raw.subarray(layout.preamble, layout.dataAt);
  const headerEnd = /(\r\n|\n|\r)?$/.exec(headerBytes.toString("latin1"))?.[0] ?? "";
  const preambleAll = linesOf(preamble);
  const headerLines = layout.headerRecords > 0 ? linesOf(headerBytes).length : 0;
  const lines = preambleAll.length + headerLines;
  const simpleHead =
    headerLines === layout.headerRecords &&
    (dialect.quote === "" || !preamble.includes(dialect.quote));
  const { size } = await stat(plain.path);
  const { delimiter, quote, escape } = dialect;
  return {
    dialect: { delimiter, quote, escape },
    delimiterByte: dialect.delimiter.charCodeAt(0),
    quoteByte: dialect.quote === "" ? undefined : dialect.quote.charCodeAt(0),
    newline: newlineOf(text),
    width: layout.width,
    dataWidth: layout.dataWidth,
    labels: layout.labels,
    headerRecords: layout.headerRecords,
    preamble,
    preambleLines: preambleAll.filter((line) => !isBlank(line)),
    blankLines: preambleAll.filter((line) => isBlank(line)).length,
    header: headerBytes.subarray(0, headerBytes.length - headerEnd.length),
    headerEnd,
    headerLines,
    lines,
    dataAt: start + layout.dataAt,
    fast: simpleHead && isSimple(dialect, layout),
    bytesFrom: (offset) => readBytes(plain.path, offset, Math.max(0, size - offset)),
    columnsOf: (holds) => Array.from({ length: layout.width }, (_, i) => i).every((i) => holds(i)),
  };
}

function isBlank(line: Buffer): boolean {
  return line.toString("utf8").trim() === "";
}

/** Whether the engine's reader can be tried on such a text. */
function isSimple({ delimiter, quote, escape }: SampleDialect, layout: LayoutFound): boolean {
  const { width, dataWidth } = layout;
  return (
    width === dataWidth &&
    width <= MAX_FAST_COLUMNS &&
    /^[\0-\x7F]$/.test(delimiter) &&
    escape === quote
  );
}

function exactLayout(records: readonly SampleRecord[], exact: ExactText): LayoutFound {
  const { header, width } = exact;
  const [top] = records;
  const names = (top?.cells ?? []).map((cell) => unquoteSample(cell, exact));
  const labels = Array.from({ length: width }, (_, i) => (header ? (names[i] ?? "") : ""));
  const dataAt = header ? (top?.next ?? 0) : 0;
  return { width, dataWidth: width, preamble: 0, headerRecords: header ? 1 : 0, labels, dataAt };
}

/** The head of the file: more than the usual sample where a line is very long. */
async function sampleOf(plain: PlainFile): Promise<{ raw: Buffer; complete: boolean }> {
  for (let bytes = SAMPLE_BYTES; ; bytes *= 8) {
    const raw = await readBytes(plain.path, plain.bom ? BOM_BYTES : 0, bytes);
    const complete = raw.length < bytes;
    const lines = raw.toString("latin1").split(LINE_END, 4).length;
    if (complete || lines > 3 || bytes >= MAX_SAMPLE_BYTES)
      return { raw: complete ? raw : raw.subarray(0, wholeCharacters(raw)), complete };
  }
}

/** The sample's records, split byte by byte so that their offsets are those of the file. */
function recordsOf(raw: Buffer, dialect: SampleDialect, complete: boolean): SampleRecord[] {
  const bytes = { ...dialect, delimiter: Buffer.from(dialect.delimiter).toString("latin1") };
  const { records } = splitSample(raw.toString("latin1"), bytes, complete);
  return records.map(({ cells, start, next }) => ({
    cells: cells.map((cell) => Buffer.from(cell, "latin1").toString("utf8")),
    start,
    next,
  }));
}

function refuseEmpty(text: string, path: string): void {
  if (text.trim() === "")
    throw new WranglerError("INPUT_EMPTY", `${path} holds no line of text.`, { path });
}

function refuseBinary(text: string, path: string): void {
  let control = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 32 && (code < 9 || code > 13) && code !== 31 && code !== 1) || code === 0xfffd)
      control++;
  }
  if (control <= 16 || control <= text.length * MAX_CONTROL_SHARE) return;
  throw new WranglerError(
    "INPUT_UNREADABLE",
    `${path} is no text: ${control} of its first ${text.length} characters are control codes or no characters at all.`,
    { path },
  );
}

function newlineOf(text: string): Dialect["newline"] {
  const found = LINE_END.exec(text)?.[0];
  return found === "\r\n" || found === "\r" ? found : "\n";
}

/** Physical lines of some bytes, without their ends; what ends in a line end has no further line. */
function linesOf(bytes: Buffer): Buffer[] {
  if (bytes.length === 0) return [];
  const lines = bytes.toString("latin1").split(LINE_END);
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => Buffer.from(line, "latin1"));
}
