/** Times as people speak of them. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** `45 s`, `35 min`, `2 h 05 min`, `3 d 4 h`: as exact as one wants to know it. */
export function span(ms: number): string {
  const seconds = Math.round(ms / SECOND_MS);
  if (seconds < 60) return `${Math.max(0, seconds)} s`;
  const minutes = Math.round(ms / MINUTE_MS);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `in 2 h 05 min`; `now` for what is due. */
export function timeLeft(iso: string, now: Date): string {
  const ms = Date.parse(iso) - now.getTime();
  return ms < SECOND_MS ? "now" : `in ${span(ms)}`;
}

/**
 * `13:05`, `tomorrow 09:30`, `Mon 2026-03-02 09:30`; seconds only where there are any.
 *
 * @param timeZone - The machine's own when left out; another one is named where it shows another time.
 */
export function dayAndTime(iso: string | Date, now: Date, timeZone?: string): string {
  const at = new Date(iso);
  const here = wordsIn(at, now);
  if (timeZone === undefined) return here;
  const there = wordsIn(at, now, timeZone);
  return there === here ? here : `${there} ${timeZone}`;
}

/** The same to the minute, for what began or ended then. */
export function aboutWhen(iso: string, now: Date): string {
  return dayAndTime(new Date(Math.floor(Date.parse(iso) / MINUTE_MS) * MINUTE_MS), now);
}

/** The same as clocks in a zone show it, where the zone is told beside it. */
export function dayAndTimeThere(iso: string, now: Date, timeZone: string): string {
  return wordsIn(new Date(iso), now, timeZone);
}

function wordsIn(at: Date, now: Date, timeZone?: string): string {
  const { date, time, weekday } = shown(at, timeZone);
  const today = Date.parse(shown(now, timeZone).date);
  const days = Math.round((Date.parse(date) - today) / DAY_MS);
  if (days === 0) return time;
  if (days === 1) return `tomorrow ${time}`;
  if (days === -1) return `yesterday ${time}`;
  return `${weekday} ${date} ${time}`;
}

/** What calendar and clock show. */
function shown(at: Date, timeZone: string | undefined) {
  const parts = new Map(
    new Intl.DateTimeFormat("en-US", {
      ...(timeZone === undefined ? {} : { timeZone }),
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      weekday: "short",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? "";
  const seconds = part("second") === "00" ? "" : `:${part("second")}`;
  return {
    date: `${part("year")}-${part("month")}-${part("day")}`,
    time: `${part("hour")}:${part("minute")}${seconds}`,
    weekday: part("weekday"),
  };
}
