import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { WorkflowDefinition } from "../../src/orchestration/index.ts";
import type { AccountRun, GraphDeps } from "../deps.ts";
import type { RunRef, TaskOutcome } from "../state.ts";

/** The compiled graph of a workflow, as far as the task that it is nested in cares. */
export type NestedGraph = (workflow: WorkflowDefinition) => {
  invoke(
    input: { run: RunRef; account: string; outer: string; outcomes: Record<string, TaskOutcome> },
    config: LangGraphRunnableConfig,
  ): Promise<unknown>;
};

/** What a task's node has around it: for the ports that lead from the task back into the graphs. */
export interface TaskSurroundings {
  readonly deps: GraphDeps;
  readonly account: AccountRun;
  readonly graphOf: NestedGraph;
  readonly run: RunRef;
  /** Of the node. */
  readonly config: LangGraphRunnableConfig;
}
