/** What a restart was ordered with: kept on disk, for the process that comes after it. */
import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { exists, flush, masked, readJson, writeJson, writeText } from "../../core/index.ts";

const OrderNote = z.strictObject({
  /** From `identityOf`, before the restart. */
  identity: z.string(),
  /** Absolute; there once the command was started. */
  outputPath: z.string(),
});
export type OrderNote = z.infer<typeof OrderNote>;

const FILE = "restart.json";
/** The task's own folder and those around it up to that of the run may all be new. */
const FOLDERS = 4;
/** Of the command's output, in a message. */
const TAIL_LENGTH = 2_000;

/** On disk when it resolves, also if the machine loses its power next. */
export async function keepNote(folder: string, note: OrderNote): Promise<void> {
  await writeJson(join(folder, FILE), note);
  let around = folder;
  for (let i = 0; i < FOLDERS; i++) {
    await flush(around);
    around = dirname(around);
  }
}

export async function noteIn(folder: string): Promise<OrderNote | undefined> {
  const path = join(folder, FILE);
  return (await exists(path)) ? readJson(path, OrderNote) : undefined;
}

export async function forgetNote(folder: string): Promise<void> {
  await rm(join(folder, FILE), { force: true });
}

/**
 * The end of what the command printed; undefined when it was not started. Nobody was there to mask
 * secrets while it printed: it is done now.
 */
export async function outputOf({ outputPath }: OrderNote): Promise<string | undefined> {
  if (!(await exists(outputPath))) return undefined;
  const text = await readFile(outputPath, "utf8");
  const shown = masked(text);
  if (shown !== text) await writeText(outputPath, shown);
  return shown.slice(-TAIL_LENGTH).trim();
}
