import { cp, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { exists, Manifest, readJson, writeText } from "../../src/core/index.ts";
import type { Stage } from "../../src/orchestration/index.ts";
import { STAGE_FILE } from "../chain.ts";
import type { Place } from "../state.ts";
import { taskFolderOf } from "./workspace.ts";

type MiddleStage = Exclude<Stage, "loading" | "apply">;

/** Put what a single stage made into the output folder, for people and for other tasks. */
export async function handOut(place: Place, stage: MiddleStage, folder: string): Promise<void> {
  const work = join(taskFolderOf(place), place.dataset);
  await mkdir(folder, { recursive: true });
  const name = STAGE_FILE[stage];
  await writeText(join(folder, name), await readFile(join(work, name), "utf8"));
  if (stage !== "transformation") return;
  await cp(join(work, "candidates"), join(folder, "candidates"), { recursive: true });
}

/** The files of a dataset that other tasks go on with: the cleaned tables, or what a stage made. */
export async function filesOf(folder: string, stage: MiddleStage | "apply"): Promise<string[]> {
  if (stage !== "apply") return [join(folder, STAGE_FILE[stage])];
  const names = (await exists(join(folder, "manifest.json")))
    ? Object.keys((await readJson(join(folder, "manifest.json"), Manifest)).files)
    : await readdir(folder);
  return names
    .filter((name) => name.startsWith("cleaned."))
    .toSorted()
    .map((name) => join(folder, name));
}
