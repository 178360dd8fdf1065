import { END, START, StateGraph } from "@langchain/langgraph";
import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import type { WorkflowDefinition } from "../src/orchestration/index.ts";
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
export function masterGraph(
  deps: GraphDeps,
  workflow: WorkflowDefinition,
  checkpointer?: BaseCheckpointSaver,
) {
  const account = accountGraph(deps, workflow);
  const graphOf = (asked: WorkflowDefinition) =>
    asked === workflow ? account : accountGraph(deps, asked);
  const { plan, eachAccount, runAccounts, report } = masterNodes(deps, graphOf);

  return new StateGraph(OrchestrationState)
    .addNode("plan", plan)
    .addNode("account", runAccounts, { subgraphs: [account] })
    .addNode("report", report)
    .addEdge(START, "plan")
    .addConditionalEdges("plan", eachAccount, ["account", "report"])
    .addEdge("account", "report")
    .addEdge("report", END)
    .compile({ name: "master", ...(checkpointer ? { checkpointer } : {}) });
}
