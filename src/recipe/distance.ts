/** Edit distance in SQL that counts characters; the engine's own counts bytes. */
import type { Sql } from "../core/index.ts";

/** Control characters that stand for the characters beyond ASCII: one byte each. */
const STAND_INS = [...Array(31).keys()]
  .map((i) => i + 1)
  .filter((code) => code < 9 || code > 13)
  .map((code) => `chr(${code})`);

/**
 * Damerau-Levenshtein distance (optimal string alignment as the engine has it) in characters
 * between two texts; NULL when they hold more than 26 different characters beyond ASCII.
 */
export function damerauSql(a: Sql, b: Sql): Sql {
  const foreign = `regexp_replace(${a} || ${b}, '[\\x00-\\x7F]', '', 'g')`;
  const letters = `array_to_string(list_distinct(string_split(${foreign}, '')), '')`;
  const standIns = STAND_INS.join(" || ");
  const narrow = (text: Sql) => `translate(${text}, ${letters}, ${standIns})`;
  return `CASE WHEN strlen(${a}) = length(${a}) AND strlen(${b}) = length(${b})
      THEN damerau_levenshtein(${a}, ${b})
    WHEN length(${letters}) <= ${STAND_INS.length}
      THEN damerau_levenshtein(${narrow(a)}, ${narrow(b)}) END`;
}
