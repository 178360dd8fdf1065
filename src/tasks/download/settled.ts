import { type Log, WranglerError } from "../../core/index.ts";

export interface Settling {
  /** The source, as it may be shown. */
  readonly what: string;
  /** Files that changed within this time may not be complete. */
  readonly quietMs: number;
  readonly allowNone: boolean;
  readonly log: Log;
}

/**
 * Files without those that may still be written to.
 *
 * @throws {WranglerError} INPUT_MISSING when none is left and there has to be one
 */
export function settledOf<File extends { readonly path: string; readonly modifiedMs: number }>(
  files: readonly File[],
  { what, quietMs, allowNone, log }: Settling,
): File[] {
  const nowMs = Date.now();
  const restless = files.filter(({ modifiedMs }) => {
    const ageMs = nowMs - modifiedMs;
    // A clock that is ahead must not keep a file out for ever.
    return ageMs >= 0 && ageMs < quietMs;
  });
  for (const { path } of restless) log.info({ path }, "file is left alone: it changed just now");
  const settled = files.filter((file) => !restless.includes(file));
  if (settled.length > 0 || allowNone) return settled;
  const why = restless.length > 0 ? `; ${restless.length} changed just now` : "";
  throw new WranglerError("INPUT_MISSING", `No file matches ${what}${why}.`, { path: what });
}
