/** Cron expressions. The library only calculates here: it gets no function to call and sets no timer. */
import { Cron, type CronOptions } from "croner";

const OPTIONS: CronOptions = { mode: "5-or-6-parts", paused: true, utcOffset: 0 };

/** The wall time of the next match after another, in milliseconds; undefined when none is left. */
export type NextMatch = (afterMs: number) => number | undefined;

/** Reading an expression takes longer than asking it; there is one for each schedule. */
const read = new Map<string, NextMatch>();
const MAX_READ = 1_000;

/** What is wrong with an expression; undefined when nothing is. */
export function flawOfCron(expression: string): string | undefined {
  const fields = fieldsOf(expression);
  const expected =
    "expected 5 fields (minute, hour, day, month, day of the week), or 6 with seconds";
  if (fields.length !== 5 && fields.length !== 6) {
    return `${expected} first, got ${fields.length === 1 ? "1 field" : `${fields.length} fields`}`;
  }
  try {
    wallMatches(expression);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `${expected} first; ${why.replace(/^CronPattern: /, "").replace(/\.$/, "")}`;
  }
}

/**
 * Whether an expression names times of the day, as `30 9,13 * * 1-5` does: neither its hours nor its
 * minutes nor its seconds have `*`, `?` or `/`. All others are a rhythm.
 */
export function namesTimes(expression: string): boolean {
  return !/[*?/]/.test(fieldsOf(expression).slice(0, -3).join(""));
}

/**
 * The matches of an expression as wall times. The library is asked for a clock that is never changed:
 * what is done in real zones is ours.
 *
 * @throws {TypeError} When the expression cannot be read.
 */
export function wallMatches(expression: string): NextMatch {
  const known = read.get(expression);
  if (known) return known;
  const cron = new Cron(expression, OPTIONS);
  const next: NextMatch = (afterMs) => cron.nextRun(new Date(afterMs))?.getTime();
  if (read.size >= MAX_READ) read.clear();
  read.set(expression, next);
  return next;
}

function fieldsOf(expression: string): string[] {
  return expression.trim().split(/\s+/);
}
