/**
 * Our own count of a text file's records, made beside the engine's reading of it: what both agree
 * on is taken as read, anything else is read again by the careful way.
 *
 * @module
 */
import type { Quoting } from "./rendering.ts";

/** What the scan of the data part of a file found. */
export interface Scan {
  /** Records that hold at least one byte. */
  readonly records: number;
  /** Line ends of any kind, and one for a last line without. */
  readonly physicalLines: number;
  /** Line ends inside quoted cells. */
  readonly innerLines: number;
  readonly blankLines: number;
  /** Blank lines behind the last record. */
  readonly lastBlankLines: number;
  /** Offset behind the last record's line end. */
  readonly lastRecordEnd: number;
  /** Line ends outside quotes, by kind. */
  readonly newlines: { readonly lf: number; readonly crlf: number; readonly cr: number };
  /** Whether the last record has a line end. */
  readonly finalNewline: boolean;
  /** Records with another number of cells than the table has columns. */
  readonly ragged: number;
  /** Quotes where none may stand, or one that never closes. */
  readonly strayQuotes: number;
  readonly longestRecord: number;
  /** Most line ends within one record. */
  readonly mostInnerLines: number;
  /** Cells of each column by how they are quoted, see {@link quotingOf}. */
  readonly cellKinds: Float64Array;
}

const LF = 10;
const CR = 13;
const [ORDINARY, DELIMITER, QUOTE, NEWLINE, RETURN] = [0, 1, 2, 3, 4];
/** States between bytes. */
const [CELL_START, IN_CELL, IN_QUOTES, AFTER_QUOTE] = [0, 1, 2, 3];
/** Kinds of cells. */
const [EMPTY, FILLED, QUOTED_EMPTY, QUOTED_NEEDED, QUOTED_SPARE] = [0, 1, 2, 3, 4];
const KINDS = 5;

/** Scans the data records of a text with one-byte delimiter and quote (doubled inside quotes). */
export class ByteScan {
  readonly #classes = new Uint8Array(256);
  readonly #width: number;
  readonly #kinds: Float64Array;
  #state = CELL_START;
  #column = 0;
  #needed = false;
  #quotedBytes = 0;
  #lastWasReturn = false;
  #newlineLast = false;
  #offset = 0;
  #recordStart = 0;
  #recordInner = 0;
  #inner = 0;
  #records = 0;
  #blank = 0;
  #lastBlank = 0;
  #lastRecordEnd = 0;
  #lf = 0;
  #crlf = 0;
  #cr = 0;
  #ragged = 0;
  #stray = 0;
  #longest = 0;
  #mostInner = 0;

  constructor(delimiter: number, quote: number | undefined, width: number) {
    this.#classes[delimiter] = DELIMITER;
    if (quote !== undefined) this.#classes[quote] = QUOTE;
    this.#classes[LF] = NEWLINE;
    this.#classes[CR] = RETURN;
    this.#width = width;
    this.#kinds = new Float64Array((width + 1) * KINDS);
  }

  /** Whether something was seen that the engine's reader must not be trusted with. */
  get odd(): boolean {
    return this.#ragged > 0 || this.#stray > 0;
  }

  push(chunk: Uint8Array): void {
    const classes = this.#classes;
    const length = chunk.length;
    for (let i = 0; i < length; i++) {
      const kind = classes[chunk[i] ?? 0] ?? 0;
      if (kind === ORDINARY) {
        // The run of ordinary bytes inside a cell is most of the file.
        let end = i + 1;
        while (end < length && classes[chunk[end] ?? 0] === ORDINARY) end++;
        this.#ordinary(this.#offset + i, end - i);
        i = end - 1;
      } else this.#special(kind, this.#offset + i);
    }
    this.#offset += length;
    const last = chunk[length - 1];
    if (last !== undefined) this.#newlineLast = last === LF || last === CR;
  }

  end(): Scan {
    if (this.#lastWasReturn) this.#endReturn(this.#offset);
    const open = this.#offset > this.#recordStart;
    // A quote that never closes may hold the last line end.
    const cut = open && !this.#newlineLast;
    if (this.#state === IN_QUOTES) this.#stray++;
    if (open) this.#endRecord(this.#offset);
    return {
      records: this.#records,
      physicalLines: this.#lf + this.#crlf + this.#cr + this.#inner + (cut ? 1 : 0),
      innerLines: this.#inner,
      blankLines: this.#blank,
      lastBlankLines: this.#lastBlank,
      lastRecordEnd: this.#lastRecordEnd,
      newlines: { lf: this.#lf, crlf: this.#crlf, cr: this.#cr },
      finalNewline: !open,
      ragged: this.#ragged,
      strayQuotes: this.#stray,
      longestRecord: this.#longest,
      mostInnerLines: this.#mostInner,
      cellKinds: this.#kinds,
    };
  }

  /** A run of bytes that mean nothing to the scan. */
  #ordinary(at: number, count: number): void {
    if (this.#lastWasReturn) this.#endReturn(at);
    if (this.#state === IN_QUOTES) this.#quotedBytes += count;
    else if (this.#state === AFTER_QUOTE) this.#strayQuote();
    else this.#state = IN_CELL;
  }

  #special(kind: number, at: number): void {
    if (this.#state === IN_QUOTES) {
      this.#insideQuotes(kind);
      return;
    }
    if (kind === NEWLINE) {
      if (this.#lastWasReturn) this.#crlf++;
      else this.#lf++;
      this.#lastWasReturn = false;
      this.#endRecord(at + 1);
      return;
    }
    if (this.#lastWasReturn) this.#endReturn(at);
    if (kind === RETURN) this.#lastWasReturn = true;
    else if (kind === DELIMITER) {
      this.#endCell();
      this.#column++;
    } else if (this.#state === CELL_START) {
      this.#state = IN_QUOTES;
      this.#needed = false;
      this.#quotedBytes = 0;
    } else if (this.#state === AFTER_QUOTE) {
      this.#state = IN_QUOTES;
      this.#needed = true;
      this.#quotedBytes++;
    } else this.#strayQuote();
  }

  #insideQuotes(kind: number): void {
    if (kind === QUOTE) {
      this.#state = AFTER_QUOTE;
      this.#lastWasReturn = false;
      return;
    }
    this.#quotedBytes++;
    this.#needed = true;
    if (kind === DELIMITER) {
      this.#lastWasReturn = false;
      return;
    }
    if (!(kind === NEWLINE && this.#lastWasReturn)) {
      this.#inner++;
      this.#recordInner++;
    }
    this.#lastWasReturn = kind === RETURN;
  }

  #strayQuote(): void {
    this.#stray++;
    this.#state = IN_CELL;
  }

  /** A lone carriage return outside quotes ends a record. */
  #endReturn(at: number): void {
    this.#lastWasReturn = false;
    if (this.#state === IN_QUOTES) return;
    this.#cr++;
    this.#endRecord(at);
  }

  #endCell(): void {
    const state = this.#state;
    let kind = FILLED;
    if (state === CELL_START) kind = EMPTY;
    else if (state === AFTER_QUOTE) {
      if (this.#quotedBytes === 0) kind = this.#width === 1 ? QUOTED_NEEDED : QUOTED_EMPTY;
      else kind = this.#needed ? QUOTED_NEEDED : QUOTED_SPARE;
    }
    const slot = Math.min(this.#column, this.#width) * KINDS + kind;
    this.#kinds[slot] = (this.#kinds[slot] ?? 0) + 1;
    this.#state = CELL_START;
  }

  #endRecord(next: number): void {
    if (this.#column === 0 && this.#state === CELL_START) {
      this.#blank++;
      this.#lastBlank++;
    } else {
      this.#endCell();
      this.#records++;
      this.#lastBlank = 0;
      this.#lastRecordEnd = next;
      if (this.#column + 1 !== this.#width) this.#ragged++;
    }
    this.#longest = Math.max(this.#longest, next - this.#recordStart);
    this.#mostInner = Math.max(this.#mostInner, this.#recordInner);
    this.#state = CELL_START;
    this.#recordInner = 0;
    this.#column = 0;
    this.#recordStart = next;
  }
}

/** The quoting rule that fits a column best, and how many of its cells break it. */
export function quotingOf(cellKinds: Float64Array, column: number): [Quoting, number] {
  const count = (kind: number | undefined) => cellKinds[column * KINDS + (kind ?? 0)] ?? 0;
  const rules: [Quoting, number][] = [
    ["minimal", count(QUOTED_EMPTY) + count(QUOTED_SPARE)],
    ["filled", count(FILLED) + count(QUOTED_EMPTY)],
    ["all", count(EMPTY) + count(FILLED)],
  ];
  return rules.reduce((best, rule) => (rule[1] < best[1] ? rule : best));
}

/** Cells of a column that stand in quotes without need: what tells "all" from "minimal". */
export function spareQuotes(cellKinds: Float64Array, column: number): number {
  return (cellKinds[column * KINDS + 4] ?? 0) + (cellKinds[column * KINDS + 2] ?? 0);
}
