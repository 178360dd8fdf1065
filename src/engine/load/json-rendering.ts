import type { Column } from "../../core/index.ts";

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** A cell as JSON: a number, boolean or nested value where the column's type says so and the text is one. */
function jsonCell(value: string | null, sourceType: string | null): string {
  if (value === null) return "null";
  const numeric =
    sourceType !== null &&
    /^(U?(TINY|SMALL|BIG|HUGE)?INT|INTEGER|UINTEGER|DOUBLE|FLOAT|DECIMAL)/.test(sourceType);
  if (numeric && NUMBER.test(value)) return value;
  if (sourceType === "BOOLEAN" && (value === "true" || value === "false")) return value;
  if (sourceType !== null && /^JSON|\[|^STRUCT|^MAP/.test(sourceType) && isNested(value))
    return value;
  return JSON.stringify(value);
}

/** A row as a JSON object on one line. */
export function jsonObject(values: readonly (string | null)[], columns: readonly Column[]): string {
  const members = columns.map(
    ({ label, sourceType }, index) =>
      `${JSON.stringify(label)}:${jsonCell(values[index] ?? null, sourceType)}`,
  );
  return `{${members.join(",")}}`;
}

/** An object with what stands before it in the file, as this tool would write it. */
export function plainJson(
  values: readonly (string | null)[],
  columns: readonly Column[],
  inArray: boolean,
  first: boolean,
): string {
  return jsonGap(inArray, first) + jsonObject(values, columns);
}

/** What stands before an object: one line each. */
export function jsonGap(inArray: boolean, first: boolean): string {
  if (!inArray) return first ? "" : "\n";
  return first ? "[\n" : ",\n";
}

function isNested(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
