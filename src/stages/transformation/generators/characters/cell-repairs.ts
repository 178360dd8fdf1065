/** Stray characters inside one cell: what each repair looks for and what it makes of a text. */
import { literal, type Sql } from "../../../../core/index.ts";
import type { Proposal } from "../../generator.ts";
import { withoutMojibake } from "./mojibake.ts";

/** One kind of stray character. */
export interface CellRepair {
  readonly operation: string;
  readonly args: Proposal["step"]["args"];
  readonly guard?: string;
  readonly confidence: number;
  /** What is wrong, as part of a sentence: `white space at their ends`. */
  readonly what: string;
  /** SQL condition over `value` for cells worth a look. */
  readonly matching: Sql;
  /** The text after the repair; the same text when there is nothing to repair. */
  repair(text: string): string;
  /** A text that proves the mistake; without one in a column nothing is repaired there. */
  readonly shows?: (text: string) => boolean;
  /** A text that shows that the column means these characters; the column is then left alone. */
  readonly means?: (text: string) => boolean;
}

const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};
const ENTITY = /&(?:#(\d{2,7})|#x([0-9a-f]{2,6})|(amp|lt|gt|quot|apos|nbsp));/gi;

function unescapeEntities(text: string): string {
  return text.replaceAll(ENTITY, (entity, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? entity;
    const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
    const valid = code >= 0x20 && code <= 0x10_ffff && !(code >= 0xd800 && code <= 0xdfff);
    return valid ? String.fromCodePoint(code) : entity;
  });
}

/** White space of all kinds, as `trim` has it. */
const SPACE = String.raw`[\t\n\v\f\r\x{1C}-\x{1F}\x{85}\p{Z}]`;
/** Control characters apart from tab and line ends, and marks without width; joiners carry meaning in some scripts. */
const INVISIBLE = String.raw`[\x00-\x08\x0E-\x1B\x7F\x{200B}\x{2060}\x{FEFF}]`;
const INVISIBLE_HERE = new RegExp(INVISIBLE.replaceAll(/\\x\{(\w+)\}/g, "\\u{$1}"), "gu");

/** In the order in which they run. */
export const CELL_REPAIRS: readonly CellRepair[] = [
  {
    operation: "fix_mojibake",
    args: {},
    guard: String.raw`(?s).*[\x{C2}-\x{F4}][\x{80}-\x{BF}\x{152}-\x{178}\x{192}\x{2C6}\x{2DC}\x{2013}-\x{203A}\x{20AC}\x{2122}\x{17D}\x{17E}\x{160}\x{161}].*`,
    confidence: 0.96,
    what: "letters of UTF-8 that were read as Windows-1252",
    matching: String.raw`regexp_matches(value, '[\x{C2}-\x{F4}][^\x00-\x7F]')`,
    repair: (text) => withoutMojibake(text) ?? text,
  },
  {
    operation: "strip_pattern",
    args: { pattern: INVISIBLE },
    confidence: 0.96,
    what: "control characters or marks without width",
    matching: `regexp_matches(value, '${INVISIBLE}')`,
    repair: (text) => text.replaceAll(INVISIBLE_HERE, ""),
  },
  {
    operation: "replace_pattern",
    args: { pattern: String.raw`[\x{A0}\x{202F}\x{2007}]`, replacement: " " },
    confidence: 0.95,
    what: "no-break spaces",
    matching: String.raw`regexp_matches(value, '[\x{A0}\x{202F}\x{2007}]')`,
    repair: (text) => text.replaceAll(/[\u00A0\u202F\u2007]/g, " "),
  },
  {
    operation: "trim",
    args: {},
    confidence: 0.97,
    what: "white space at their ends",
    matching: `regexp_matches(value, '^${SPACE}|${SPACE}$') AND NOT regexp_full_match(value, '${SPACE}*')`,
    repair: (text) => text.trim(),
  },
  {
    operation: "unescape_html",
    args: {},
    confidence: 0.95,
    what: "characters written as HTML entities",
    matching: `regexp_matches(value, '&(#[0-9]{2,7}|#[xX][0-9a-fA-F]{2,6}|(?i:amp|lt|gt|quot|apos|nbsp));')`,
    repair: unescapeEntities,
    // Markup keeps its entities; doubly escaped text would need to know how often.
    means: (text) => /<\/?[a-z][^>]*>/i.test(text) || /&amp;#?\w+;/i.test(text),
  },
  {
    operation: "replace_pattern",
    args: { pattern: "'{2,}", replacement: "'" },
    guard: String.raw`(?s).*\p{L}''.*`,
    confidence: 0.95,
    what: "apostrophes doubled by an escape",
    matching: `contains(value, ${literal("''")})`,
    repair: (text) => (/\p{L}''/u.test(text) ? text.replaceAll(/'{2,}/g, "'") : text),
    shows: (text) => /\p{L}''\p{L}/u.test(text),
    // Two apostrophes as an opening quotation mark.
    means: (text) => /(?:^|[^\p{L}])''\p{L}/u.test(text),
  },
  {
    operation: "replace_pattern",
    args: { pattern: String.raw`\\+(['"])`, replacement: String.raw`\1` },
    guard: String.raw`(?s).*\p{L}\\+['"].*`,
    confidence: 0.95,
    what: "quotation marks behind a backslash",
    matching: String.raw`regexp_matches(value, '\\[''"]')`,
    repair: (text) => (/\p{L}\\+['"]/u.test(text) ? text.replaceAll(/\\+(['"])/g, "$1") : text),
    // Program text or JSON.
    means: (text) => /^\s*["{[]/.test(text),
  },
];
