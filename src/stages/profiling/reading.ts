/** What a single text can be, before its column decides. */
import {
  type NumberBody,
  type NumberReading,
  readNumber,
  readPlainNumber,
} from "./number-reading.ts";
import { readTemporal, type TemporalReading } from "./temporal-reading.ts";

/** A text that is neither number nor date. */
export interface PlainReading {
  readonly is: "boolean" | "email" | "phone" | "url" | "other";
}

export type Reading = NumberReading | TemporalReading | PlainReading;

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["false", false],
  ["yes", true],
  ["no", false],
  ["y", true],
  ["n", false],
  ["1", true],
  ["0", false],
]);

const EMAIL = /^[^\s@,;:<>()"]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24}$/i;
const ADDRESS = /^(?:(?:https?|ftp):\/\/|www\.)[^\s/?#]+\.[^\s/?#]{2,}(?:[/?#]\S*)?$/i;
const PHONES: readonly RegExp[] = [
  /^\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d+(?:[ .\-/]\d+)*(?: ?(?:x|ext\.?) ?\d{1,6})?$/i,
  /^(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[-. /])\d{3}[-. ]\d{4}(?: ?(?:x|ext\.?) ?\d{1,6})?$/i,
  /^\d{3}[-.]\d{4}$/,
  /^\(?0\d{1,4}\)?(?:[ /-]\d{2,}){1,5}$/,
];

/** Read a trimmed, filled text. */
export function readingOf(text: string): Reading {
  const first = text.charCodeAt(0);
  // Most texts of a table start with a letter: neither number nor numeric date nor phone.
  if (isLetter(first)) return readWord(text);
  const plain = readPlainNumber(text);
  if (plain) return plain;
  const temporal = readTemporal(text);
  if (temporal) return temporal;
  const number = readNumber(text);
  if (number) return number;
  if (isPhone(text)) return { is: "phone" };
  return text.includes("@") && EMAIL.test(text) ? EMAILED : OTHER;
}

const BOOLEAN: PlainReading = { is: "boolean" };
const EMAILED: PlainReading = { is: "email" };
const OTHER: PlainReading = { is: "other" };

function readWord(text: string): Reading {
  if (text.length <= 5 && BOOLEANS.has(text.toLowerCase())) return BOOLEAN;
  if (text.includes("@")) return EMAIL.test(text) ? EMAILED : OTHER;
  if (ADDRESS.test(text)) return { is: "url" };
  if (/\d$/.test(text)) return readTemporal(text) ?? readNumber(text) ?? OTHER;
  return /\d/.test(text) ? (readTemporal(text) ?? OTHER) : OTHER;
}

/** The truth that a spelling stands for; null when it is none. */
export function booleanOf(text: string): boolean | null {
  return BOOLEANS.get(text.trim().toLowerCase()) ?? null;
}

function isPhone(text: string): boolean {
  if (text.length < 7 || text.length > 30) return false;
  if (!PHONES.some((pattern) => pattern.test(text))) return false;
  const digits = text.replaceAll(/(?:x|ext).*$/gi, "").replaceAll(/\D/g, "").length;
  return digits >= 7 && digits <= 15;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

/** Texts at hand are found faster than texts put together. */
const BARE_SIGNATURES: Readonly<Record<NumberBody, string>> = {
  whole: "number||whole||",
  zeros: "number||zeros||",
  long: "number||long||",
  dot: "number||dot||",
  comma: "number||comma||",
  "dot?": "number||dot?||",
  "comma?": "number||comma?||",
  "dot,": "number||dot,||",
  "comma.": "number||comma.||",
  space: "number||space||",
  "space,": "number||space,||",
  apostrophe: "number||apostrophe||",
  "apostrophe,": "number||apostrophe,||",
  power: "number||power||",
};

/** Readings of one signature are written alike. */
export function signatureOf(reading: Reading): string {
  if (reading.is === "number") {
    const { prefix, body, suffix, parentheses } = reading;
    if (prefix === "" && suffix === "" && !parentheses) return BARE_SIGNATURES[body];
    return `number|${prefix}|${body}|${suffix}|${parentheses ? "()" : ""}`;
  }
  return "formats" in reading ? `${reading.is}|${reading.formats.join("|")}` : reading.is;
}
