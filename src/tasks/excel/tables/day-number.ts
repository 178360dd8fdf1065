/** Days and times as the number that spreadsheet programs hold of them. */

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Days from the day that programs count from to the first of 1970. */
const EPOCH_DAY = 25_569;
/** Before this the count is off by one: a leap day that never was. */
const FIRST_DAY = Date.UTC(1900, 2, 1);

const TIME =
  /^(\d{4}-\d\d-\d\d)(?:[T ](([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)(\.\d{1,9})?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?$/;

/**
 * Days since the end of 1899, the time of the day as a fraction; undefined for what is no day of the
 * calendar from March 1900 on.
 *
 * @param value ISO 8601: `2024-02-29`, `2024-02-29 12:30`, `2024-02-29T12:30:00.5Z`
 * @param kind of a `date` the time of the day is not wanted: a value that has one is none
 * @param timeZone IANA name; a time that names its own zone is told in this one
 */
export function dayNumber(
  value: string,
  kind: "date" | "datetime",
  timeZone: string,
): number | undefined {
  const match = TIME.exec(value.trim());
  if (!match) return undefined;
  const [, day = "", clock = "00:00", , fraction = "", zone] = match;
  const utc = Date.parse(`${day}T${clock}Z`);
  // The thirtieth of February is taken for a day of March.
  if (Number.isNaN(utc) || !new Date(utc).toISOString().startsWith(day)) return undefined;
  const local = zone === undefined ? utc : localTime(utc - offsetOf(zone), timeZone);
  const time = local + (fraction === "" ? 0 : Number(`0${fraction}`) * 1_000);
  const hidden = kind === "date" && time % DAY_MS !== 0;
  return local < FIRST_DAY || hidden ? undefined : EPOCH_DAY + time / DAY_MS;
}

/** Milliseconds that a zone such as `+05:30` is ahead of UTC. */
function offsetOf(zone: string): number {
  const [, sign, hours = "0", minutes = "0"] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  return (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -MINUTE_MS : MINUTE_MS);
}

/** An instant as the milliseconds that the clock of a zone shows then. */
function localTime(ms: number, timeZone: string): number {
  const parts = clockOf(timeZone).formatToParts(ms);
  const of = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((part) => part.type === type)?.value ?? 0);
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Made once for each zone: to make one takes longer than to ask it a thousand times. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "gregory",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  clocks.set(timeZone, clock);
  return clock;
}
