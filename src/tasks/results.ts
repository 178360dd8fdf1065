import { type Json, masked, WranglerError } from "../core/index.ts";
import type { TaskResults } from "../orchestration/index.ts";

/**
 * What a task gave back, as plain JSON of its own: a map, or nothing at all, which is an empty map.
 * Entries of a map that are undefined are left out, as JSON has it. Everything else that JSON would
 * bend without a word is refused: bigint, NaN and infinities, dates, functions, symbols, instances
 * of classes, circles, and undefined or nothing as an element of a list.
 *
 * It is what is kept and shown: secrets in it are masked.
 *
 * @param at what the value is, such as `Task "report"`; the start of the path in an error
 * @throws {WranglerError} RESULT_INVALID, with the path of the offending value
 */
export function checkedResults(value: unknown, at: string): TaskResults {
  if (value === undefined) return {};
  if (!isPlainMap(value)) throw invalid(at, "expected a map of results", value);
  return checkedMap(value, at, []);
}

/** One value as plain JSON, by the rules of {@link checkedResults}. */
export function checkedJson(value: unknown, at: string): Json {
  return checked(value, at, []);
}

/** @param above the maps and lists that hold this value, to find circles by */
function checked(value: unknown, at: string, above: readonly object[]): Json {
  if (typeof value === "string") return masked(value);
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw invalid(at, "expected a finite number", value);
    return value;
  }
  if (typeof value === "object") {
    if (above.includes(value)) throw invalid(at, "it holds itself");
    if (Array.isArray(value)) return checkedList(value, at, above);
    if (isPlainMap(value)) return checkedMap(value, at, above);
  }
  throw invalid(at, "expected plain JSON", value);
}

function checkedList(list: readonly unknown[], at: string, above: readonly object[]): Json {
  // Array.from visits the holes of a list too, where map would pass them by.
  return Array.from(list, (element, i) => checked(element, `${at}[${i}]`, [...above, list]));
}

function checkedMap(
  map: Readonly<Record<string, unknown>>,
  at: string,
  above: readonly object[],
): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(map)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [masked(key), checked(value, `${at}.${key}`, [...above, map])]),
  );
}

/** A map as JSON knows it. A module loaded into another realm has an `Object` of its own. */
function isPlainMap(value: unknown): value is Record<string, unknown> {
  if (Object.prototype.toString.call(value) !== "[object Object]") return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function invalid(at: string, expected: string, ...came: readonly unknown[]): WranglerError {
  const reason = came.length > 0 ? `${expected}, but it is ${named(came[0])}` : expected;
  return new WranglerError("RESULT_INVALID", `${at}: ${reason}.`, { at });
}

function named(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  if (Array.isArray(value)) return "a list";
  const prototype: unknown = Object.getPrototypeOf(value);
  const maker: unknown =
    typeof prototype === "object" && prototype !== null
      ? Reflect.get(prototype, "constructor")
      : {};
  return typeof maker === "function" ? `a ${maker.name}` : "a map";
}
