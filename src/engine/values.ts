/** DuckDB values as plain JavaScript values that structured clone and JSON can carry. */
import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBListValue,
  DuckDBStructValue,
  type DuckDBResultReader,
  type DuckDBValue,
} from "@duckdb/node-api";

/** All rows of a result: integers as numbers while they are safe, blobs as bytes, dates and decimals as text. */
export function plainRows(reader: DuckDBResultReader): Record<string, unknown>[] {
  return reader
    .getRowObjects()
    .map((row) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plain(value)])),
    );
}

function plain(value: DuckDBValue): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  // Infinity and NaN would turn into null in the first checkpoint; better here, where it is visible.
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) {
    return value.items.map((item) => plain(item));
  }
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([k, v]) => [k, plain(v)]));
  }
  if (value instanceof DuckDBBlobValue) return value.bytes;
  return value.toString();
}
