const NUMBER = /^[+-]?[$€£¥]? ?[+-]?(\d{1,3}([,. ']\d{3})+|\d+)?([.,]\d+)?([eE][+-]?\d+)? ?%?$/;
const DATE =
  /^\d{1,4}([-/.])\d{1,2}\1\d{1,4}([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp][Mm])?(Z|[+-]\d{2}:?\d{2})?)?$/;
const TIME = /^\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp][Mm])?$/;
const LINK = /^([\w.+-]+@[\w-]+\.[\w.]+|https?:\/\/\S+|www\.\S+)$/;
const CODE = /^[A-Za-z]{0,4}[-_ ]?\d[\w-]*$/;
/** Names, words, short phrases: text without the characters that separate fields. */
const WORDS = /^[\p{L}\p{N}][\p{L}\p{N} ._'’()/&+%@-]*$/u;
const MISSING = /^(|n\/?a|null|none|nan|-|\?)$/i;

/** What a cell looks like: how a person tells data from headings and cells from scraps of them. */
export type CellKind = "empty" | "number" | "date" | "time" | "link" | "code" | "words" | "other";

/** The kind of one cell, quotes already off. */
export function kindOfCell(cell: string): CellKind {
  const text = cell.trim();
  if (MISSING.test(text)) return "empty";
  if (text.length > 200) return "other";
  if (/\d/.test(text)) {
    if (NUMBER.test(text)) return "number";
    if (DATE.test(text)) return "date";
    if (TIME.test(text)) return "time";
    if (CODE.test(text)) return "code";
  }
  if (LINK.test(text)) return "link";
  return WORDS.test(text) ? "words" : "other";
}

/** Kinds that a heading seldom has. */
export function isTyped(kind: CellKind): boolean {
  return kind === "number" || kind === "date" || kind === "time" || kind === "link";
}
