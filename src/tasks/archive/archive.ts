import { rm } from "node:fs/promises";
import { durationMs } from "../../core/index.ts";
import type { TaskResults } from "../../orchestration/index.ts";
import { defineTaskKind, type TaskContext } from "../kind.ts";
import { ArchiveOptions, DAY_MS } from "./archive-options.ts";
import { type DayFolders, dayFolders, madeFolder } from "./day-folders.ts";
import { expire } from "./expire.ts";
import { findPlaced, placeFile } from "./place-file.ts";
import { lost, planned, planPath } from "./plan.ts";

/** What is recorded of files that were put away. A type, since an interface is no Json. */
type Outcome = {
  files: string[];
  /** Sources that stay where they are. */
  left: string[];
  moved: number;
  bytes: number;
};

export const archive = defineTaskKind({
  name: "archive",
  description: "Moves or copies files into folders by date, and makes such folders ahead.",
  options: ArchiveOptions,
  results: {
    files: "The files in the archive, as absolute paths.",
    left: "Files that stay where they are since another one of their name was kept.",
    folders: "Folders that files went to or that were made ahead, as absolute paths.",
    moved: "How many files were put there; those that were there already do not count.",
    bytes: "Size of all files in the archive that were named, before they were packed.",
    deleted: "How many files were deleted since they were kept long enough.",
  },
  run: archiveFiles,
});

async function archiveFiles(context: TaskContext<ArchiveOptions>): Promise<TaskResults> {
  const { options, configFolder, scheduledAt: at, timeZone, signal, log } = context;
  const folders = dayFolders(options.to, configFolder, { at, timeZone });
  const outcome = await putAwayOnce(context, folders);
  const made = outcome.files.length > 0 ? [await madeFolder(folders, 0)] : [];
  for (let day = 0; options.createAhead > 0 && day <= options.createAhead; day++) {
    made.push(await madeFolder(folders, day));
  }
  const { keep } = options;
  const keepDays = keep === undefined ? 0 : Math.floor(durationMs(keep) / DAY_MS);
  const terms = { folders, keepDays, aheadDays: options.createAhead, signal, log };
  const deleted = keep === undefined ? 0 : await expire(terms);
  return { ...outcome, folders: [...new Set(made)], deleted };
}

/**
 * As one effect, although it has many parts: each of them may be tried again, since a file that was
 * moved is found by its bytes. So it is never uncertain.
 */
async function putAwayOnce(
  context: TaskContext<ArchiveOptions>,
  folders: DayFolders,
): Promise<Outcome> {
  const nothing: Outcome = { files: [], left: [], moved: 0, bytes: 0 };
  if ([context.options.files].flat().length === 0) return nothing;
  const outcome = await context.effect({
    name: "archive",
    cause: (_key, signal) => putAway(context, folders, signal),
    mayHaveHappened: () => false,
    probe: async () => ({ done: false }) as const,
  });
  await rm(planPath(context.folder), { force: true });
  return outcome ?? nothing;
}

async function putAway(
  context: TaskContext<ArchiveOptions>,
  folders: DayFolders,
  signal: AbortSignal,
): Promise<Outcome> {
  const { options, log } = context;
  const { entries, gone } = await planned(context, folders, signal);
  const outcome: Outcome = { files: [], left: [], moved: 0, bytes: 0 };
  for (const entry of gone) {
    const file = await findPlaced(entry, signal);
    if (file === undefined) throw lost(entry);
    outcome.files.push(file);
    outcome.moved++;
    outcome.bytes += entry.bytes;
  }
  for (const entry of entries) {
    signal.throwIfAborted();
    const { file, how } = await placeFile(entry, { ...options, signal });
    log.debug({ source: entry.source, file, how }, "file was put away");
    if (how === "kept") {
      outcome.left.push(entry.source);
      continue;
    }
    outcome.files.push(file);
    if (how === "placed") outcome.moved++;
    outcome.bytes += entry.bytes;
  }
  return outcome;
}
