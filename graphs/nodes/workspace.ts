import { join, relative } from "node:path";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { z } from "zod";
import { AccountSettings } from "../../src/config/index.ts";
import {
  type Ask,
  Dataset,
  exists,
  fileSha256,
  type Log,
  parquet,
  readJson,
  type Sql,
  WranglerError,
  writeJson,
} from "../../src/core/index.ts";
import type { Counts, Stage } from "../../src/orchestration/index.ts";
import { Profile } from "../../src/stages/profiling/index.ts";
import type { GraphDeps } from "../deps.ts";
import type { Artifact, Place, RunRef, TaskPlace } from "../state.ts";

/** The settings of one account in a run, as the run was started. */
export async function accountOf(
  deps: GraphDeps,
  run: RunRef,
  account: string,
): Promise<AccountSettings> {
  const { accounts } = await deps.settingsOf(run);
  const found = accounts.find(({ id }) => id === account);
  if (!found) throw new WranglerError("ACCOUNT_UNKNOWN", `"${account}".`, { account });
  return found;
}

/** Absolute folder of a task's own files: they go when the run has ended. */
export function taskFolderOf({ run, account, task }: TaskPlace): string {
  return join(run.folder, "work", account, task);
}

/** What a task works on when it is not simply what its account has: kept in the task's folder. */
export const TaskRequest = AccountSettings.pick({ inputs: true, outputFolder: true });
export type TaskRequest = z.infer<typeof TaskRequest>;

/** File in a task's folder. */
export const REQUEST_FILE = "request.json";

/** The settings that hold for a task: those of its account, with its own inputs and output. */
export async function placeSettings(deps: GraphDeps, place: TaskPlace): Promise<AccountSettings> {
  const settings = await accountOf(deps, place.run, place.account);
  const file = join(taskFolderOf(place), REQUEST_FILE);
  return (await exists(file)) ? { ...settings, ...(await readJson(file, TaskRequest)) } : settings;
}

/** Where the files of a dataset go. */
export function outputFolderOf(settings: AccountSettings, dataset: string): string {
  return settings.flat ? settings.outputFolder : join(settings.outputFolder, dataset);
}

/** What the nodes of one dataset work with: its folder, its settings, its engine. */
export interface Workspace {
  readonly place: Place;
  readonly settings: AccountSettings;
  readonly ask: Ask;
  readonly log: Log;
  readonly signal: AbortSignal | undefined;
  /** Absolute path of a file in the dataset's working folder. */
  path(...names: string[]): string;
  dataset(): Promise<Dataset>;
  /** The rows as loaded, as a relation. */
  source(): Promise<Sql>;
  profile(): Promise<Profile>;
  begin(stage: Stage): void;
  finish(stage: Stage, counts: Counts): void;
  /**
   * Make a JSON artifact unless it is there already. The file appears whole, so what a killed
   * process had finished is taken over and not made again, whatever the checkpoint knows of it.
   */
  once<T>(
    name: string,
    shape: z.ZodType<T>,
    make: () => Promise<T>,
    count?: (value: T) => Counts,
  ): Promise<{ value: T; artifact: Artifact }>;
}

export async function openWorkspace(
  deps: GraphDeps,
  place: Place,
  config: Pick<LangGraphRunnableConfig, "signal">,
): Promise<Workspace> {
  const signal = deps.signal ?? config.signal;
  const { run, account, task, dataset } = place;
  const settings = await placeSettings(deps, place);
  const recorder = deps.recorderOf(run.runId);
  const folder = join(taskFolderOf(place), dataset);
  const path = (...names: string[]) => join(folder, ...names);
  const readDataset = () => readJson(path("dataset.json"), Dataset);

  return {
    place: { run, account, task, dataset },
    settings,
    ask: (query, given) => deps.engineOf(run, settings).ask(query, given ?? signal),
    log: recorder.log(account, task, dataset),
    signal,
    path,
    dataset: readDataset,
    source: async () => parquet((await readDataset()).recordsPath),
    profile: () => readJson(path("profile.json"), Profile),
    begin: (stage) => recorder.begin(place, stage),
    finish: (stage, counts) => recorder.finish(place, stage, counts),
    async once(name, shape, make, count = () => ({})) {
      const file = path(name);
      const value = (await exists(file)) ? await readJson(file, shape) : await make();
      if (!(await exists(file))) await writeJson(file, value);
      return { value, artifact: await artifactOf(run, file, count(value)) };
    },
  };
}

/** A file of the working folder as state holds it. */
export async function artifactOf(
  run: RunRef,
  file: string,
  counts: Counts = {},
): Promise<Artifact> {
  return { path: relative(run.folder, file), sha256: await fileSha256(file), counts };
}
