import { isUtf8 } from "node:buffer";
import { open, type FileHandle } from "node:fs/promises";
import { WranglerError } from "../../core/index.ts";
import { type Encoding, originalBytes } from "./encodings.ts";
import type { PartRequest } from "./part.ts";
import {
  type Problem,
  splitRecord,
  type SplitDialect,
  type SplitRecord,
} from "./record-splitter.ts";
import { type Layout, POSITION, renderRecord } from "./rendering.ts";
import type { RejectCode } from "./side-tables.ts";
import type { RowFile } from "./stage-writer.ts";

const CHUNK_BYTES = 1 << 20;
/** A quoted cell that runs on for more than this is taken to have lost its closing quote. */
const MAX_RECORD_BYTES = 64 << 20;
const MAX_FOOTER_LINES = 20;
const HASH = 0x23;

/** What the careful reading of a file's data part counted. */
export interface CarefulCount {
  records: number;
  rejected: number;
  recordLines: number;
  blankLines: number;
  skippedLines: number;
  finalNewline: boolean;
}

/** A piece that is not a sound record, held back until it is known whether it belongs to a footer. */
interface Held {
  readonly raw: Buffer;
  readonly values: readonly string[];
  readonly code: RejectCode;
  readonly reason: string;
  readonly lines: number;
  readonly terminator: Buffer;
}

type Pending = Held | { readonly code: "BLANK"; readonly raw: Buffer };

const REASONS: Readonly<Record<Problem, string>> = {
  TEXT_AFTER_QUOTE: "Text stands behind a closing quote.",
  UNTERMINATED_QUOTE: "A quote opens and never closes.",
  TOO_MANY_FIELDS: "",
  MISSING_FIELDS: "",
};

/** Reads the data part of a plain text file record by record. */
export class CarefulRead {
  readonly count: CarefulCount = {
    records: 0,
    rejected: 0,
    recordLines: 0,
    blankLines: 0,
    skippedLines: 0,
    finalNewline: true,
  };
  readonly #request: PartRequest;
  readonly #split: SplitDialect;
  readonly #layout: Layout;
  readonly #newline: Buffer;
  readonly #encoding: Encoding;
  /** Where sound records go; undefined when only their rendering is wanted. */
  readonly #rows: RowFile | undefined;
  /** What came since the last sound record: blank lines, comments, pieces that may be a footer. */
  #pending: Pending[] = [];
  /** Bytes that belong to no record, waiting for the record behind them. */
  #before: Buffer[] = [];

  constructor(
    request: PartRequest,
    split: SplitDialect,
    layout: Layout,
    rows: RowFile | undefined,
  ) {
    this.#request = request;
    this.#split = split;
    this.#layout = layout;
    this.#newline = Buffer.from(layout.dialect.newline);
    this.#encoding = layout.dialect.encoding;
    this.#rows = rows;
  }

  /** Read `path` from `offset` to its end. */
  async run(path: string, offset: number): Promise<CarefulCount> {
    const file = await open(path, "r");
    try {
      await this.#readAll(file, offset);
    } finally {
      await file.close();
    }
    await this.#end();
    return this.count;
  }

  async #readAll(file: FileHandle, offset: number): Promise<void> {
    let buffer: Buffer = Buffer.alloc(0);
    let last = false;
    let wanted = CHUNK_BYTES;
    while (!last) {
      if (this.#request.signal?.aborted) throw new WranglerError("CANCELED");
      const chunk = Buffer.allocUnsafe(wanted);
      const { bytesRead } = await file.read(chunk, 0, wanted, offset);
      offset += bytesRead;
      last = bytesRead === 0;
      buffer = Buffer.concat([buffer, chunk.subarray(0, bytesRead)]);
      const rest = await this.#consume(buffer, last);
      // A record that outgrows the buffer is read again from its start: doubling keeps that cheap.
      wanted = rest === 0 ? Math.min(buffer.length * 2, MAX_RECORD_BYTES) : CHUNK_BYTES;
      buffer = buffer.subarray(rest);
    }
  }

  /** Take the whole records of a buffer; the offset of the first that is not whole. */
  async #consume(buffer: Buffer, last: boolean): Promise<number> {
    let at = 0;
    const sound = isUtf8(buffer);
    while (at < buffer.length) {
      const tooLong = buffer.length - at >= MAX_RECORD_BYTES;
      const record = splitRecord(buffer, at, this.#split, last || tooLong);
      if (!record) return at;
      await this.#take(buffer, record, sound);
      at = record.next;
    }
    return at;
  }

  async #take(buffer: Buffer, record: SplitRecord, sound: boolean): Promise<void> {
    const raw = buffer.subarray(record.start, record.end);
    const terminator = buffer.subarray(record.end, record.next);
    if (this.#isBlank(record, raw)) {
      const line = Buffer.from(buffer.subarray(record.start, record.next));
      this.#pending.push({ code: "BLANK", raw: line });
      return;
    }
    this.count.finalNewline = terminator.length > 0;
    const problem = sound || isUtf8(raw) ? record.problem : "INVALID_ENCODING";
    if (problem) await this.#hold(record, raw, terminator, problem);
    else await this.#accept(record, raw, terminator);
  }

  async #accept(
    { values, innerLines }: SplitRecord,
    raw: Buffer,
    terminator: Buffer,
  ): Promise<void> {
    if (this.#pending.length > 0) await this.#release(this.#pending.splice(0), true);
    const row = this.#nextRow(innerLines + 1);
    await this.#renderAround(row, terminator);
    const { width } = this.#split;
    while (values.length > width) values.pop();
    while (values.length < width) values.push("");
    if (this.#rows) {
      const full = this.#rows.add([row, ...values]);
      if (full) await full;
    }
    if (raw.toString("utf8") !== renderRecord(values, this.#layout))
      await this.#render(row, POSITION.record, raw);
  }

  #isBlank({ values, innerLines }: SplitRecord, raw: Buffer): boolean {
    if (raw.length === 0) return true;
    if (values.length > 1 || innerLines > 0 || this.#split.width === 1) return false;
    return raw.toString("utf8").trim() === "";
  }

  async #hold(
    record: SplitRecord,
    raw: Buffer,
    terminator: Buffer,
    problem: Problem | "INVALID_ENCODING",
  ): Promise<void> {
    const comment = problem === "MISSING_FIELDS" && raw[0] === HASH;
    this.#pending.push({
      raw: Buffer.from(raw),
      values: record.values,
      code: comment ? "COMMENT" : problem,
      reason: comment
        ? "A line that opens with # and has too few fields."
        : this.#reason(problem, record),
      lines: record.innerLines + 1,
      terminator: Buffer.from(terminator),
    });
    if (this.#pending.length > MAX_FOOTER_LINES) await this.#release(this.#pending.splice(0), true);
  }

  /** Count and keep what was held back, in order. `within` says that records follow. */
  async #release(pieces: readonly Pending[], within: boolean): Promise<void> {
    for (const piece of pieces) {
      if (piece.code === "BLANK") await this.#blank(piece.raw, within);
      else if (piece.code === "COMMENT") await this.#skip(piece, "COMMENT", piece.reason);
      else {
        const row = this.#nextRow(piece.lines);
        this.count.rejected += 1;
        await this.#renderAround(row, piece.terminator);
        const raw = originalBytes(piece.raw, this.#encoding);
        await this.#request.side.reject(row, raw, piece.code, piece.reason);
      }
    }
  }

  /** A blank line; in a table of one column a line without text between others is an empty cell. */
  async #blank(line: Buffer, within: boolean): Promise<void> {
    if (!within || this.#split.width > 1) {
      this.#before.push(line);
      this.count.blankLines += 1;
      return;
    }
    const row = this.#nextRow(1);
    await this.#renderAround(row, line);
    await this.#rows?.add([row, ""]);
    await this.#render(row, POSITION.record, Buffer.alloc(0));
  }

  async #skip(piece: Held, code: RejectCode, reason: string): Promise<void> {
    this.#before.push(piece.raw, piece.terminator);
    this.count.skippedLines += piece.lines;
    const raw = originalBytes(piece.raw, this.#encoding);
    await this.#request.side.reject(0, raw, code, reason);
  }

  async #end(): Promise<void> {
    const pieces = this.#pending.splice(0);
    let footer = pieces.length;
    while (footer > 0 && this.count.records > 0 && isFooter(pieces[footer - 1])) footer--;
    // Blank lines in front of the footer are released with what stands before it.
    await this.#release(pieces.slice(0, footer), false);
    for (const piece of pieces.slice(footer)) {
      if (piece.code === "BLANK") await this.#blank(piece.raw, false);
      else await this.#skip(piece, "FOOTER", "A line behind the table's last record.");
    }
    const row = this.#request.firstRow + this.count.records;
    if (this.#before.length > 0)
      await this.#render(row, POSITION.before, Buffer.concat(this.#before));
  }

  #nextRow(lines: number): number {
    this.count.recordLines += lines;
    return this.#request.firstRow + this.count.records++;
  }

  async #renderAround(row: number, terminator: Buffer): Promise<void> {
    if (this.#before.length > 0)
      await this.#render(row, POSITION.before, Buffer.concat(this.#before.splice(0)));
    if (!terminator.equals(this.#newline)) await this.#render(row, POSITION.terminator, terminator);
  }

  async #render(row: number, position: number, plain: Buffer): Promise<void> {
    const raw = originalBytes(plain, this.#encoding);
    await this.#request.side.render(this.#request.index, row, position, raw);
  }

  #reason(problem: Problem | "INVALID_ENCODING", { values }: SplitRecord): string {
    if (problem === "INVALID_ENCODING") return "It holds bytes that are no text in UTF-8.";
    return (
      REASONS[problem] ||
      `It has ${values.length} fields; the table has ${this.#split.width} columns.`
    );
  }
}

/** A blank line or a remark under the table: one filled field, in words. */
function isFooter(piece: Pending | undefined): boolean {
  if (!piece || piece.code === "BLANK" || piece.code === "COMMENT") return piece !== undefined;
  if (piece.code !== "MISSING_FIELDS" && piece.code !== "TOO_MANY_FIELDS") return false;
  const filled = piece.values.filter((value) => value.trim() !== "");
  // A record that was cut short has a value in its one field; a remark has words.
  return filled.length === 1 && /\p{L}.*[\s:]/u.test(piece.raw.toString("utf8"));
}
