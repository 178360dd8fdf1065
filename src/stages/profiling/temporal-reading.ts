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
  if (text.length < 4 || text.length > 45) return null;
  const time = readTime(text);
  if (time !== null) return { is: "time", formats: [time] };
  const date = readDate(text);
  if (date) return { is: "date", formats: date };
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
  const limit = half === undefined ? 23 : 12;
  if (Number(hour) > limit || (half !== undefined && Number(hour) === 0)) return null;
  const clock = half === undefined ? "%H:%M" : "%I:%M";
  const tail = seconds === undefined ? "" : ":%S";
  const parts = fraction === undefined ? "" : `${point}${fraction.length === 3 ? "%g" : "%f"}`;
  const noon = half === undefined ? "" : gap + (half.includes(".") ? "a.m." : "%p");
  return clock + tail + parts + noon + zoneFormat(zoneGap, zone);
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

const YEAR_FIRST = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/;
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})$/;

function readNumericDate(text: string): Formats | null {
  const [, y = "", s = "", m = "", d = ""] = YEAR_FIRST.exec(text) ?? [];
  if (y) return isDay(y, m, d) ? [`%Y${s}%m${s}%d`] : null;
  const [, first = "", mark = "", second = "", year = ""] = YEAR_LAST.exec(text) ?? [];
  if (!year) return null;
  const sign = year.length === 4 ? "%Y" : "%y";
  const formats = [
    ...(isDay(year, second, first) ? [`%d${mark}%m${mark}${sign}`] : []),
    ...(isDay(year, first, second) ? [`%m${mark}%d${mark}${sign}`] : []),
  ];
  return formats.length === 0 ? null : formats;
}

const DAY_FIRST = /^(\d{1,2})([- /.]|\. )([a-z]{3,9})(\.?)([- /,]|, )(\d{4}|\d{2})$/i;
const MONTH_FIRST = /^([a-z]{3,9})(\.?)([- ])(\d{1,2})([-, /]|, )(\d{4})$/i;
const MONTH_YEAR = /^([a-z]{3,9})([- ])(\d{4})$/i;

function readNamedDate(text: string): Formats | null {
  const [, d1 = "", a1 = "", m1 = "", p1 = "", b1 = "", y1 = ""] = DAY_FIRST.exec(text) ?? [];
  if (y1) {
    const sign = y1.length === 4 ? "%Y" : "%y";
    return named(m1, y1, d1, (month) => `%d${a1}${month}${p1}${b1}${sign}`);
  }
  const [, m2 = "", p2 = "", a2 = "", d2 = "", b2 = "", y2 = ""] = MONTH_FIRST.exec(text) ?? [];
  if (y2) return named(m2, y2, d2, (month) => `${month}${p2}${a2}%d${b2}%Y`);
  const [, m3 = "", a3 = "", y3 = ""] = MONTH_YEAR.exec(text) ?? [];
  return y3 ? named(m3, y3, "", (month) => `${month}${a3}%Y`) : null;
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
