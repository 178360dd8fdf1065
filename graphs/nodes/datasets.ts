import { join } from "node:path";
import { isGraphBubbleUp, type LangGraphRunnableConfig, Send } from "@langchain/langgraph";
import type { z } from "zod";
import { exists, Manifest, readJson } from "../../src/core/index.ts";
import { type DatasetSummary, maskedFailure, type Stage } from "../../src/orchestration/index.ts";
import type { GraphDeps } from "../deps.ts";
import type { DatasetsState, Place } from "../state.ts";
import { nestedConfig } from "./nested.ts";
import { handOut } from "./stage-outputs.ts";
import { outputFolderOf, placeSettings } from "./workspace.ts";

type State = z.infer<typeof DatasetsState>;
type LastStage = State["upTo"];

/** What one dataset's node is sent. */
interface DatasetSend extends Place {
  readonly upTo: LastStage;
}

/** The compiled prepare graph, as far as its caller cares. */
interface PrepareRunner {
  invoke(input: Place, config: LangGraphRunnableConfig): Promise<{ reused: boolean }>;
}

type StageRunner = (
  place: Place,
  upTo: Exclude<Stage, "loading" | "apply">,
  signal?: AbortSignal,
) => Promise<void>;

/** Who does the work. */
interface Runners {
  readonly deps: GraphDeps;
  readonly prepare: PrepareRunner;
  readonly chain: StageRunner;
}

export function datasetsNodes(deps: GraphDeps, prepare: PrepareRunner, chain: StageRunner) {
  return {
    /** One visit to `prepare` for each dataset, at once. */
    eachDataset: ({ run, account, task, datasets, upTo }: State) =>
      datasets.length === 0
        ? "settle"
        : datasets.map((dataset) => new Send("prepare", { run, account, task, dataset, upTo })),

    /** One dataset, start to end. Its failure becomes its result and stops no other dataset. */
    runPrepare: (place: DatasetSend, config: LangGraphRunnableConfig): Promise<Partial<State>> => {
      const ended = runDataset({ deps, prepare, chain }, place, config);
      deps.atWork?.add(ended);
      return ended;
    },

    /** All datasets have ended. */
    settle: (): Partial<State> => ({}),
  };
}

async function runDataset(
  runners: Runners,
  place: DatasetSend,
  config: LangGraphRunnableConfig,
): Promise<Partial<State>> {
  const { deps } = runners;
  const { run, account, task, dataset, upTo } = place;
  const recorder = deps.recorderOf(run.runId);
  const signal = deps.signal ?? config.signal;
  const startedMs = performance.now();
  const folder = outputFolderOf(await placeSettings(deps, place), dataset);
  let result: DatasetSummary;
  try {
    result =
      upTo === "apply"
        ? await upToEnd(runners, place, folder, config)
        : await upToStage(runners, { place, upTo }, folder, signal);
  } catch (error) {
    if (isGraphBubbleUp(error) || signal?.aborted) throw error;
    const failure = maskedFailure(error, `${account}/${dataset}`);
    recorder.log(account, task, dataset).error({ failure }, "dataset failed");
    recorder.fail(place, failure);
    result = { ...nothing(place, folder), status: "FAILED", failure };
  }
  const durationMs = Math.round(performance.now() - startedMs);
  return { results: { [dataset]: { ...result, durationMs } } };
}

async function upToEnd(
  { deps, prepare }: Runners,
  { run, account, task, dataset }: Place,
  folder: string,
  config: LangGraphRunnableConfig,
): Promise<DatasetSummary> {
  const place = { run, account, task, dataset };
  const release = await deps.lockFolder(folder);
  try {
    const { reused } = await prepare.invoke(place, nestedConfig(config));
    return await completed(place, folder, reused);
  } finally {
    await deps.atWork?.ended(dataset);
    await release();
  }
}

async function upToStage(
  { chain }: Runners,
  { place, upTo }: { readonly place: Place; readonly upTo: Exclude<LastStage, "apply"> },
  folder: string,
  signal: AbortSignal | undefined,
): Promise<DatasetSummary> {
  await chain(place, upTo, signal);
  await handOut(place, upTo, folder);
  return nothing(place, folder);
}

async function completed(place: Place, folder: string, reused: boolean): Promise<DatasetSummary> {
  const manifest = await readJson(join(folder, "manifest.json"), Manifest);
  const reportPath = join(folder, "report.html");
  const { winner, qualityBefore, qualityAfter, counts } = manifest;
  return {
    ...nothing(place, folder),
    ...counts,
    reused,
    winner,
    qualityBefore,
    qualityAfter,
    reportPath: (await exists(reportPath)) ? reportPath : null,
  };
}

function nothing({ account, dataset }: Place, outputFolder: string): DatasetSummary {
  return {
    account,
    dataset,
    status: "COMPLETED",
    reused: false,
    outputFolder,
    reportPath: null,
    recordsIn: 0,
    rowsOut: 0,
    rowsQuarantined: 0,
    duplicatesRemoved: 0,
    cellsChanged: 0,
    cellsQuarantined: 0,
    winner: null,
    qualityBefore: null,
    qualityAfter: null,
    durationMs: 0,
    failure: null,
  };
}
