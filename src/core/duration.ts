import { z } from "zod";

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const EXPECTED = 'expected a duration such as "30s", "5m" or "2h"';

/** A length of time in a file: `500ms`, `30s`, `5m`, `2h`, `30d`, or several such as `1h30m`. */
export const Duration = z
  .string({ error: EXPECTED })
  .regex(/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/, EXPECTED);

/** Milliseconds of a checked {@link Duration}. */
export function durationMs(duration: string): number {
  let ms = 0;
  for (const [, number = "0", unit = ""] of duration.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    ms += Number(number) * (UNITS_MS[unit] ?? 0);
  }
  return ms;
}
