const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Distances between ticks that people count in, above a second, in milliseconds. */
const STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7].map((n) => n * DAY),
];

/** A mark on a time axis. */
export interface Tick {
  readonly ms: number;
  readonly label: string;
}

/** At most so many ticks from 0 to a length, at distances that people count in. */
export function ticksTo(lengthMs: number, most = 8): Tick[] {
  const step = stepFor(Math.max(1, lengthMs), most);
  const ticks: Tick[] = [];
  for (let ms = 0; ms <= lengthMs; ms += step) ticks.push({ ms, label: tickLabel(ms) });
  return ticks;
}

function stepFor(lengthMs: number, most: number): number {
  const least = lengthMs / (most - 1);
  const known = STEPS.find((step) => step >= least);
  if (least > SECOND / 2) return known ?? Math.ceil(least / (7 * DAY)) * 7 * DAY;
  const power = 10 ** Math.max(0, Math.floor(Math.log10(least)));
  return [1, 2, 5, 10].map((n) => n * power).find((step) => step >= least) ?? SECOND;
}

/** A moment of the axis with its two largest units: `0`, `250 ms`, `1 min 30 s`, `2 d 12 h`. */
function tickLabel(ms: number): string {
  if (ms === 0) return "0";
  if (ms < SECOND) return `${ms} ms`;
  if (ms < MINUTE) return `${ms / SECOND} s`;
  if (ms < HOUR) return pair(ms, [MINUTE, "min"], [SECOND, "s"]);
  return ms < DAY ? pair(ms, [HOUR, "h"], [MINUTE, "min"]) : pair(ms, [DAY, "d"], [HOUR, "h"]);
}

type Unit = readonly [ms: number, name: string];

function pair(ms: number, [large, name]: Unit, [small, rest]: Unit): string {
  const left = Math.round((ms % large) / small);
  const head = `${Math.floor(ms / large)} ${name}`;
  return left === 0 ? head : `${head} ${left} ${rest}`;
}
