import { END, START, StateGraph } from "@langchain/langgraph";
import type { GraphDeps } from "./deps.ts";
import { accountNodes } from "./nodes/account.ts";
import { prepareGraph } from "./prepare.ts";
import { AccountState } from "./state.ts";

/**
 * Account: every dataset of one account on its own.
 *
 *     START ──▶ prepare (one per dataset) ──▶ settle ──▶ END
 *
 * Reads `run`, `account`. Writes `results`.
 */
export function accountGraph(deps: GraphDeps) {
  const prepare = prepareGraph(deps);
  const { eachDataset, runPrepare, settle } = accountNodes(deps, prepare);

  return new StateGraph(AccountState)
    .addNode("prepare", runPrepare, { subgraphs: [prepare] })
    .addNode("settle", settle)
    .addConditionalEdges(START, eachDataset, ["prepare", "settle"])
    .addEdge("prepare", "settle")
    .addEdge("settle", END)
    .compile({ name: "account" });
}
