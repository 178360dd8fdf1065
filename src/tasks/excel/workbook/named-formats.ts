/** What the cells of a column are meant to hold. */
export type ValueKind = "text" | "number" | "boolean" | "date" | "datetime";

/** What the cells of a column hold, and the number format code that shows it. */
export interface Look {
  readonly kind: ValueKind;
  readonly format: string;
}

/** Looks that have a name. */
export const NAMED_FORMATS = {
  text: { kind: "text", format: "@" },
  number: { kind: "number", format: "General" },
  integer: { kind: "number", format: "0" },
  date: { kind: "date", format: "yyyy-mm-dd" },
  datetime: { kind: "datetime", format: "yyyy-mm-dd hh:mm:ss" },
  boolean: { kind: "boolean", format: "General" },
  currency: { kind: "number", format: "#,##0.00" },
  percent: { kind: "number", format: "0.00%" },
} as const satisfies Record<string, Look>;

export function isNamedFormat(format: string): format is keyof typeof NAMED_FORMATS {
  return Object.hasOwn(NAMED_FORMATS, format);
}
