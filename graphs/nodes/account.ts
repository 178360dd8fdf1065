import { join } from "node:path";
import { isGraphBubbleUp, type LangGraphRunnableConfig, Send } from "@langchain/langgraph";
import type { z } from "zod";
import { exists, failureOf, Manifest, readJson } from "../../src/core/index.ts";
import type { DatasetSummary } from "../../src/orchestration/index.ts";
import type { GraphDeps } from "../deps.ts";
import type { AccountState, Place } from "../state.ts";
import { nestedConfig } from "./nested.ts";
import { accountOf, outputFolderOf } from "./workspace.ts";

type State = z.infer<typeof AccountState>;

/** The compiled prepare graph, as far as its caller cares. */
interface PrepareRunner {
  invoke(input: Place, config: LangGraphRunnableConfig): Promise<{ reused: boolean }>;
}

export function accountNodes(deps: GraphDeps, prepare: PrepareRunner) {
  return {
    /** One visit to `prepare` for each dataset, at once. */
    eachDataset: async ({ run, account }: State) => {
      const { inputs } = await accountOf(run, account);
      if (inputs.length === 0) return "settle";
      return inputs.map(({ name }) => new Send("prepare", { run, account, dataset: name }));
    },

    /** One dataset, start to end. Its failure becomes its result and stops no other dataset. */
    runPrepare: async (place: Place, config: LangGraphRunnableConfig): Promise<Partial<State>> => {
      const { run, account, dataset } = place;
      const recorder = deps.recorderOf(run.runId);
      const startedMs = performance.now();
      const settings = await accountOf(run, account);
      const folder = outputFolderOf(settings, dataset);
      const spent = () => Math.round(performance.now() - startedMs);
      let result: DatasetSummary;
      try {
        const release = await deps.lockFolder(folder);
        try {
          const end = await prepare.invoke({ run, account, dataset }, nestedConfig(config));
          result = await completed(place, folder, end.reused, spent());
        } finally {
          await release();
        }
      } catch (error) {
        if (isGraphBubbleUp(error) || config.signal?.aborted) throw error;
        const failure = failureOf(error, `${account}/${dataset}`);
        recorder.log(account, dataset).error({ failure }, "dataset failed");
        recorder.fail(account, dataset, failure);
        result = { ...nothing(place, folder, spent()), status: "FAILED", failure };
      }
      return { results: { [dataset]: result } };
    },

    /** All datasets have ended; the account's engine is stopped by the caller. */
    settle: (): Partial<State> => ({}),
  };
}

async function completed(
  place: Place,
  folder: string,
  reused: boolean,
  durationMs: number,
): Promise<DatasetSummary> {
  const manifest = await readJson(join(folder, "manifest.json"), Manifest);
  const reportPath = join(folder, "report.html");
  const { winner, qualityBefore, qualityAfter, counts } = manifest;
  return {
    ...nothing(place, folder, durationMs),
    ...counts,
    reused,
    winner,
    qualityBefore,
    qualityAfter,
    reportPath: (await exists(reportPath)) ? reportPath : null,
  };
}

function nothing(
  { account, dataset }: Place,
  outputFolder: string,
  durationMs: number,
): DatasetSummary {
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
    durationMs,
    failure: null,
  };
}
