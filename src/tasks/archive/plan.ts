/** What is to be put away, written down before anything is moved. */
import { join } from "node:path";
import { z } from "zod";
import { exists, readJson, WranglerError, writeJson } from "../../core/index.ts";
import type { TaskContext } from "../kind.ts";
import { namedFiles } from "../named-files.ts";
import type { ArchiveOptions } from "./archive-options.ts";
import { type DayFolders, madeFolder } from "./day-folders.ts";
import { Entry, entryOf } from "./entry.ts";

/** Files by whether they are still where they were. */
export interface Plan {
  readonly entries: readonly Entry[];
  /** Those that a broken-off attempt has moved already, or that somebody else took. */
  readonly gone: readonly Entry[];
}

/** Absolute path of a task's own plan. */
export function planPath(folder: string): string {
  return join(folder, "archive-plan.json");
}

/**
 * Look at all files that are named, and note them. Those that an earlier attempt noted and that are
 * gone since are known by what they held.
 *
 * @throws {WranglerError} INPUT_MISSING, PATH_OUTSIDE, OUTPUT_UNWRITABLE
 */
export async function planned(
  context: TaskContext<ArchiveOptions>,
  folders: DayFolders,
  signal: AbortSignal,
): Promise<Plan> {
  const { options, configFolder, scheduledAt: at, timeZone } = context;
  const path = planPath(context.folder);
  const noted = (await exists(path)) ? await readJson(path, z.array(Entry)) : [];
  const gone: Entry[] = [];
  for (const entry of noted) if (!(await exists(entry.source))) gone.push(entry);
  const files = await namedFiles({
    names: [options.files].flat(),
    folder: configFolder,
    time: { at, timeZone },
    emptyPatterns: true,
    gone: new Set(gone.map(({ source }) => source)),
  });
  if (files.length === 0) return { entries: [], gone };
  const folder = await madeFolder(folders, 0);
  const entries: Entry[] = [];
  for (const file of files) {
    entries.push(await entryOf(file, folder, options.compress === "gzip", signal));
  }
  await writeJson(path, [...gone, ...entries]);
  return { entries, gone };
}

export function lost({ source, folder }: Entry): WranglerError {
  const reason = `${source} was to be put away, is gone, and is not in ${folder} either.`;
  return new WranglerError("INPUT_MISSING", reason, { source, folder });
}
