import { END, START, StateGraph } from "@langchain/langgraph";
import type { GraphDeps } from "./deps.ts";
import { stageChain } from "./chain.ts";
import { datasetsNodes } from "./nodes/datasets.ts";
import { prepareGraph } from "./prepare.ts";
import { DatasetsState } from "./state.ts";

/**
 * Datasets: every dataset of a task on its own.
 *
 *     START ──▶ prepare (one per dataset) ──▶ settle ──▶ END
 *
 * Reads `run`, `account`, `task`, `datasets`, `upTo`. Writes `results`.
 */
export function datasetsGraph(deps: GraphDeps) {
  const prepare = prepareGraph(deps);
  const { eachDataset, runPrepare, settle } = datasetsNodes(deps, prepare, stageChain(deps));

  return new StateGraph(DatasetsState)
    .addNode("prepare", runPrepare, { subgraphs: [prepare] })
    .addNode("settle", settle)
    .addConditionalEdges(START, eachDataset, ["prepare", "settle"])
    .addEdge("prepare", "settle")
    .addEdge("settle", END)
    .compile({ name: "datasets" });
}
