/** A record of a sample: its cells, whether each was quoted, and where it stands. */
export interface SampleRecord {
  readonly cells: readonly string[];
  /** Offsets in the sample: of its first character, and behind its line end. */
  readonly start: number;
  readonly next: number;
}

export interface SampleResult {
  readonly records: readonly SampleRecord[];
  /** Cells that stood in quotes. */
  readonly quoted: number;
  /** Quoted cells with text behind the closing quote, and quotes that never close. */
  readonly broken: number;
}

export interface SampleDialect {
  readonly delimiter: string;
  readonly quote: string;
  readonly escape: string;
}

/**
 * Split a sample of text by a dialect, forgivingly: sniffing compares the outcomes.
 *
 * `complete` says that the sample is the whole text; otherwise its last record is left out, which
 * may be cut.
 */
export function splitSample(text: string, dialect: SampleDialect, complete: boolean): SampleResult {
  const { delimiter, quote } = dialect;
  const records: SampleRecord[] = [];
  let cells: string[] = [];
  let [start, cellStart, quoted, broken, i] = [0, 0, 0, 0, 0];
  const endRecord = (next: number) => {
    cells.push(text.slice(cellStart, i));
    records.push({ cells, start, next });
    cells = [];
    start = cellStart = i = next;
  };
  while (i < text.length) {
    if (i === cellStart && quote !== "" && text[i] === quote) {
      const end = quotedEnd(text, i, dialect);
      if (end === undefined) broken++;
      else quoted++;
      i = end ?? i + 1;
      continue;
    }
    const lineEnd = lineEndAt(text, i);
    if (lineEnd > 0) endRecord(i + lineEnd);
    else if (text.startsWith(delimiter, i)) {
      cells.push(text.slice(cellStart, i));
      cellStart = i += delimiter.length;
    } else i++;
  }
  if (start < text.length && (complete || records.length === 0)) endRecord(text.length);
  return { records, quoted, broken };
}

function lineEndAt(text: string, at: number): number {
  if (text[at] === "\n") return 1;
  if (text[at] !== "\r") return 0;
  return text[at + 1] === "\n" ? 2 : 1;
}

/** Offset behind a quoted cell that begins at `at`; undefined when it does not close before a delimiter. */
function quotedEnd(text: string, at: number, dialect: SampleDialect): number | undefined {
  const end = closingQuote(text, at + 1, dialect.quote, dialect.escape);
  if (end < 0) return undefined;
  const after = end + 1;
  const ends =
    after >= text.length || lineEndAt(text, after) > 0 || text[after] === dialect.delimiter[0];
  return ends ? after : undefined;
}

/** Where the quote that closes stands, or -1. */
function closingQuote(text: string, from: number, quote: string, escape: string): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] === escape && escape !== quote) i++;
    else if (text[i] === quote) {
      if (escape !== quote || text[i + 1] !== quote) return i;
      i++;
    }
  }
  return -1;
}

/** A raw cell of a sample without its quotes. */
export function unquoteSample(raw: string, { quote, escape }: SampleDialect): string {
  if (quote === "" || raw.length < 2 || !raw.startsWith(quote) || !raw.endsWith(quote)) return raw;
  return raw.slice(1, -1).replaceAll(escape + quote, quote);
}

/** Whether a line holds nothing but blanks. */
export function isBlankRecord({ cells }: SampleRecord): boolean {
  return cells.length === 1 && (cells[0] ?? "").trim() === "";
}
