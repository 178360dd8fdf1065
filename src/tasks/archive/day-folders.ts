/** The folders of an archive: one for each day, below a root that no date can lead out of. */
import { lstat, mkdir } from "node:fs/promises";
import { isAbsolute, join, parse, resolve } from "node:path";
import { fillTemplate, type TemplateTime, unwritable, WranglerError } from "../../core/index.ts";
import { DAY_MS } from "./archive-options.ts";

export interface DayFolders {
  /** Absolute; what comes before the first part of a date. */
  readonly root: string;
  /** Names below the root for a day, counted from that of the run. */
  readonly below: (day: number) => readonly string[];
}

// A control sign in a name is a mistake or mischief.
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * Read the template of an archive's folder.
 *
 * @param folder - Absolute; where a relative template starts.
 * @throws {WranglerError} PATH_OUTSIDE when it leads upwards.
 */
export function dayFolders(template: string, folder: string, time: TemplateTime): DayFolders {
  const names = (isAbsolute(template) ? template.slice(parse(template).root.length) : template)
    .split(/[/\\]/)
    .filter((name) => name !== "" && name !== ".");
  if (names.includes("..") || UNSAFE.test(template)) {
    const reason = `to: expected a folder without "..", got ${JSON.stringify(template)}.`;
    throw new WranglerError("PATH_OUTSIDE", reason, { template });
  }
  const firstDated = names.findIndex((name) => name.includes("{"));
  const fixed = firstDated === -1 ? names : names.slice(0, firstDated);
  const dated = names.slice(fixed.length);
  const start = isAbsolute(template) ? parse(template).root : folder;
  // Days are counted on the calendar; at noon no change of the clock can move one.
  const noon = Date.parse(`${fillTemplate("{yyyy-MM-dd}", time)}T12:00:00Z`);
  const timeOf = (day: number) => (day === 0 ? time : { at: noon + day * DAY_MS, timeZone: "UTC" });
  return {
    root: resolve(start, ...fixed),
    below: (day) => dated.map((name) => fillTemplate(name, timeOf(day))),
  };
}

/**
 * Make the folder of a day.
 *
 * @returns its absolute path
 * @throws {WranglerError} PATH_OUTSIDE when a link or a file stands in its way; OUTPUT_UNWRITABLE
 */
export async function madeFolder({ root, below }: DayFolders, day: number): Promise<string> {
  let path = root;
  try {
    await mkdir(root, { recursive: true });
    for (const name of below(day)) {
      path = join(path, name);
      await mkdir(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "EEXIST") throw error;
      });
      await checkFolder(path);
    }
  } catch (error) {
    throw unwritable(error, path);
  }
  return path;
}

/** Below the root nothing is followed: a link could lead anywhere. */
async function checkFolder(path: string): Promise<void> {
  const found = await lstat(path);
  if (found.isDirectory()) return;
  const what = found.isSymbolicLink() ? "a symbolic link" : "no folder";
  throw new WranglerError("PATH_OUTSIDE", `${path} is ${what}; a folder is expected.`, { path });
}
