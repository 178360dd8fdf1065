/** Grammar of written numbers with their decorations. */

/** A number as written, taken apart. */
export interface Numeral {
  readonly negative: boolean;
  /** `(12.50)` for a negative number. */
  readonly parentheses: boolean;
  /** Currency sign or code, "" when there is none. */
  readonly currency: string;
  /** Digits with their separators: `1.234,56`. */
  readonly body: string;
  readonly percent: boolean;
  /** What stands behind the digits, as written and trimmed: `oz.`; "" when nothing does. */
  readonly unit: string;
}

/** What a separator between digits means in a column. */
export interface Separators {
  readonly decimal: "." | ",";
  readonly thousands?: "," | "." | " " | "'";
}

const CURRENCY = "[$€£¥₹₽₩]|(?:USD|EUR|GBP|CHF|JPY|CAD|AUD|SEK|NOK|DKK|PLN|CZK|INR|CNY)\\b";
const NUMERAL = new RegExp(
  "^(?<open>\\()?\\s*(?<sign>[+−-])?\\s*(?<before>" +
    CURRENCY +
    ")?\\s*(?<inner>[+−-])?" +
    "(?<body>\\d+(?:[.,' ]\\d+)*|[.,]\\d+)\\s*" +
    "(?:(?<percent>%)|(?<after>" +
    CURRENCY +
    ")|(?<unit>[\\p{L}µ°\"'′″][^\\d]{0,29}[23]?))?\\s*(?<close>\\))?$",
  "u",
);

/** Take a text apart as a number; undefined when it is none. */
export function readNumeral(text: string): Numeral | undefined {
  const groups = NUMERAL.exec(text.trim())?.groups;
  if (!groups) return undefined;
  const group = (name: string) => groups[name] ?? "";
  const parentheses = group("open") !== "";
  const sign = group("sign") + group("inner");
  const broken = parentheses ? sign !== "" : sign.length > 1;
  if (broken || parentheses !== (group("close") !== "")) return undefined;
  return {
    negative: parentheses || sign === "-" || sign === "−",
    parentheses,
    currency: group("before") || group("after"),
    body: group("body"),
    percent: group("percent") !== "",
    unit: group("unit").trim(),
  };
}

/** `1,234.50` with known separators as `1234.50`; undefined when it does not follow them. */
export function plainBody(body: string, { decimal, thousands }: Separators): string | undefined {
  const [whole = "", fraction, ...more] = body.split(decimal);
  if (more.length > 0 || (fraction !== undefined && !/^\d+$/.test(fraction))) return undefined;
  const digits = ungrouped(whole, thousands);
  if (digits === undefined || (digits === "" && fraction === undefined)) return undefined;
  return (digits === "" ? "0" : digits) + (fraction === undefined ? "" : `.${fraction}`);
}

/** Whole digits without the separators between groups of three. */
function ungrouped(whole: string, thousands: Separators["thousands"]): string | undefined {
  if (/^\d*$/.test(whole)) return whole;
  if (thousands === undefined) return undefined;
  const [head = "", ...groups] = whole.split(thousands);
  const fits = /^\d{1,3}$/.test(head) && groups.every((group) => /^\d{3}$/.test(group));
  return fits ? head + groups.join("") : undefined;
}

/** Shortest form of a plain numeral: no trailing zeros after the point, no `-0`. */
export function shortest(plain: string): string {
  const cut = plain.includes(".") ? plain.replace(/\.?0+$/, "") : plain;
  return /^-0*(?:\.0*)?$/.test(cut) ? "0" : cut;
}

/** A plain numeral moved by `places` decimal places to the left, exactly. */
export function shiftLeft(plain: string, places: number): string {
  const sign = plain.startsWith("-") ? "-" : "";
  const [whole = "", fraction = ""] = plain.slice(sign.length).split(".");
  const digits = whole.padStart(places + 1, "0");
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}${fraction}`;
}

/** Digits after the point. */
export function fractionDigits(plain: string): number {
  const point = plain.indexOf(".");
  return point < 0 ? 0 : plain.length - point - 1;
}

/** A code rather than a quantity: a leading zero before another digit. */
export function hasLeadingZero(body: string): boolean {
  return /^0\d/.test(body);
}

/** Digits that binary floating point leaves behind. */
const NOISE_DIGITS = 8;
/** Digits after the point that are enough for the number meant, and fewer than noise has by this much. */
const NOISE_GAP = 5;

/**
 * The short decimal that a noisy one stands for (`0.055999999999999994` → `0.056`); undefined when
 * the text is not noise: fewer than eight decimals, or no short decimal near it.
 */
export function withoutNoise(plain: string): string | undefined {
  const digits = fractionDigits(plain);
  if (digits < NOISE_DIGITS) return undefined;
  const [, run] = /\.(\d*?)(?:0{5,}|9{5,})\d{0,3}$/.exec(plain) ?? [];
  if (run === undefined || digits - run.length < NOISE_GAP) return undefined;
  const rounded = shortest(Number(plain).toFixed(run.length));
  return fractionDigits(rounded) <= run.length ? rounded : undefined;
}
