/**
 * Ways of writing as regular expressions that DuckDB (RE2) understands, so that a large column can be
 * counted where it lies.
 *
 * @module
 */
import { maskOf } from "./mask.ts";
import type { NumberBody, NumberReading } from "./number-reading.ts";
import type { ValueCount } from "./profile.ts";
import type { Reading } from "./reading.ts";
import type { TemporalReading } from "./temporal-reading.ts";

/** A way of writing that can be told by a pattern alone. */
export interface ValueShape {
  /** RE2, for the whole text. */
  readonly pattern: string;
  /** Lower ones are tried first: they are special cases of later ones. */
  readonly rank: number;
}

/** Rows written alike, to be counted by a pattern. */
export interface Bucket extends ValueShape {
  readonly reading: Reading;
  /** Values of the sample; the first tells the shape. */
  readonly values: ValueCount[];
}

/** The shape of a text with its exact lengths: codes and telephone numbers. */
export function exactShape(text: string): ValueShape {
  return { pattern: runs(text, (_, length) => `{${length}}`), rank: 2 };
}

/** The shape of a text as its mask has it. */
export function maskShape(text: string): ValueShape | null {
  return maskOf(text).endsWith("…") ? null : { pattern: runs(text, () => "+"), rank: 2 };
}

function runs(text: string, repeat: (character: string, length: number) => string): string {
  return text.replaceAll(
    /([0-9]+)|([A-Z]+)|([a-z]+)|\p{Nd}+|\p{Lu}+|[\p{L}\p{M}]+|[^\p{L}\p{M}\p{Nd}]/gu,
    (run, digits?: string, capitals?: string, letters?: string) => {
      const count = repeat(run, run.length);
      if (digits !== undefined) return `[0-9]${count}`;
      if (capitals !== undefined) return `[A-Z]${count}`;
      return letters === undefined ? escaped(run) : `[a-z]${count}`;
    },
  );
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, "\\$&");
}

/** Numbers written like this text, which was read so; null for what is left to be read one by one. */
function numberShape(text: string, reading: NumberReading): ValueShape | null {
  const { before, digits, after } = aroundDigits(text);
  const body = bodyPattern(reading, digits);
  return body && { ...body, pattern: escaped(before) + body.pattern + escaped(after) };
}

/** A number's text in three: its digits with their marks, and what stands before and after. */
export function aroundDigits(text: string): {
  readonly before: string;
  readonly digits: string;
  readonly after: string;
} {
  const found = /(?:\d|\.\d)(?:[\d.,]*\d)?/.exec(text);
  const [at, digits] = [found?.index ?? 0, found?.[0] ?? ""];
  return { before: text.slice(0, at), digits, after: text.slice(at + digits.length) };
}

function bodyPattern({ body }: NumberReading, digits: string): ValueShape | null {
  const { length } = digits;
  const shapes: Partial<Record<NumberBody, ValueShape>> = {
    zeros: { pattern: `0[0-9]{${length - 1}}`, rank: 0 },
    long: { pattern: `[0-9]{${length}}`, rank: 2 },
    whole: { pattern: `[0-9]{${length}}`, rank: 2 },
    "dot?": { pattern: "[1-9][0-9]{0,2}\\.[0-9]{3}", rank: 0 },
    "comma?": { pattern: "[1-9][0-9]{0,2},[0-9]{3}", rank: 0 },
    "comma.": grouped(digits, ",", "."),
    "dot,": grouped(digits, ".", ","),
    dot: { pattern: runs(digits, () => "+"), rank: 2 },
    comma: { pattern: runs(digits, () => "+"), rank: 2 },
  };
  return shapes[body] ?? null;
}

function grouped(digits: string, thousands: string, decimal: string): ValueShape {
  const [whole = "", fraction] = digits.split(decimal);
  const groups = whole.split(thousands).length - 1;
  const tail = fraction === undefined ? "" : `${escaped(decimal)}[0-9]+`;
  return { pattern: `[1-9][0-9]{0,2}(?:${escaped(thousands)}[0-9]{3}){${groups}}${tail}`, rank: 1 };
}

/** Parts of strptime formats that are digits; days above 28 are left to be read one by one. */
const DIGITS: Readonly<Record<string, string>> = {
  Y: "[0-9]{4}",
  y: "[0-9]{2}",
  m: "(?:0?[1-9]|1[0-2])",
  d: "(?:0?[1-9]|1[0-9]|2[0-8])",
  H: "(?:[01]?[0-9]|2[0-3])",
  I: "(?:0?[1-9]|1[0-2])",
  M: "[0-5][0-9]",
  S: "[0-5][0-9]",
  g: "[0-9]{3}",
  p: "[AaPp][Mm]",
};

const UNDECIDED = "(?:0?[1-9]|1[0-2])";
const AFTER_TWELVE = "(?:1[3-9]|2[0-8])";

/** Dates and times of the same format whose day is 28 or less; null where words or parts of seconds occur. */
function temporalShape(text: string, reading: TemporalReading): ValueShape | null {
  const [format = "", other] = reading.formats;
  const day = dayPattern(format, other !== undefined);
  let known = true;
  const pattern = format
    .split(/(%[A-Za-z])/)
    .map((part) => {
      if (!part.startsWith("%")) return escaped(part);
      if (part === "%d") return day;
      const digits = DIGITS[part.slice(1)];
      if (digits === undefined) known = false;
      return digits ?? "";
    })
    .join("");
  // `a.m.` stands for both halves of the day and is left to be read.
  return known && !/a\.m\./i.test(text) && !/[a-z]\.m\./i.test(format)
    ? { pattern, rank: 2 }
    : null;
}

function dayPattern(format: string, undecided: boolean): string {
  if (undecided) return UNDECIDED;
  const both = format.includes("%m") && !format.startsWith("%Y");
  return both ? AFTER_TWELVE : (DIGITS["d"] ?? "");
}

const EMAIL = '[^\\s@,;:<>()"]+@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*\\.[A-Za-z]{2,24}';

/** The shape by which values read so are counted; null for what is left to be read one by one. */
export function shapeFor(text: string, reading: Reading): ValueShape | null {
  if (reading.is === "number") return numberShape(text, reading);
  if ("formats" in reading) return temporalShape(text, reading);
  if (reading.is === "phone") return exactShape(text);
  return reading.is === "email" ? { pattern: EMAIL, rank: 2 } : null;
}
