/**
 * The careful reader: splits a text into records cell by cell and says what is wrong with each.
 *
 * @module
 */

/** What a text is split by, as bytes. */
export interface SplitDialect {
  /** One byte of the delimiter; with `blank`, one blank behind it belongs to it. */
  readonly delimiter: Buffer;
  readonly blank: boolean;
  readonly quote: number | undefined;
  /** The quote itself when quotes are doubled, else a backslash. */
  readonly escape: number | undefined;
  /** A lone carriage return ends a record (else only where the record has all its cells). */
  readonly returnEnds: boolean;
  /** Cells of a sound record. */
  readonly width: number;
  /** Another number of cells that is sound too, see LayoutFound.dataWidth. */
  readonly dataWidth: number;
}

export type Problem =
  | "TEXT_AFTER_QUOTE"
  | "UNTERMINATED_QUOTE"
  | "TOO_MANY_FIELDS"
  | "MISSING_FIELDS";

/** One record; offsets are into the buffer it was read from. */
export interface SplitRecord {
  readonly start: number;
  /** Behind its last byte, without the line end. */
  readonly end: number;
  /** Behind its line end. */
  readonly next: number;
  readonly values: string[];
  /** Line ends inside it. */
  readonly innerLines: number;
  readonly problem: Problem | undefined;
}

const LF = 10;
const CR = 13;
const BLANK = 32;

interface Attempt extends SplitRecord {
  /** Index of the cell at which quoting broke. */
  readonly brokenAt: number;
  /** Longest run of lines inside one quoted cell that look like records of the table. */
  readonly swallowed: number;
  /** Index of the cell that swallowed them. */
  readonly swallowedAt: number;
}

/** How often a record is tried again with another of its quotes taken as text. */
const MAX_RETRIES = 8;
/** So many lines inside a quoted cell that look like records make its quote doubtful. */
const DOUBTFUL_LINES = 2;

/**
 * The record that begins at `start`, or undefined when the buffer ends inside it and more may come.
 *
 * A stray quote is taken as text where that gives a sound record, so that it cannot swallow the
 * records behind it.
 */
export function splitRecord(
  buffer: Buffer,
  start: number,
  dialect: SplitDialect,
  last: boolean,
): SplitRecord | undefined {
  const strict = attempt(buffer, start, dialect, last, NO_CELLS, false);
  if (!strict) return undefined;
  if (!strict.problem && strict.swallowed < DOUBTFUL_LINES) return strict;
  const asText = retryAsText(buffer, start, dialect, last, strict);
  if (asText === undefined || asText !== "no") return asText;
  if (!strict.problem) return strict;
  if (strict.problem === "UNTERMINATED_QUOTE")
    return firstLine(buffer, start, strict.problem, last);
  return strict.problem === "TEXT_AFTER_QUOTE"
    ? retryLeniently(buffer, start, dialect, last, strict.innerLines)
    : strict;
}

/** The record with quotes that only close in front of a delimiter, else its first line. */
function retryLeniently(
  buffer: Buffer,
  start: number,
  dialect: SplitDialect,
  last: boolean,
  innerLines: number,
): SplitRecord | undefined {
  const lenient = attempt(buffer, start, dialect, last, NO_CELLS, true);
  if (!lenient) return undefined;
  if (!lenient.problem && lenient.innerLines <= innerLines) return lenient;
  return firstLine(buffer, start, "TEXT_AFTER_QUOTE", last);
}

const NO_CELLS: ReadonlySet<number> = new Set();

/** The record with its doubtful quotes taken as text, "no" if it is not sound then either. */
function retryAsText(
  buffer: Buffer,
  start: number,
  dialect: SplitDialect,
  last: boolean,
  strict: Attempt,
): SplitRecord | "no" | undefined {
  const literal = new Set<number>();
  let current = strict;
  for (let n = 0; n < MAX_RETRIES; n++) {
    const cell = current.brokenAt >= 0 ? current.brokenAt : current.swallowedAt;
    if (cell < 0 || literal.has(cell)) return "no";
    literal.add(cell);
    const next = attempt(buffer, start, dialect, last, literal, false);
    if (!next?.problem) return next;
    current = next;
  }
  return "no";
}

/** The first physical line as a record that cannot be read. */
function firstLine(
  buffer: Buffer,
  start: number,
  problem: Problem,
  last: boolean,
): SplitRecord | undefined {
  let end = start;
  while (end < buffer.length && buffer[end] !== LF && buffer[end] !== CR) end++;
  if (end + 1 >= buffer.length && !last) return undefined;
  return { start, end, next: skipLineEnd(buffer, end), values: [], innerLines: 0, problem };
}

function skipLineEnd(buffer: Buffer, end: number): number {
  if (end >= buffer.length) return end;
  return buffer[end] === CR && buffer[end + 1] === LF ? end + 2 : end + 1;
}

/** One way through a record. */
class Walk {
  readonly values: string[] = [];
  innerLines = 0;
  brokenAt = -1;
  problem: Problem | undefined;
  swallowed = 0;
  swallowedAt = -1;
  readonly #buffer: Buffer;
  readonly #dialect: SplitDialect;
  readonly #last: boolean;
  readonly #lenient: boolean;

  constructor(buffer: Buffer, dialect: SplitDialect, last: boolean, lenient: boolean) {
    this.#buffer = buffer;
    this.#dialect = dialect;
    this.#last = last;
    this.#lenient = lenient;
  }

  /** Whether a cell may end at `at`; undefined when that lies beyond what is known. */
  endsCell(at: number): boolean | undefined {
    const { delimiter } = this.#dialect;
    if (at >= this.#buffer.length) return this.#last ? true : undefined;
    const byte = this.#buffer[at];
    if (byte === LF || byte === CR) return true;
    if (byte !== delimiter[0]) return false;
    if (delimiter.length === 1) return true;
    return this.#buffer.subarray(at, at + delimiter.length).equals(delimiter);
  }

  /** Read the quoted cell whose first byte inside is at `from`; the offset behind its closing quote. */
  quoted(from: number): number | "more" {
    const { quote, escape } = this.#dialect;
    const buffer = this.#buffer;
    let escaped = false;
    for (let i = from; i < buffer.length; i++) {
      const byte = buffer[i];
      if (byte === escape && escape !== quote) {
        i++;
        escaped = true;
      } else if (byte === quote) {
        const doubled = escape === quote && buffer[i + 1] === quote;
        const ends = this.endsCell(i + 1);
        if (ends === undefined) return "more";
        if (ends && !doubled) {
          this.#take(from, i, escaped);
          return i + 1;
        }
        if (doubled) {
          escaped = true;
          i++;
        } else if (!this.#lenient) return this.#broken("TEXT_AFTER_QUOTE", i + 1);
      }
    }
    return this.#last ? this.#broken("UNTERMINATED_QUOTE", buffer.length) : "more";
  }

  #broken(problem: Problem, at: number): number {
    this.problem = problem;
    this.brokenAt = this.values.length;
    return at;
  }

  #take(from: number, to: number, escaped: boolean): void {
    const text = this.#buffer.toString("utf8", from, to);
    const { escape = 0 } = this.#dialect;
    this.values.push(
      escaped ? unescape(text, String.fromCharCode(escape), this.#quoteText()) : text,
    );
    this.#countLines(text);
  }

  #quoteText(): string {
    return String.fromCharCode(this.#dialect.quote ?? 0);
  }

  #countLines(text: string): void {
    if (!text.includes("\n") && !text.includes("\r")) return;
    const lines = text.split(/\r\n|\n|\r/);
    this.innerLines += lines.length - 1;
    const { delimiter, width } = this.#dialect;
    if (width < 2) return;
    const mark = delimiter.toString("utf8");
    const alike = lines.slice(1, -1).filter((line) => line.split(mark).length === width).length;
    if (alike > this.swallowed && alike >= 0.8 * (lines.length - 2)) {
      this.swallowed = alike;
      this.swallowedAt = this.values.length - 1;
    }
  }
}

function unescape(text: string, escape: string, quote: string): string {
  if (escape === quote) return text.replaceAll(quote + quote, quote);
  // Only the two characters that need it are escaped; `\n` stays two characters.
  return text.replace(/\\([\s\S])/g, (whole, next: string) =>
    next === quote || next === "\\" ? next : whole,
  );
}

function attempt(
  buffer: Buffer,
  start: number,
  dialect: SplitDialect,
  last: boolean,
  literal: ReadonlySet<number>,
  lenient: boolean,
): Attempt | undefined {
  const walk = new Walk(buffer, dialect, last, lenient);
  const finish = (end: number, next: number): Attempt => ({
    start,
    end,
    next,
    values: walk.values,
    innerLines: walk.innerLines,
    problem: walk.problem ?? lengthProblem(walk.values, dialect),
    brokenAt: walk.brokenAt,
    swallowed: walk.swallowed,
    swallowedAt: walk.swallowedAt,
  });
  let at = start;
  for (;;) {
    const end = readCell(buffer, at, walk, dialect, last, literal);
    if (end === undefined) return undefined;
    if (walk.problem) return finish(end, end);
    const byte = buffer[end];
    if (end >= buffer.length) return last ? finish(end, end) : undefined;
    if (byte === LF) return finish(end, end + 1);
    if (byte === CR) {
      if (end + 1 >= buffer.length && !last) return undefined;
      return finish(end, skipLineEnd(buffer, end));
    }
    at = end + dialect.delimiter.length;
    if (dialect.blank && buffer[at] === BLANK) at++;
  }
}

/** Read one cell into the walk; the offset behind it. */
function readCell(
  buffer: Buffer,
  at: number,
  walk: Walk,
  dialect: SplitDialect,
  last: boolean,
  literal: ReadonlySet<number>,
): number | undefined {
  if (at >= buffer.length && !last) return undefined;
  const { quote } = dialect;
  if (quote !== undefined && buffer[at] === quote && !literal.has(walk.values.length)) {
    const end = walk.quoted(at + 1);
    return end === "more" ? undefined : end;
  }
  const end = plainEnd(buffer, at, walk, dialect, last);
  if (end !== undefined) walk.values.push(buffer.toString("utf8", at, end));
  return end;
}

/** Where a cell without quotes ends. */
function plainEnd(
  buffer: Buffer,
  at: number,
  walk: Walk,
  dialect: SplitDialect,
  last: boolean,
): number | undefined {
  const [first] = dialect.delimiter;
  for (let i = at; i < buffer.length; i++) {
    const byte = buffer[i];
    if (byte !== LF && byte !== CR && byte !== first) continue;
    const ends = walk.endsCell(i);
    if (ends === undefined) return undefined;
    if (byte !== CR) {
      if (ends) return i;
      continue;
    }
    if (i + 1 >= buffer.length && !last) return undefined;
    if (returnEnds(buffer, i, walk.values.length + 1, dialect)) return i;
    walk.innerLines++;
  }
  return last ? buffer.length : undefined;
}

/** Whether a carriage return outside quotes ends the record. */
function returnEnds(buffer: Buffer, at: number, cells: number, dialect: SplitDialect): boolean {
  // The last byte of a text is its line end, not the start of another line.
  if (at + 1 >= buffer.length || buffer[at + 1] === LF) return true;
  return dialect.returnEnds || cells === dialect.width;
}

function lengthProblem(
  values: readonly string[],
  { width, dataWidth }: SplitDialect,
): Problem | undefined {
  const count = values.length;
  if (count === width) return undefined;
  if (count === dataWidth && (count < width || values[count - 1] === "")) return undefined;
  return count > width ? "TOO_MANY_FIELDS" : "MISSING_FIELDS";
}
