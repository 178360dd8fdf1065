import { z } from "zod";
import { literal, type Sql } from "../../core/index.ts";
import { operation } from "../operation.ts";
import { WINDOWS_1252 } from "../windows-1252.ts";
import { quoted } from "../words.ts";

/** Text that was decoded wrongly more often than this stays partly wrong. */
const ROUNDS = 3;

/** Undoes the reading of UTF-8 as windows-1252 or latin-1: “GÃ¶del” becomes “Gödel”. */
export const fixMojibake = operation({
  name: "fix_mojibake",
  title: "Mend UTF-8 that was read as windows-1252 or latin-1",
  args: z.strictObject({}),
  scope: "cell",
  reversible: "yes, by the change log",
  example: { columns: ["author"], args: {} },
  sentence: ({ columns }) =>
    `Mends letters of ${quoted(columns)} that were read in a wrong encoding`,
  cell: () => ({ stages: Array.from({ length: ROUNDS }, () => decoded) }),
});

/** The cell's letters as single bytes, read as UTF-8; the cell itself when that is not valid UTF-8. */
function decoded(v: Sql): Sql {
  const high = literal(WINDOWS_1252);
  const byte = `CASE WHEN unicode(c) < 256 THEN printf('%02X', unicode(c))
    WHEN instr(${high}, c) > 0 THEN printf('%02X', 127 + instr(${high}, c)) ELSE '?' END`;
  const bytes = `array_to_string(list_transform(string_split(${v}, ''), lambda c: ${byte}), '')`;
  const read = `TRY(decode(unhex(${bytes})))`;
  // A first byte of two to four, then a following byte: else there is nothing to mend.
  const trace = `[\\x{C2}-\\x{F4}][\\x{80}-\\x{BF}${WINDOWS_1252.replaceAll(/[\u{80}-\u{9f}]/gu, "")}]`;
  return `CASE WHEN strlen(${v}) > length(${v}) AND regexp_matches(${v}, ${literal(trace)})
    AND length(${read}) < length(${v}) THEN ${read} ELSE ${v} END`;
}
