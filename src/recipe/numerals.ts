/** Numbers in SQL without floating point. */
import type { Sql } from "../core/index.ts";

/** RE2 pattern of a plain numeral: what `parse_number` writes. */
const NUMERAL = String.raw`[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)`;

/** A plain numeral as DECIMAL with `scale` places; NULL for other text and for what does not fit. */
export function decimalSql(text: Sql, width = 38, scale = 18): Sql {
  return `CASE WHEN regexp_full_match(${text}, '${NUMERAL}')
    THEN TRY_CAST(${text} AS DECIMAL(${width}, ${scale})) END`;
}

/** A number as a decimal literal, never in exponent form. */
export function decimalText(value: number): Sql {
  const text = String(value);
  if (!text.includes("e")) return text;
  const fixed = value.toFixed(20);
  return fixed.includes(".") ? fixed.replace(/\.?0+$/, "") : fixed;
}

/** A DECIMAL as text without trailing zeros. */
export function shortestSql(decimal: Sql): Sql {
  return `regexp_replace((${decimal})::VARCHAR, '\\.?0*$', '')`;
}
