import type { ReadOptions } from "../../core/index.ts";
import { kindOfCell } from "./cell-kinds.ts";
import {
  isBlankRecord,
  type SampleDialect,
  type SampleResult,
  splitSample,
  unquoteSample,
} from "./sample-records.ts";

/** Delimiters tried, likeliest first, and how far each is trusted. */
const DELIMITERS: readonly (readonly [string, number])[] = [
  [",", 1],
  [";", 1],
  ["\t", 1],
  ["|", 0.99],
  ["\u001F", 0.99],
  ["\u0001", 0.99],
  ["~", 0.9],
  ["^", 0.9],
  ["#", 0.8],
  [":", 0.6],
  [" ", 0.55],
];
const MAX_RECORDS = 400;
const MAX_CELLS_TYPED = 4_000;

/**
 * Delimiter, quote and escape of a text, by how even its records become and how many of its cells
 * then look like something: the consistency measure of CleverCSV (van den Burg, Nazábal, Sutton 2019).
 */
export function sniffDialect(text: string, complete: boolean, options: ReadOptions): SampleDialect {
  const quote = options.quote ?? sniffQuote(text);
  const candidates = options.delimiter
    ? [[options.delimiter, 1] as const]
    : DELIMITERS.filter(([delimiter]) => text.includes(delimiter));
  let best: SampleDialect = { delimiter: options.delimiter ?? ",", quote, escape: quote };
  let bestScore = 0;
  for (const [delimiter, trust] of candidates) {
    for (const dialect of quotings(text, delimiter, quote, complete, options)) {
      const score = consistency(splitSample(text, dialect, complete), dialect) * trust;
      if (score > bestScore + 1e-9) [best, bestScore] = [dialect, score];
    }
  }
  return options.delimiter ? best : withBlank(text, best, complete);
}

/** The quotings worth trying with a delimiter: backslash escapes and none only where the text asks for them. */
function quotings(
  text: string,
  delimiter: string,
  quote: string,
  complete: boolean,
  options: ReadOptions,
): SampleDialect[] {
  const doubled = { delimiter, quote, escape: quote };
  if (quote === "" || !text.includes(quote)) return [doubled];
  const { quoted, broken } = splitSample(text, doubled, complete);
  const backslash = { delimiter, quote, escape: "\\" };
  if (text.includes(`\\${quote}`) && splitSample(text, backslash, complete).broken < broken)
    return [backslash];
  if (broken > Math.max(2, quoted / 2) && options.quote === undefined)
    return [doubled, { delimiter, quote: "", escape: "" }];
  return [doubled];
}

/** Single quotes are the quote only where they wrap cells and double quotes do not. */
function sniffQuote(text: string): string {
  const wraps = (quote: string) =>
    text.match(
      new RegExp(`(^|[,;\\t|\\n\\r])${quote}[^${quote}\\n]*${quote}(?=[,;\\t|\\n\\r]|$)`, "g"),
    )?.length ?? 0;
  const single = wraps("'");
  return single >= 3 && single > 3 * wraps('"') ? "'" : '"';
}

function consistency({ records }: SampleResult, dialect: SampleDialect): number {
  const full = records.filter((record) => !isBlankRecord(record)).slice(0, MAX_RECORDS);
  if (full.length === 0) return 0;
  const patterns = new Map<number, number>();
  for (const { cells } of full) {
    // A delimiter at the very end opens no further field worth counting.
    const length = cells.length - (cells.length > 2 && cells.at(-1) === "" ? 1 : 0);
    patterns.set(length, (patterns.get(length) ?? 0) + 1);
  }
  let pattern = 0;
  for (const [length, count] of patterns) pattern += count * Math.max(1e-3, (length - 1) / length);
  return (
    (pattern / patterns.size / full.length) *
    typed(
      full.map(({ cells }) => cells),
      dialect,
    )
  );
}

/** Share of cells that look like something. */
function typed(records: readonly (readonly string[])[], dialect: SampleDialect): number {
  let [known, seen] = [0, 0];
  for (const cells of records) {
    for (const cell of cells) {
      const text = unquoteSample(cell, dialect);
      seen++;
      // What stands in quotes is a cell, whatever it holds.
      if (text !== cell || kindOfCell(text) !== "other") known++;
    }
    if (seen > MAX_CELLS_TYPED) break;
  }
  return Math.max(1e-10, known / Math.max(1, seen));
}

/** `, ` instead of `,` where every delimiter of the sample is followed by one blank. */
function withBlank(text: string, dialect: SampleDialect, complete: boolean): SampleDialect {
  const { delimiter } = dialect;
  if (!",;|".includes(delimiter) || !text.includes(`${delimiter} `)) return dialect;
  const spaced = { ...dialect, delimiter: `${delimiter} ` };
  const records = splitSample(text, spaced, complete).records.filter((r) => !isBlankRecord(r));
  const plain = splitSample(text, dialect, complete).records.filter((r) => !isBlankRecord(r));
  const cells = (list: typeof records) => list.reduce((sum, r) => sum + r.cells.length, 0);
  const even = new Set(records.map((r) => r.cells.length)).size === 1;
  const enough = records.length > 1 && (records[0]?.cells.length ?? 0) > 1;
  return even && enough && cells(records) <= cells(plain) && noneInside(records, delimiter, dialect)
    ? spaced
    : dialect;
}

/** No cell outside quotes still holds the bare delimiter. */
function noneInside(
  records: SampleResult["records"],
  delimiter: string,
  dialect: SampleDialect,
): boolean {
  return records.every(({ cells }) =>
    cells.every((cell) => !cell.includes(delimiter) || unquoteSample(cell, dialect) !== cell),
  );
}
