import { rename, rm, writeFile } from "node:fs/promises";
import { z } from "zod";
import { exists, type Log, readJson } from "../../core/index.ts";
import { killTree, type ProcessTree, treeLives } from "./process-tree.ts";

const Note: z.ZodType<ProcessTree> = z.object({
  pid: z.int().nullable(),
  born: z.string().nullable(),
  mark: z.string(),
});

/** Note a tree, so that it can be found when this process is no more. */
export async function noteTree(path: string, tree: ProcessTree): Promise<void> {
  // Renamed into place: a process may die between any two bytes. It need not outlive the system.
  await writeFile(`${path}.tmp`, JSON.stringify(tree));
  await rename(`${path}.tmp`, path);
}

/**
 * Forget a noted tree: it has ended, or was let go. A note of another tree stays: an attempt that
 * was given up may end when the next one is at work.
 */
export async function forgetTree(path: string, mark: string): Promise<void> {
  const noted = await notedTree(path);
  if (noted?.mark === mark) await rm(path, { force: true });
}

/** End the tree that an earlier attempt noted and left behind, if any of it still lives. */
export async function endLeftover(path: string, graceMs: number, log: Log): Promise<void> {
  const tree = await notedTree(path);
  if (!tree) return;
  if (await treeLives(tree)) {
    log.warn({ pid: tree.pid }, "a command that an earlier attempt left behind is ended");
    await killTree(tree, graceMs, log);
  }
  await forgetTree(path, tree.mark);
}

async function notedTree(path: string): Promise<ProcessTree | undefined> {
  if (!(await exists(path))) return undefined;
  return readJson(path, Note);
}
