/** The language of a column: how its values are written, when they are written as they should be. */
import { literal, type Sql } from "../../core/index.ts";
import type { ColumnKind, ColumnProfile } from "../profiling/index.ts";

/** A shape or value rarer than this share of a column's filled cells is no habit. */
const RARE = 0.005;
/** A column has habits when this share of its cells follows them. */
const HABITUAL = 0.9;
/** In a column with at most this share of values that stand once, values are expected to recur. */
const MAX_SINGLETONS = 0.1;

/** Stray space, control and replacement characters, HTML entities, UTF-8 read as something else. */
const STRAY = String.raw`^[\s\p{Z}]|[\s\p{Z}]$|[\s\p{Z}]{2}|[\p{Cc}\x{FFFD}]|&(#\d+|#[xX][0-9A-Fa-f]+|[A-Za-z]{2,8});|Ã[\x{80}-\x{BF}]|â€`;
/** One way to write each number: no sign +, separator, unit or idle zero. */
const CANONICAL = String.raw`-?(0|[1-9]\d*)(\.\d*[1-9])?`;

const NUMERIC: ReadonlySet<ColumnKind> = new Set(["integer", "decimal"]);
const TEMPORAL: ReadonlySet<ColumnKind> = new Set(["date", "time", "datetime"]);
const WORDED: ReadonlySet<ColumnKind> = new Set(["boolean", "category", "text"]);
const FORMS: Partial<Record<ColumnKind, string>> = {
  email: String.raw`[^\s@,;]+@[^\s@,;]+\.[^\s@,;.]+`,
  url: String.raw`(?i)(https?|ftp)://\S+|www\.\S+`,
};

/**
 * A scalar SELECT that counts the cells written in the column's language.
 *
 * @param values - A relation of "v" (a filled value) and "n" (how many cells hold it).
 */
export function columnLanguage(profile: ColumnProfile | undefined, values: Sql): Sql {
  const kind = profile?.kind ?? "text";
  if (NUMERIC.has(kind)) return numeralsSql(values);
  if (TEMPORAL.has(kind)) return commonestSql(temporalShape('"v"'), values);
  return wordsSql(kind, profile, values);
}

/** Either each number has its one canonical form, or all have one layout: the same decimals, unit and signs. */
function numeralsSql(values: Sql): Sql {
  const canonical = `SELECT sum("n") FROM ${values} WHERE regexp_full_match("v", ${literal(CANONICAL)})`;
  const digits = `regexp_replace("v", '\\d', '9', 'g')`;
  const layout = `regexp_replace(${digits}, '^(\\D*)9+', '\\19')`;
  return `SELECT greatest(coalesce((${canonical}), 0), coalesce((${commonestSql(layout, values)}), 0))`;
}

function commonestSql(shape: Sql, values: Sql): Sql {
  return `SELECT max("n") FROM (SELECT sum("n") AS "n" FROM ${values} GROUP BY ${shape})`;
}

/** Years or longer digits apart from days and months; words of any letters. */
function temporalShape(value: Sql): Sql {
  const years = String.raw`regexp_replace(${value}, '\d{3,}', 'Y', 'g')`;
  const days = String.raw`regexp_replace(${years}, '\d+', '9', 'g')`;
  return String.raw`regexp_replace(${days}, '[\p{Ll}\p{Lt}\p{Lm}\p{Lo}A-XZ]+', 'a', 'g')`;
}

function wordsSql(kind: ColumnKind, profile: ColumnProfile | undefined, values: Sql): Sql {
  const conditions = [`NOT regexp_matches("v", ${literal(STRAY)})`];
  const form = FORMS[kind];
  if (form !== undefined) conditions.push(`regexp_full_match("v", ${literal(form)})`);
  if (profile && recurs(profile)) conditions.push(`"n" >= 2`);
  if (profile && hasHabits(profile)) conditions.push(`"common"`);
  if (WORDED.has(kind)) conditions.push(`"n" = "most"`);
  // Values that differ in case, accents and marks only are one value in several spellings.
  const key = String.raw`regexp_replace(lower(strip_accents("v")), '[^\p{L}\p{N}]+', '', 'g')`;
  const shape = String.raw`regexp_replace(regexp_replace("v", '\p{L}+', 'a', 'g'), '\d+', '9', 'g')`;
  return `SELECT sum("n") FROM (
    SELECT *, max("n") OVER (PARTITION BY "key") AS "most",
      sum("n") OVER (PARTITION BY "shape") >= ${RARE} * sum("n") OVER () AS "common"
    FROM (SELECT "v", "n", ${key} AS "key", ${shape} AS "shape" FROM ${values}))
    WHERE ${conditions.join(" AND ")}`;
}

/** Whether a column's values come back: a category, a name that stands in many rows. */
function recurs({ rows, nulls, singletons }: ColumnProfile): boolean {
  return rows > nulls && singletons <= (rows - nulls) * MAX_SINGLETONS;
}

/** Whether few shapes cover the column. */
function hasHabits({ rows, nulls, patterns }: ColumnProfile): boolean {
  const filled = rows - nulls;
  const common = patterns.filter(({ count }) => count >= filled * RARE);
  return common.reduce((sum, { count }) => sum + count, 0) >= filled * HABITUAL;
}
