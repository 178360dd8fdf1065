/** Dates and times as people write them, read into strptime formats. */

/** A text read as a date, a time or both. */
export interface TemporalReading {
  readonly is: "date" | "time" | "datetime";
  /** strptime formats that fit: more than one while the order of day and month is open. */
  readonly formats: readonly string[];
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const LONG_MONTHS =
  "january february march april may june july august september october november december".split(
    " ",
  );
const WEEKDAY = /^((?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)(,? +)(?=\S)/i;
const TIME =
  /^(\d{1,2}):([0-5]\d)(?::([0-5]\d)(?:([.,])(\d{1,9}))?)?(?:( ?)(a\.m\.|p\.m\.|am|pm))?(?:( ?)(Z|UTC|GMT|[-+]\d{2}:?\d{2}))?$/i;
const DATE_TIME = /^(.+?\d)([T ]|, | at )(\d{1,2}:\d{2}.*)$/;

/** Read a trimmed text as date or time; null when it is neither. */
export function readTemporal(text: string): TemporalReading | null {
  // Most texts that are neither are told so by their length or for want of anything between parts.
  if (text.length < 4 || text.length > 45 || !/[-/.: ]/.test(text)) return null;
  if (text.includes(":")) return readTimed(text);
  const date = readDate(text);
  return date && { is: "date", formats: date };
}

function readTimed(text: string): TemporalReading | null {
  const time = readTime(text);
  if (time !== null) return { is: "time", formats: [time] };
  const [, day, between, rest] = DATE_TIME.exec(text) ?? [];
  if (day === undefined || between === undefined || rest === undefined) return null;
  const first = readDate(day);
  const second = readTime(rest);
  if (!first || second === null) return null;
  return { is: "datetime", formats: first.map((format) => `${format}${between}${second}`) };
}

/** Format of a time of day; `a.m.` stands for itself there, since strptime has no sign for it. */
function readTime(text: string): string | null {
  const match = TIME.exec(text);
  if (!match) return null;
  const [, hour = "", , seconds, point = "", fraction, gap = "", half, zoneGap = "", zone] = match;
  const clock = clockFormat(Number(hour), half);
  if (clock === null) return null;
  const tail = seconds === undefined ? "" : ":%S";
  const parts = fraction === undefined ? "" : `${point}${fraction.length === 3 ? "%g" : "%f"}`;
  const noon = half === undefined ? "" : gap + (half.includes(".") ? "a.m." : "%p");
  return clock + tail + parts + noon + zoneFormat(zoneGap, zone);
}

/** Hours count to 23, or from 1 to 12 in either half of the day. */
function clockFormat(hour: number, half: string | undefined): string | null {
  if (half === undefined) return hour <= 23 ? "%H:%M" : null;
  return hour >= 1 && hour <= 12 ? "%I:%M" : null;
}

function zoneFormat(gap: string, zone: string | undefined): string {
  if (zone === undefined) return "";
  return gap + (/^[-+]/.test(zone) ? "%z" : zone);
}

/** Formats that fit a date. */
type Formats = readonly string[];

function readDate(text: string): Formats | null {
  const weekday = WEEKDAY.exec(text);
  if (weekday) {
    const [whole, name = "", gap = ""] = weekday;
    const rest = readDate(text.slice(whole.length));
    const sign = name.length > 3 ? "%A" : "%a";
    return rest && rest.map((format) => sign + gap + format);
  }
  return readNumericDate(text) ?? readNamedDate(text);
}

const YEAR_FIRST = /^(?<y>\d{4})(?<s>[-/.])(?<m>\d{1,2})\2(?<d>\d{1,2})$/;
const YEAR_LAST = /^(?<first>\d{1,2})(?<s>[-/.])(?<second>\d{1,2})\2(?<y>\d{4}|\d{2})$/;

function readNumericDate(text: string): Formats | null {
  const yearFirst = partsOf(YEAR_FIRST, text);
  if (yearFirst) {
    const { y, s, m, d } = yearFirst;
    return isDay(y, m, d) ? [`%Y${s}%m${s}%d`] : null;
  }
  const yearLast = partsOf(YEAR_LAST, text);
  if (!yearLast) return null;
  const { first, s, second, y } = yearLast;
  const year = yearSign(y);
  const formats = [
    ...(isDay(y, second, first) ? [`%d${s}%m${s}${year}`] : []),
    ...(isDay(y, first, second) ? [`%m${s}%d${s}${year}`] : []),
  ];
  return formats.length === 0 ? null : formats;
}

const DAY_FIRST =
  /^(?<d>\d{1,2})(?<a>[- /.]|\. )(?<m>[a-z]{3,9})(?<p>\.?)(?<b>[- /,]|, )(?<y>\d{4}|\d{2})$/i;
const MONTH_FIRST = /^(?<m>[a-z]{3,9})(?<p>\.?)(?<a>[- ])(?<d>\d{1,2})(?<b>[-, /]|, )(?<y>\d{4})$/i;
const MONTH_YEAR = /^(?<m>[a-z]{3,9})(?<a>[- ])(?<y>\d{4})$/i;

function readNamedDate(text: string): Formats | null {
  const dayFirst = partsOf(DAY_FIRST, text);
  if (dayFirst) {
    const { d, a, m, p, b, y } = dayFirst;
    return named(m, y, d, (month) => `%d${a}${month}${p}${b}${yearSign(y)}`);
  }
  const monthFirst = partsOf(MONTH_FIRST, text);
  if (monthFirst) {
    const { m, p, a, d, b, y } = monthFirst;
    return named(m, y, d, (month) => `${month}${p}${a}%d${b}%Y`);
  }
  const monthYear = partsOf(MONTH_YEAR, text);
  if (!monthYear) return null;
  const { m, a, y } = monthYear;
  return named(m, y, "", (month) => `${month}${a}%Y`);
}

type Part = "y" | "s" | "m" | "d" | "a" | "b" | "p" | "first" | "second";

/** The named parts of a text; "" for those that the pattern has not. */
function partsOf(pattern: RegExp, text: string): Readonly<Record<Part, string>> | null {
  const found = pattern.exec(text)?.groups;
  if (!found) return null;
  return { y: "", s: "", m: "", d: "", a: "", b: "", p: "", first: "", second: "", ...found };
}

function yearSign(year: string): string {
  return year.length === 4 ? "%Y" : "%y";
}

/** A date with its month in letters; `May` is both short and long. */
function named(
  month: string,
  year: string,
  day: string,
  format: (month: string) => string,
): Formats | null {
  const folded = month.toLowerCase();
  const short = MONTHS.indexOf(folded);
  const long = LONG_MONTHS.indexOf(folded);
  const number = Math.max(short, long) + 1;
  if (number === 0 || !isDay(year, String(number), day || "1")) return null;
  return [...(short >= 0 ? ["%b"] : []), ...(long >= 0 ? ["%B"] : [])].map((sign) => format(sign));
}

function isDay(year: string, month: string, day: string): boolean {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  if (m < 1 || m > 12 || d < 1 || d > 31) return false;
  return d <= new Date(Date.UTC(year.length === 2 ? 2000 + y : y, m, 0)).getUTCDate();
}
