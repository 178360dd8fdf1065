import { Duration, durationMs } from "../core/index.ts";

/** A length of time that is not nothing. Of what is no length of time at all only that is told. */
export const LongerThanZero = Duration.refine(
  (text) => durationMs(text) > 0 || !Duration.safeParse(text).success,
  { error: "expected a duration longer than 0s" },
);

/** Milliseconds of a duration; null when it is left out. */
export function msOrNull(duration: string | undefined): number | null {
  return duration === undefined ? null : durationMs(duration);
}
