/** Whether the files are there that accounts' datasets are made of, and can be read. */
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import type { Settings } from "../config/index.ts";
import type { HealthCheck } from "../orchestration/index.ts";
import { counted, type Flaw, messageOf, summed } from "./findings.ts";

/** Files that paths and patterns name; throws when there are none. */
export type ExpandPaths = (paths: readonly string[]) => Promise<readonly string[]>;

/** Files that are tried: of more that match one pattern the rest will be alike. */
const MAX_TRIED = 1_000;

export async function inputChecks(
  { accounts }: Settings,
  expandPaths: ExpandPaths,
): Promise<HealthCheck[]> {
  const named = new Map(
    accounts.flatMap(({ id, inputs }) =>
      inputs.flatMap(({ paths }) => paths.map((path) => [path, id] as const)),
    ),
  );
  if (named.size === 0) return [];
  const flaws: Flaw[] = [];
  let files = 0;
  for (const [path, account] of named) {
    const found = await filesOf(path, expandPaths);
    files += found.length;
    // it may be brought later, by a task or from outside
    if (found.length === 0) flaws.push({ level: "warning", text: `${account}: no file ${path}` });
    for (const file of found.slice(0, MAX_TRIED)) {
      const flaw = await flawOfReading(file);
      if (flaw !== undefined) flaws.push({ level: "failing", text: `${account}: ${flaw}` });
    }
  }
  const well = `${counted(files, "file")}, readable`;
  const remedy =
    "Bring what is missing before a run needs it, and let the user that runs this read it.";
  return [summed("inputs", flaws, { well, remedy })];
}

/** None when there are none: why is looked at by name. */
async function filesOf(path: string, expandPaths: ExpandPaths): Promise<readonly string[]> {
  try {
    return await expandPaths([path]);
  } catch {
    return [];
  }
}

async function flawOfReading(file: string): Promise<string | undefined> {
  try {
    await access(file, constants.R_OK);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
