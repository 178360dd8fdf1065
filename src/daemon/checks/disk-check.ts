import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { HealthCheck } from "../../orchestration/index.ts";
import { bytesInWords } from "./words.ts";

/** Below so many times the limit it is told before it is too late. */
const EARLY = 2;

/** Free space where a folder is, or will be. */
export interface FreeSpace {
  readonly folder: string;
  /** Null when it cannot be told. */
  readonly freeBytes: number | null;
}

/** What the process may use, not what is kept for the system. */
export function freeSpaces(folders: readonly string[]): Promise<FreeSpace[]> {
  return Promise.all(
    [...new Set(folders)].map(async (folder) => ({ folder, freeBytes: await freeBytesOf(folder) })),
  );
}

/** Whether there is space for what runs write. */
export function diskCheck(spaces: readonly FreeSpace[], limitBytes: number): HealthCheck {
  const name = "disk";
  const unknown = spaces.find(({ freeBytes }) => freeBytes === null);
  const known = spaces.flatMap(({ folder, freeBytes }) =>
    freeBytes === null ? [] : [{ folder, freeBytes }],
  );
  const least = known.toSorted((a, b) => a.freeBytes - b.freeBytes)[0];
  const text = least ? `${bytesInWords(least.freeBytes)} are free at ${least.folder}.` : "";
  if (least && least.freeBytes < limitBytes) {
    const remedy = `Free some: no run is started below ${bytesInWords(limitBytes)} (service.checks.diskFree).`;
    return { name, level: "failing", text, remedy };
  }
  if (unknown) {
    const remedy = "Check that its disk is there.";
    return { name, level: "warning", text: `${unknown.folder} cannot be looked at.`, remedy };
  }
  if (least && least.freeBytes < EARLY * limitBytes) {
    const remedy = `Free some: below ${bytesInWords(limitBytes)} no run is started.`;
    return { name, level: "warning", text, remedy };
  }
  return { name, level: "ok", text: text || "There is nothing to look at.", remedy: null };
}

/** Of the folder, or of the nearest one above that is there. */
async function freeBytesOf(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    const above = dirname(folder);
    return isMissing(error) && above !== folder ? freeBytesOf(above) : null;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
