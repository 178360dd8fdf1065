import type { Json } from "../core/index.ts";

/** Whether plain data can stand in JSON as it is: of numbers, those that are finite. */
export function isJson(value: unknown): value is Json {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object") return false;
  return Array.isArray(value) ? value.every(isJson) : isJsonMap(value);
}

/** The same of a map. */
export function isJsonMap(map: object): map is { readonly [key: string]: Json } {
  for (const item of Object.values(map)) if (!isJson(item)) return false;
  return true;
}
