import { z } from "zod";
import { literal, type Sql } from "../../core/index.ts";
import { operation } from "../operation.ts";
import { WINDOWS_1252 } from "../windows-1252.ts";
import { quoted } from "../words.ts";

/** Text that was escaped more often than this stays partly escaped. */
const ROUNDS = 3;

/** Names of U+00A0 to U+00FF in HTML 4, in order. */
const LATIN_1 = [
  "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr",
  "deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest",
  "Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml",
  "ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig",
  "agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml",
  "eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml",
].flatMap((line) => line.split(" "));

const OTHERS: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  hellip: "…",
  ndash: "–",
  mdash: "—",
  lsquo: "‘",
  rsquo: "’",
  sbquo: "‚",
  ldquo: "“",
  rdquo: "”",
  bdquo: "„",
  bull: "•",
  euro: "€",
  trade: "™",
  OElig: "Œ",
  oelig: "œ",
  Scaron: "Š",
  scaron: "š",
};

/** Writes HTML entities as the characters they stand for. */
export const unescapeHtml = operation({
  name: "unescape_html",
  title: "Write HTML entities as characters",
  args: z.strictObject({}),
  scope: "cell",
  reversible: "yes, by the change log",
  example: { columns: ["title"], args: {} },
  sentence: ({ columns }) =>
    `Writes HTML entities in ${quoted(columns)} as the characters they stand for`,
  cell: () => ({ stages: Array.from({ length: ROUNDS }, () => unescaped) }),
});

const PIECES = "&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z0-9]{2,8});|[^&]+|&";

function unescaped(v: Sql): Sql {
  const names = [
    ...LATIN_1.map((name) => `&${name};`),
    ...Object.keys(OTHERS).map((name) => `&${name};`),
  ];
  const letters = [
    ...LATIN_1.map((_, i) => String.fromCodePoint(0xa0 + i)),
    ...Object.values(OTHERS),
  ];
  const named = `list_extract([${letters.map((letter) => literal(letter)).join(", ")}],
    list_position([${names.map((name) => literal(name)).join(", ")}], e))`;
  const code = `CASE WHEN e[3] IN ('x', 'X') THEN TRY_CAST('0x' || e[4:-2] AS INTEGER)
    ELSE TRY_CAST(e[3:-2] AS INTEGER) END`;
  const piece = `CASE WHEN e[1] <> '&' THEN e
    WHEN e[2] = '#' THEN coalesce(${letterOf(`(${code})`)}, e) ELSE coalesce(${named}, e) END`;
  return `CASE WHEN contains(${v}, '&') AND contains(${v}, ';') THEN array_to_string(
    list_transform(regexp_extract_all(${v}, '${PIECES}'), lambda e: ${piece}), '') ELSE ${v} END`;
}

/** The character of a code; 128 to 159 are read as windows-1252, as browsers do. */
function letterOf(code: Sql): Sql {
  return `CASE WHEN ${code} BETWEEN 128 AND 159 THEN substr(${literal(WINDOWS_1252)}, ${code} - 127, 1)
    WHEN ${code} BETWEEN 1 AND 1114111 AND ${code} NOT BETWEEN 55296 AND 57343 THEN chr(${code}) END`;
}
