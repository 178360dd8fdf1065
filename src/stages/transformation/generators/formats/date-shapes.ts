/** Written dates: their shapes, what the fields mean, and the engine's format for each. */

/** One way of writing a date. */
export interface DateShape {
  readonly name: string;
  readonly pattern: RegExp;
  /** What the groups of the pattern are, in order. */
  readonly fields: readonly ("y" | "m" | "d" | "mon" | "month" | "n1" | "n2")[];
  /** Format for reading and writing; `n1`/`n2` shapes have one for each order. */
  readonly format: (order: FieldOrder, sample: string) => string;
}

/** Which of two numbers before the year is the day. */
export type FieldOrder = "day-first" | "month-first";

const MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];

const MON = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)";
const MONTH = `(${MONTHS.join("|")})`;

function numeric(separator: string, name: string): DateShape {
  const s = separator === "." ? "\\." : separator;
  return {
    name,
    pattern: new RegExp(`^(\\d{1,2})${s}(\\d{1,2})${s}(\\d{4})$`),
    fields: ["n1", "n2", "y"],
    format(order, sample) {
      const padded = new RegExp(`^\\d\\d${s}\\d\\d`).test(sample);
      const [d, m] = padded ? ["%d", "%m"] : ["%-d", "%-m"];
      const parts = order === "day-first" ? [d, m] : [m, d];
      return [...parts, "%Y"].join(separator);
    },
  };
}

function fixed(
  name: string,
  pattern: string,
  fields: DateShape["fields"],
  padded: string,
  bare: string,
): DateShape {
  const regex = new RegExp(`^${pattern}$`, "i");
  return {
    name,
    pattern: regex,
    fields,
    format: (_order, sample) => (/(?:^|\D)0\d(?:\D|$)/.test(sample) ? padded : bare),
  };
}

/** A date that a program wrote with the time of its first moment. */
function midnight(separator: " " | "T"): DateShape {
  const format = `%Y-%m-%d${separator}%H:%M:%S`;
  const pattern = `(\\d{4})-(\\d{2})-(\\d{2})${separator}00:00:00`;
  return fixed(`Y-m-d${separator}0`, pattern, ["y", "m", "d"], format, format);
}

/** All shapes that are read; month names are English. */
const DATE_SHAPES: readonly DateShape[] = [
  fixed("Y-m-d", "(\\d{4})-(\\d{2})-(\\d{2})", ["y", "m", "d"], "%Y-%m-%d", "%Y-%m-%d"),
  midnight(" "),
  midnight("T"),
  fixed("Y/m/d", "(\\d{4})/(\\d{1,2})/(\\d{1,2})", ["y", "m", "d"], "%Y/%m/%d", "%Y/%-m/%-d"),
  fixed("Y.m.d", "(\\d{4})\\.(\\d{1,2})\\.(\\d{1,2})", ["y", "m", "d"], "%Y.%m.%d", "%Y.%-m.%-d"),
  fixed("d Mon Y", `(\\d{1,2}) ${MON} (\\d{4})`, ["d", "mon", "y"], "%d %b %Y", "%-d %b %Y"),
  fixed("d-Mon-Y", `(\\d{1,2})-${MON}-(\\d{4})`, ["d", "mon", "y"], "%d-%b-%Y", "%-d-%b-%Y"),
  fixed("d Month Y", `(\\d{1,2}) ${MONTH} (\\d{4})`, ["d", "month", "y"], "%d %B %Y", "%-d %B %Y"),
  fixed("Mon d, Y", `${MON} (\\d{1,2}), (\\d{4})`, ["mon", "d", "y"], "%b %d, %Y", "%b %-d, %Y"),
  fixed(
    "Month d, Y",
    `${MONTH} (\\d{1,2}), (\\d{4})`,
    ["month", "d", "y"],
    "%B %d, %Y",
    "%B %-d, %Y",
  ),
  numeric("/", "n/n/Y"),
  numeric(".", "n.n.Y"),
  numeric("-", "n-n-Y"),
];

/** A date read by a shape; for `n1`/`n2` shapes the two numbers are as written. */
export interface ReadDate {
  readonly shape: DateShape;
  readonly year: number;
  readonly first: number;
  readonly second: number;
  /** The order is in doubt: two numbers before the year. */
  readonly ordered: boolean;
}

/** Read a text as a date; `first` is the month and `second` the day where the shape says so itself. */
export function readDate(text: string): ReadDate | undefined {
  for (const shape of DATE_SHAPES) {
    const match = shape.pattern.exec(text);
    if (!match) continue;
    const value = (...names: DateShape["fields"]) => {
      const place = shape.fields.findIndex((field) => names.includes(field));
      return place < 0 ? undefined : match[place + 1];
    };
    const year = Number(value("y"));
    if (shape.fields.includes("n1"))
      return {
        shape,
        year,
        first: Number(value("n1")),
        second: Number(value("n2")),
        ordered: false,
      };
    const name = value("mon", "month")?.toLowerCase().slice(0, 3);
    const month =
      name === undefined ? Number(value("m")) : MONTHS.findIndex((m) => m.startsWith(name)) + 1;
    return { shape, year, first: month, second: Number(value("d")), ordered: true };
  }
  return undefined;
}

/** Whether year, month and day make a date. */
export function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1 || year < 1000) return false;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function pad(n: number): string {
  return String(n).padStart(2, "0");
}

/** Write a date in one of the formats of {@link DATE_SHAPES}, as the engine's strftime does. */
export function writeDate(year: number, month: number, day: number, format: string): string {
  const name = MONTHS[month - 1] ?? "";
  const capital = name.slice(0, 1).toUpperCase() + name.slice(1);
  const fields: Readonly<Record<string, string>> = {
    "%Y": String(year).padStart(4, "0"),
    "%m": pad(month),
    "%-m": String(month),
    "%d": pad(day),
    "%-d": String(day),
    "%H": "00",
    "%M": "00",
    "%S": "00",
    "%b": capital.slice(0, 3),
    "%B": capital,
  };
  return format.replaceAll(/%-?[YmdbBHMS]/g, (field) => fields[field] ?? field);
}
