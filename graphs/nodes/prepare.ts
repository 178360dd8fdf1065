import { END, type LangGraphRunnableConfig } from "@langchain/langgraph";
import type { z } from "zod";
import { Dataset, fingerprint, Manifest, readJson } from "../../src/core/index.ts";
import { loadDataset } from "../../src/engine/index.ts";
import type { GraphDeps } from "../deps.ts";
import type { Place, PrepareState } from "../state.ts";
import { standing } from "../../src/outputs/index.ts";
import { writeOutputs } from "./outputs.ts";
import { openWorkspace, outputFolderOf, type Workspace } from "./workspace.ts";

type State = z.infer<typeof PrepareState>;

export function prepareNodes(deps: GraphDeps) {
  return {
    /** Stage the dataset; see whether an equal earlier run has answered already. */
    load: async (place: Place, config: LangGraphRunnableConfig): Promise<Partial<State>> => {
      const work = await openWorkspace(deps, place, config);
      work.begin("loading");
      const input = work.settings.inputs.find(({ name }) => name === place.dataset);
      const { value, artifact } = await work.once("dataset.json", Dataset, () =>
        loadDataset({
          name: place.dataset,
          paths: input?.paths ?? [],
          read: input?.read ?? {},
          folder: work.path("staged"),
          ask: work.ask,
          ...(work.signal ? { signal: work.signal } : {}),
        }),
      );
      const { records, rows, rejected, columns } = value;
      work.finish("loading", { records, rows, rejected, columns: columns.length });
      const folder = outputFolderOf(work.settings, place.dataset);
      const reused = await standing(folder, keyOf(work, value, deps.toolVersion));
      if (reused) deps.recorderOf(place.run.runId).reuse(place, "apply");
      return { staged: { dataset: artifact }, reused };
    },

    untilAnswered: ({ reused }: State) => (reused ? END : "profiling"),

    /** Run the winner for good: write everything aside, check the balance, give it its names. */
    apply: async (state: State, config: LangGraphRunnableConfig): Promise<Partial<State>> => {
      const work = await openWorkspace(deps, state, config);
      work.begin("apply");
      const dataset = await work.dataset();
      const folder = outputFolderOf(work.settings, state.dataset);
      const key = keyOf(work, dataset, deps.toolVersion);
      // A process killed after the last rename had finished: its files are not written again.
      if (!(await standing(folder, key))) {
        const timings = deps.recorderOf(state.run.runId).stages(state);
        await writeOutputs(work, { folder, key, tool: deps.toolVersion, timings });
      }
      const { counts } = await readJson(`${folder}/manifest.json`, Manifest);
      const { rowsOut, cellsChanged, rowsQuarantined } = counts;
      work.finish("apply", { rowsOut, cellsChanged, rowsQuarantined });
      return {};
    },
  };
}

/** Equal key, equal outputs: the input's bytes, every setting that decides, the tool's version. */
function keyOf(work: Workspace, dataset: Dataset, tool: string): string {
  const { profiling, transformation, validation, quality, ranking, output } = work.settings;
  const settings = { profiling, transformation, validation, quality, ranking, output };
  return fingerprint({ tool, account: work.settings.id, input: dataset.fingerprint, settings });
}
