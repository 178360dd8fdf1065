/** Whether a cell is of a kind, as SQL that is TRUE or FALSE for a filled cell and NULL for an empty one. */
import { literal, type Sql } from "../../core/index.ts";
import type { ColumnKind } from "../profiling/index.ts";

const INTEGER = String.raw`[+-]?\d+`;
const DECIMAL = String.raw`[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?`;
const EMAIL = String.raw`[^\s@,;]+@[^\s@,;]+\.[^\s@,;.]+`;
const URL = String.raw`(?i)(https?|ftp)://[^\s/?#]+\S*|www\.[^\s/?#]+\S*`;
const PHONE = String.raw`\+?[\d\s().\-/]{5,}(\s?(x|ext\.?)\s?\d+)?`;
/** Years first, as ISO 8601 writes them; the engine's own cast also takes "epoch" and "infinity". */
const DATED = String.raw`\d{4}-\d{1,2}-\d{1,2}.*`;

const of = (pattern: string) => (cell: Sql) => matches(cell, pattern);
const castable = (type: string) => (cell: Sql) =>
  `(${matches(cell, DATED)} AND TRY_CAST(${cell} AS ${type}) IS NOT NULL)`;

const typeChecks = {
  integer: of(INTEGER),
  decimal: of(DECIMAL),
  date: castable("DATE"),
  datetime: castable("TIMESTAMP"),
  boolean: of("(?i)true|false|yes|no|[tfyn01]"),
  email: of(EMAIL),
  url: of(URL),
};

/** A type that a constraint can ask for. */
export type ConstraintType = keyof typeof typeChecks;

/** Whether a filled cell is written as `type`: canonical numerals, ISO dates. */
export function typeCheck(type: ConstraintType, cell: Sql): Sql {
  return typeChecks[type](cell);
}

const numeric = of(String.raw`[^\d\p{L}]*\d[\d.,' ]*([eE][+-]?\d+)?[^\d\p{L}]*`);
const temporal = of(String.raw`.*\d.*`);

/** Kinds that a cell can miss; a cell of another kind fits in any case. */
const fits: Partial<Record<ColumnKind, (cell: Sql) => Sql>> = {
  integer: numeric,
  decimal: numeric,
  date: temporal,
  datetime: temporal,
  time: temporal,
  email: of(EMAIL),
  url: of(URL),
  phone: of(PHONE),
};

/** Whether a filled cell can be of a column's kind; generous where a kind is written in many ways. */
export function fitsKind(kind: ColumnKind, cell: Sql): Sql {
  return fits[kind]?.(cell) ?? `(${cell} IS NOT NULL)`;
}

function matches(cell: Sql, pattern: string): Sql {
  return `regexp_full_match(${cell}, ${literal(pattern)})`;
}
