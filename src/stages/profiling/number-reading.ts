/** Numbers as people write them. */

/** A text read as a number whose decimal mark may still be open. */
export interface NumberReading {
  readonly is: "number";
  /** Currency before the digits, as written, or "". */
  readonly prefix: string;
  /** `%`, a unit or a currency after the digits, as written, or "". */
  readonly suffix: string;
  /** In parentheses: a negative amount in accounts. */
  readonly parentheses: boolean;
  /** How the digits are grouped and split. */
  readonly body: NumberBody;
}

/**
 * - `whole`: digits only · `zeros`: digits only, the first a needless zero · `long`: more than 15 digits
 * - `dot`, `comma`: a decimal mark for certain · `dot?`, `comma?`: `1.234`, decimal mark or thousands
 * - `dot,`: dots for thousands, perhaps a decimal comma · `comma.`: the other way about
 * - `space`, `apostrophe`: thousands by these; `space,` and `apostrophe,` with a decimal comma
 * - `power`: scientific
 */
export type NumberBody =
  | "whole"
  | "zeros"
  | "long"
  | "dot"
  | "comma"
  | "dot?"
  | "comma?"
  | "dot,"
  | "comma."
  | "space"
  | "space,"
  | "apostrophe"
  | "apostrophe,"
  | "power";

/** Tried in order; the first that fits names the body. */
const BODIES: readonly (readonly [NumberBody, RegExp])[] = [
  ["zeros", /^0\d+$/],
  ["long", /^\d{16,}$/],
  ["whole", /^\d+$/],
  ["dot?", /^[1-9]\d{0,2}\.\d{3}$/],
  ["comma?", /^[1-9]\d{0,2},\d{3}$/],
  ["comma.", /^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/],
  ["dot,", /^[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?$/],
  ["dot", /^(?:\d+\.\d*|\.\d+)$/],
  ["comma", /^\d+,\d+$/],
  ["space,", /^[1-9]\d{0,2}(?:[ \u00a0\u202f\u2009]\d{3})+,\d+$/],
  ["space", /^[1-9]\d{0,2}(?:[ \u00a0\u202f\u2009]\d{3})+(?:\.\d+)?$/],
  ["apostrophe,", /^[1-9]\d{0,2}(?:['’]\d{3})+,\d+$/],
  ["apostrophe", /^[1-9]\d{0,2}(?:['’]\d{3})+(?:\.\d+)?$/],
  ["power", /^\d+(?:\.\d+)?[eE][-+]?\d{1,3}$/],
];

const CURRENCIES =
  "USD|EUR|GBP|JPY|CNY|CHF|CAD|AUD|NZD|INR|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|ZAR|SGD|HKD|KRW|TRY|ILS|RUB|Rs\\.?|R\\$|US\\$|CA\\$|A\\$";
const NUMBER = new RegExp(
  `^(\\()?([-+\\u2212])? ?(\\p{Sc}|${CURRENCIES})?[ \\u00a0]?([-+\\u2212])?` +
    "([.\\d](?:[\\d.,'’ \\u00a0\\u202f\\u2009]*\\d|\\.)?(?:[eE][-+]?\\d{1,3})?)" +
    '[ \\u00a0]?(%|[\\p{L}\\p{Sc}µ°"″′][^\\d()]{0,23})?(\\))?$',
  "u",
);

/** Read a trimmed text as a number; null when it is none. */
export function readNumber(text: string): NumberReading | null {
  const match = text.length > 60 ? null : NUMBER.exec(text);
  if (!match) return null;
  const [, open, sign, prefix = "", inner, digits = "", suffix = "", close] = match;
  if (!agree(open, close, sign, inner)) return null;
  const body = bodyOf(digits);
  const bare = body === "zeros" || body === "long";
  if (body === null || (bare && suffix !== "")) return null;
  return { is: "number", prefix, suffix: suffix.trimEnd(), parentheses: open !== undefined, body };
}

/** Both parentheses or none, and one way at most of saying that the number is negative. */
function agree(open?: string, close?: string, sign?: string, inner?: string): boolean {
  const signs = [open, sign, inner].filter((mark) => mark !== undefined);
  return (open === undefined) === (close === undefined) && signs.length <= 1;
}

/** A number without sign, currency, unit or several marks: most numbers of most tables. */
const PLAIN = /^\d+(?:[.,]\d+)?$/;

/** Readings of plain numbers, one for each body. */
const PLAIN_READINGS = new Map<NumberBody, NumberReading>(
  (["zeros", "long", "whole", "dot?", "dot", "comma?", "comma"] as const).map((body) => [
    body,
    { is: "number", prefix: "", suffix: "", parentheses: false, body },
  ]),
);

/** Read a text of digits with one decimal mark at most; null when it is another. */
export function readPlainNumber(text: string): NumberReading | null {
  if (text.length > 60 || !PLAIN.test(text)) return null;
  return PLAIN_READINGS.get(plainBody(text)) ?? null;
}

function plainBody(digits: string): NumberBody {
  const point = digits.indexOf(".");
  const mark = point < 0 ? digits.indexOf(",") : point;
  const starts = digits.charAt(0);
  if (mark < 0) {
    if (starts === "0" && digits.length > 1) return "zeros";
    return digits.length >= 16 ? "long" : "whole";
  }
  const open = starts !== "0" && mark <= 3 && digits.length - mark === 4;
  if (point < 0) return open ? "comma?" : "comma";
  return open ? "dot?" : "dot";
}

function bodyOf(digits: string): NumberBody | null {
  if (PLAIN.test(digits)) return plainBody(digits);
  return BODIES.find(([, pattern]) => pattern.test(digits))?.[0] ?? null;
}

const MARKS: Partial<Record<NumberBody, "." | ",">> = {
  dot: ".",
  "comma.": ".",
  power: ".",
  comma: ",",
  "dot,": ",",
  "space,": ",",
  "apostrophe,": ",",
};

/** The decimal mark that a body proves, or null when it fits both. */
export function decimalMarkOf(body: NumberBody): "." | "," | null {
  return MARKS[body] ?? null;
}

/** What a format of a number says, for those who must parse it. */
export interface NumberFormat {
  readonly decimal: "." | ",";
  /** The mark between thousands; null when there is none. */
  readonly thousands: "," | "." | " " | "'" | null;
  readonly percent: boolean;
  /** As written before the number, or "". */
  readonly currency: string;
  /** As written after the number, or "". */
  readonly unit: string;
  readonly parentheses: boolean;
}

/** How a reading is written once the column's decimal mark is known. */
export function numberFormatOf(reading: NumberReading, decimal: "." | ","): NumberFormat {
  const { body, prefix, suffix, parentheses } = reading;
  return {
    decimal: decimalMarkOf(body) ?? decimal,
    thousands: thousandsOf(body, decimal),
    percent: suffix === "%",
    currency: prefix,
    unit: suffix === "%" ? "" : suffix,
    parentheses,
  };
}

function thousandsOf(body: NumberBody, decimal: "." | ","): NumberFormat["thousands"] {
  if (body === "comma." || (body === "comma?" && decimal === ".")) return ",";
  if (body === "dot," || (body === "dot?" && decimal === ",")) return ".";
  if (body.startsWith("space")) return " ";
  return body.startsWith("apostrophe") ? "'" : null;
}

/**
 * A number format as the text that a profile holds: `number`, `number,thousands`, `number.thousands`,
 * `number thousands`, `number'thousands`, each with ` decimal,` where the decimal mark is a comma;
 * then ` %` or a space and the unit as written; the currency and a space before it; in parentheses
 * where those mean a negative number.
 */
export function writeNumberFormat(format: NumberFormat): string {
  const thousands = format.thousands === null ? "" : `${format.thousands}thousands`;
  const decimal = format.decimal === "," ? " decimal," : "";
  const before = format.currency === "" ? "" : `${format.currency} `;
  const after = format.percent ? " %" : format.unit && ` ${format.unit}`;
  const text = `${before}number${thousands}${decimal}${after}`;
  return format.parentheses ? `(${text})` : text;
}

const THOUSANDS = [",", ".", " ", "'"] as const;
const FORMAT = /^(\()?(?:(.+?) )?number(?:([,. '])thousands)?( decimal,)?(?: (.+?))?(\))?$/;

/** The meaning of a number format's text; null when it is not one. */
export function readNumberFormat(text: string): NumberFormat | null {
  const match = FORMAT.exec(text);
  if (!match) return null;
  const [, open, currency = "", thousands, decimal, after = ""] = match;
  return {
    decimal: decimal === undefined ? "." : ",",
    thousands: THOUSANDS.find((mark) => mark === thousands) ?? null,
    percent: after === "%",
    currency,
    unit: after === "%" ? "" : after,
    parentheses: open !== undefined,
  };
}

/** The value of a text that {@link readNumber} accepts, in its own unit; null when it is too great for a number. */
export function numberValue(text: string, decimal: "." | ","): number | null {
  if (decimal === "." && /^\d+(?:\.\d+)?$/.test(text)) return Number(text);
  const negative = /^\(|^[^\d]*[-\u2212]/.test(text);
  const digits = /[.\d](?:[\d.,'’ \u00a0\u202f\u2009]*\d|\.)?(?:[eE][-+]?\d{1,3})?/.exec(text)?.[0];
  const body = bodyOf(digits ?? "");
  if (digits === undefined || body === null) return null;
  const mark = decimalMarkOf(body) ?? decimal;
  const plain = digits
    .replaceAll(mark === "." ? /[,'’ \u00a0\u202f\u2009]/g : /[.'’ \u00a0\u202f\u2009]/g, "")
    .replace(",", ".");
  const value = Number(plain);
  if (!Number.isFinite(value)) return null;
  return negative && value !== 0 ? -value : value;
}
