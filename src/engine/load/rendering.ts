/**
 * How a text file writes what a table cannot hold: the bytes that `undo` needs beside the values.
 *
 * The table is `file` (0-based), `row`, `position`, `raw` (original bytes). Everything else follows
 * from the dialect: cells by the quoting rule of their column, records in order.
 *
 * @module
 */
import type { Dialect } from "../../core/index.ts";

/** `row` of facts about the whole file; the header has row 0, records their number. */
export const FILE_ROW = -1;

/** `position` of a rendering row that is about more than a cell; columns count from 0. */
export const POSITION = {
  /** The record's line end, where it is not the dialect's newline. */
  terminator: -1,
  /** Bytes before the record that belong to none: preamble, comments, blank lines. */
  before: -2,
  /** FILE_ROW: records end in a delimiter that opens no further column. */
  trailingDelimiter: -3,
  /** The whole record without its line end, where the plain rendering would differ. */
  record: -4,
  /** FILE_ROW: SHA-256 (hex) of the content before compression. */
  contentHash: -5,
} as const;

/** Which cells of a column stand in quotes: those that need it, all, or all but the empty ones. */
export type Quoting = "minimal" | "all" | "filled";

/** The dialect with the quoting rule of each column. */
export interface Layout {
  readonly dialect: Dialect;
  readonly quoting: readonly Quoting[];
  readonly trailingDelimiter: boolean;
}

/** A cell as the file would write it; `alone` says that its column is the only one. */
function renderCell(
  value: string | null,
  { delimiter, quote, escape }: Dialect,
  rule: Quoting,
  alone: boolean,
): string {
  const text = value ?? "";
  if (quote === "") return text;
  const wanted = rule === "all" || (rule === "filled" && text !== "") || (alone && text === "");
  if (!wanted && !needsQuotes(text, delimiter, quote)) return text;
  const inside =
    escape === quote || escape === ""
      ? text.replaceAll(quote, quote + quote)
      : text.replaceAll(escape, escape + escape).replaceAll(quote, escape + quote);
  return quote + inside + quote;
}

/** A record as the file would write it, without its line end. */
export function renderRecord(values: readonly (string | null)[], layout: Layout): string {
  const { dialect, quoting, trailingDelimiter } = layout;
  const alone = values.length === 1;
  const cells = values.map((value, i) =>
    renderCell(value, dialect, quoting[i] ?? "minimal", alone),
  );
  return cells.join(dialect.delimiter) + (trailingDelimiter ? dialect.delimiter : "");
}

function needsQuotes(text: string, delimiter: string, quote: string): boolean {
  // A reader that allows a blank after the delimiter splits at the delimiter's first character too.
  const split = delimiter.trim() || delimiter;
  return text.includes(split) || text.includes(quote) || text.includes("\n") || text.includes("\r");
}
