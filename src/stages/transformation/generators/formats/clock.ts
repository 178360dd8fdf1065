/** Times of day as written: taken apart, and written in a column's own form. */

/** A time of day. */
export interface Clock {
  /** 0 … 23, or as written where nothing says which half of the day it is. */
  readonly hour: number;
  readonly minute: number;
  readonly second: number | undefined;
  /** False when neither a meridiem nor the hour itself tells the half of the day. */
  readonly sure: boolean;
}

/** How a column writes times of day. */
export interface ClockForm {
  readonly seconds: boolean;
  readonly padded: boolean;
  /** What stands before the meridiem. */
  readonly gap: string;
  /** Spelling of "am", such as `a.m.`; undefined for a 24-hour clock. */
  readonly am: string | undefined;
}

const MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec";
const DAY = "mon|tue|wed|thu|fri|sat|sun";
const TIME =
  "(?<![\\d:.,-])(?<hour>\\d{1,2}):(?<minute>[0-5]\\d)(?::(?<second>[0-5]\\d))?(?<gap>\\s*)" +
  `(?:(?<meridiem>[ap](?:\\.\\s?m\\.?|\\.?m)?\\.?|noon|midnight)(?=$|[^a-z]|${MONTH}|${DAY}))?(?![\\d:])`;
const ANY_TIME = new RegExp(TIME, "gi");
const WHOLE_TIME = new RegExp(`^${TIME}$`, "i");

/** Read a match of the grammar; undefined when the numbers are no time. */
function clockOf(groups: Record<string, string | undefined>): Clock | undefined {
  const written = Number(groups["hour"]);
  const rest = {
    minute: Number(groups["minute"]),
    second: groups["second"] === undefined ? undefined : Number(groups["second"]),
  };
  const mark = groups["meridiem"]?.toLowerCase();
  if (mark === undefined) {
    const sure = written > 12 || written === 0;
    return written > 23 ? undefined : { hour: written, ...rest, sure };
  }
  const hour = hourOf(written, mark);
  const exact = /^[ap]/.test(mark) || rest.minute === 0;
  return hour === undefined || !exact ? undefined : { hour, ...rest, sure: true };
}

/** The hour of the day that a 12-hour clock means; noon and midnight go with 12 only. */
function hourOf(written: number, mark: string): number | undefined {
  if (mark === "noon" || mark === "midnight")
    return written === 12 ? Number(mark === "noon") * 12 : undefined;
  if (written < 1 || written > 12) return undefined;
  return (written % 12) + (mark.startsWith("p") ? 12 : 0);
}

/** The form of a text that is a time of day and nothing else. `padded` says only that this one is. */
export function clockFormOf(text: string): ClockForm | undefined {
  const groups = WHOLE_TIME.exec(text)?.groups;
  if (!groups || !clockOf(groups)) return undefined;
  const { meridiem, hour = "", second, gap = "" } = groups;
  if (meridiem !== undefined && !/^[ap]/i.test(meridiem)) return undefined;
  return {
    seconds: second !== undefined,
    padded: /^0\d/.test(hour),
    gap,
    am: meridiem?.replace(/p/, "a").replace(/P/, "A"),
  };
}

function pad(n: number): string {
  return String(n).padStart(2, "0");
}

/** Write a time in a form. */
export function writeClock(clock: Clock, form: ClockForm): string {
  const hour = form.am === undefined ? clock.hour : clock.hour % 12 || 12;
  const parts = [form.padded ? pad(hour) : String(hour), pad(clock.minute)];
  if (form.seconds) parts.push(pad(clock.second ?? 0));
  if (form.am === undefined) return parts.join(":");
  const meridiem = clock.hour < 12 ? form.am : form.am.replace("a", "p").replace("A", "P");
  return parts.join(":") + form.gap + meridiem;
}

/** Words of dates and time zones that may stand around a time without changing it. */
const AROUND = new RegExp(
  `^(?:${[
    `(?:${MONTH})[a-z]*\\.?`,
    `(?:${DAY})[a-z]*\\.?`,
    "\\d{4}-\\d{2}-\\d{2}t?",
    "\\d{1,4}(?:[/.-]\\d{1,2}){1,2}(?:[/.-]\\d{2,4})?",
    `\\d{1,2}-(?:${MONTH})[a-z]*-\\d{2,4}`,
    "\\d{1,2}(?:st|nd|rd|th)?",
    "(?:19|20)\\d{2}",
    "z|utc|gmt|[ecmp][sd]t|cest|bst|hrs?|uhr",
  ].join("|")})$`,
  "i",
);
/** Words that make another time of it, or none. */
const TURNING =
  /^(?:or|to|till|until|before|after|from|not|except|cancel\w*|no|ca|about|approx\w*|bis|ab|vor|nach)$/i;

/** A time found in a text. */
export interface FoundClock extends Clock {
  /** Words stand beside it that are no date: a note that goes with the rest. */
  readonly noted: boolean;
}

/**
 * The only time of day in a text, when what stands around it is a date, a note in parentheses or a
 * word that does not turn its meaning.
 */
export function clockInText(text: string): FoundClock | undefined {
  const bare = text.replaceAll(/&nbsp;?/gi, " ").replaceAll(/\([^()]*\)/g, " ");
  const matches = [...bare.matchAll(ANY_TIME)];
  const [match] = matches;
  if (matches.length !== 1 || !match?.groups) return undefined;
  const rest = `${bare.slice(0, match.index)} ${bare.slice(match.index + match[0].length)}`;
  const words = rest.split(/[\s,;*|]+/).filter((word) => word !== "" && !AROUND.test(word));
  if (words.some((word) => !/^\p{L}+\.?$/u.test(word) || TURNING.test(word))) return undefined;
  const clock = clockOf(match.groups);
  return clock && { ...clock, noted: words.length > 0 };
}
