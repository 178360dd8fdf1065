import { z } from "zod";

/** What may stand in state, recipes and artifacts: plain JSON, nothing that a checkpoint would bend. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

export const Json: z.ZodType<Json> = z.json();

/**
 * JSON with its keys in sorted order, so that equal values have equal text.
 * Two-space indent and a final newline: artifacts are read by people too.
 */
export function stableJson(value: unknown): string {
  return `${JSON.stringify(value, sortKeys, 2)}\n`;
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
