/** Whether folders can be written, by writing. */
import { randomBytes } from "node:crypto";
import { open, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { HealthCheck } from "../orchestration/index.ts";
import { counted, type Flaw, messageOf, summed } from "./findings.ts";

const PROBE_BYTES = 4_096;

/** Writes into each folder, or where it will be made, has it flushed to the disk and removes it. */
export async function writingCheck(folders: readonly string[]): Promise<HealthCheck> {
  const there = new Map<string, string[]>();
  for (const folder of new Set(folders)) {
    const place = await nearestFolder(folder);
    const meant = there.get(place);
    if (meant) meant.push(folder);
    else there.set(place, [folder]);
  }
  const flaws: Flaw[] = [];
  for (const [place, meant] of there) {
    try {
      await writeProbe(place);
    } catch (error) {
      const others = meant.length > 1 ? ` and ${counted(meant.length - 1, "other")}` : "";
      flaws.push({ level: "failing", text: `${meant[0]}${others}: ${messageOf(error)}` });
    }
  }
  return summed("folders", flaws, {
    well: `${counted(there.size, "folder")} can be written`,
    remedy: "Give the user that runs this the right to write there, or name other folders.",
  });
}

/** The folder itself, or the nearest one above it that is there. */
export async function nearestFolder(path: string): Promise<string> {
  for (let folder = path; ; folder = dirname(folder)) {
    if (await isThere(folder)) return folder;
    if (dirname(folder) === folder) return folder;
  }
}

/** Any other error than that it is not there is one to be told when it is written to. */
async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ENOENT");
  }
}

/** @returns When the file system says that it was written, in milliseconds since the epoch. */
export async function writeProbe(folder: string): Promise<number> {
  const path = join(folder, `.data-wrangler-${randomBytes(6).toString("hex")}.tmp`);
  const file = await open(path, "wx");
  try {
    await file.write(Buffer.alloc(PROBE_BYTES));
    await file.sync();
    return (await file.stat()).mtimeMs;
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}
