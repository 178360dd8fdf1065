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

/** A type that a constraint can ask for. */
export type ConstraintType =
  | "integer"
  | "decimal"
  | "date"
  | "datetime"
  | "boolean"
  | "email"
  | "url";

/** Whether a filled cell is written as `type`: canonical numerals, ISO dates. */
export function typeCheck(type: ConstraintType, cell: Sql): Sql {
  switch (type) {
    case "integer":
      return matches(cell, INTEGER);
    case "decimal":
      return matches(cell, DECIMAL);
    case "date":
      return `(${matches(cell, DATED)} AND TRY_CAST(${cell} AS DATE) IS NOT NULL)`;
    case "datetime":
      return `(${matches(cell, DATED)} AND TRY_CAST(${cell} AS TIMESTAMP) IS NOT NULL)`;
    case "boolean":
      return matches(cell, "(?i)true|false|yes|no|[tfyn01]");
    case "email":
      return matches(cell, EMAIL);
    case "url":
      return matches(cell, URL);
  }
}

/** Whether a filled cell can be of a column's kind; generous where a kind is written in many ways. */
export function fitsKind(kind: ColumnKind, cell: Sql): Sql {
  switch (kind) {
    case "integer":
    case "decimal":
      return matches(cell, String.raw`[^\d\p{L}]*\d[\d.,' ]*([eE][+-]?\d+)?[^\d\p{L}]*`);
    case "date":
    case "datetime":
    case "time":
      return matches(cell, String.raw`.*\d.*`);
    case "email":
      return matches(cell, EMAIL);
    case "url":
      return matches(cell, URL);
    case "phone":
      return matches(cell, PHONE);
    case "empty":
    case "boolean":
    case "code":
    case "category":
    case "text":
      return `(${cell} IS NOT NULL)`;
  }
}

function matches(cell: Sql, pattern: string): Sql {
  return `regexp_full_match(${cell}, ${literal(pattern)})`;
}
