/** Values of a table, which are text, as what a cell holds. */
import type { Cell, ValueKind } from "../workbook/index.ts";
import { dayNumber } from "./day-number.ts";

/** Digits that a program keeps of a number somebody types. */
const TYPED_DIGITS = 15;
const NUMBER = /^([-+]?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?(%?)$/;

/**
 * A value as a cell of its kind; undefined when it is none, or would not come back as it was.
 *
 * @param timeZone IANA name; a time that names its own zone is told in this one
 */
export function cellOf(value: string, kind: ValueKind, timeZone: string): Cell | undefined {
  switch (kind) {
    case "text":
      return value;
    case "number":
      return numberOf(value);
    case "boolean":
      return booleanOf(value);
    case "date":
    case "datetime":
      return dayNumber(value, kind, timeZone);
    default:
      return kind satisfies never;
  }
}

/** Exact, or not at all: an id of twenty digits is not a number. */
function numberOf(value: string): number | undefined {
  const match = NUMBER.exec(value.trim());
  if (!match) return undefined;
  const [, sign = "", whole = "", decimals = "", exponent = "0", percent = ""] = match;
  const power = Number(exponent) - (percent === "" ? 0 : 2);
  const number = Number(`${sign}${whole}.${decimals}0e${power}`);
  const digits = significant(whole + decimals);
  return isExact(number, digits) && !(number === 0 && sign === "-") ? number : undefined;
}

/** More digits than a program keeps may do, if they are just what it takes to write the number. */
function isExact(number: number, digits: string): boolean {
  if (!Number.isFinite(number)) return false;
  return digits.length <= TYPED_DIGITS || digits === significant(plainDigits(number));
}

function significant(digits: string): string {
  return digits.replace(/^0+/, "").replace(/0+$/, "");
}

/** Digits of the shortest spelling, without sign, point and exponent. */
function plainDigits(number: number): string {
  return String(Math.abs(number)).replace(/e.*$/, "").replace(".", "");
}

function booleanOf(value: string): boolean | undefined {
  const text = value.trim().toLowerCase();
  if (text === "true") return true;
  return text === "false" ? false : undefined;
}
