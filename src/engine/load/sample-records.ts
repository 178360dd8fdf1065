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
  const { delimiter, quote, escape } = dialect;
  const first = delimiter[0] ?? ",";
  const records: SampleRecord[] = [];
  let cells: string[] = [];
  let [start, cellStart, quoted, broken] = [0, 0, 0, 0];
  let i = 0;
  const endRecord = (next: number) => {
    records.push({ cells, start, next });
    cells = [];
    start = cellStart = i = next;
  };
  while (i < text.length) {
    const character = text[i] ?? "";
    if (character === quote && quote !== "" && i === cellStart) {
      const end = closingQuote(text, i + 1, quote, escape);
      if (end < 0) {
        broken++;
        i++;
        continue;
      }
      quoted++;
      const after = text[end + 1];
      const ends = after === undefined || after === "\n" || after === "\r" || after === first;
      if (!ends) {
        broken++;
        i++;
        continue;
      }
      i = end + 1;
      if (after === undefined) break;
      continue;
    }
    if (character === first && text.startsWith(delimiter, i)) {
      cells.push(text.slice(cellStart, i));
      i += delimiter.length;
      cellStart = i;
    } else if (character === "\n" || character === "\r") {
      cells.push(text.slice(cellStart, i));
      endRecord(character === "\r" && text[i + 1] === "\n" ? i + 2 : i + 1);
    } else i++;
  }
  if (start < text.length && (complete || records.length === 0)) {
    cells.push(text.slice(cellStart));
    endRecord(text.length);
  }
  return { records, quoted, broken };
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
