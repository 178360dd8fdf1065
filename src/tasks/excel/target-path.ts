import { resolve } from "node:path";
import { fillTemplate, WranglerError } from "../../core/index.ts";
import type { TaskContext } from "../kind.ts";

/**
 * Where results go: absolute, the parts of the run's time filled in.
 *
 * @throws {WranglerError} PATH_OUTSIDE when it goes into a folder and out of it again: nobody writes
 * that, but a result of another task that was put in may.
 */
export function targetPath(
  to: string,
  { configFolder, scheduledAt, timeZone }: TaskContext<unknown>,
): string {
  const filled = fillTemplate(to, { at: scheduledAt, timeZone });
  const names = filled.split(/[/\\]/).filter((name) => name !== "" && name !== ".");
  const entered = names.findIndex((name) => name !== "..");
  if (entered >= 0 && names.includes("..", entered)) {
    const reason = `"${filled}" goes up (..) after it went into a folder.`;
    throw new WranglerError("PATH_OUTSIDE", reason, { to: filled });
  }
  return resolve(configFolder, filled);
}
