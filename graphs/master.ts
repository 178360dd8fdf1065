import { END, START, StateGraph } from "@langchain/langgraph";
import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import { accountGraph } from "./account.ts";
import type { GraphDeps } from "./deps.ts";
import { masterNodes } from "./nodes/master.ts";
import { OrchestrationState } from "./state.ts";

/**
 * Master: a whole run, account by account.
 *
 *     START ──▶ plan ──▶ account (one per account, isolated) ──▶ report ──▶ END
 *
 * Reads `run`, `accounts`. Writes `summaries`.
 */
export function masterGraph(deps: GraphDeps, checkpointer?: BaseCheckpointSaver) {
  const account = accountGraph(deps);
  const { plan, eachAccount, runAccount, report } = masterNodes(deps, account);

  return new StateGraph(OrchestrationState)
    .addNode("plan", plan)
    .addNode("account", runAccount, { subgraphs: [account] })
    .addNode("report", report)
    .addEdge(START, "plan")
    .addConditionalEdges("plan", eachAccount, ["account", "report"])
    .addEdge("account", "report")
    .addEdge("report", END)
    .compile({ name: "master", ...(checkpointer ? { checkpointer } : {}) });
}
