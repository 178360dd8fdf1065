import { END, START } from "@langchain/langgraph";
import type { WorkflowDefinition } from "../src/orchestration/index.ts";
import type { GraphDeps } from "./deps.ts";
import { accountNodes } from "./nodes/account.ts";
import { nodeName } from "./nodes/node-name.ts";
import { tasksGraph } from "./nodes/tasks-graph.ts";

/**
 * Account: the tasks of one workflow, as it was declared.
 *
 *     START ──▶ tasks, each when its dependencies let it ──▶ settle ──▶ END
 *
 * Every task is a node, and all are sent to in the one superstep after START; each waits in its
 * node until its trigger rule is certain. Edges between tasks are for the picture: LangGraph would
 * hold a task behind all that happen to run beside its dependencies.
 *
 * Reads `run`, `account`, `outer`. Writes `outcomes`.
 */
export function accountGraph(deps: GraphDeps, workflow: WorkflowDefinition) {
  const { tasks } = workflow;
  const { everyTask, runTask, neverTaken, settle } = accountNodes(deps, workflow, (nested) =>
    accountGraph(deps, nested),
  );

  const graph = tasksGraph();
  graph.addNode("settle", settle);
  for (const { id } of tasks) graph.addNode(nodeName(id), runTask(id));
  const roots = tasks.filter(({ dependsOn }) => dependsOn.length === 0);
  graph.addConditionalEdges(
    START,
    everyTask,
    roots.map(({ id }) => nodeName(id)),
  );
  for (const [id, after] of followersOf(tasks)) {
    if (after.length === 0) graph.addEdge(nodeName(id), "settle");
    else
      graph.addConditionalEdges(
        nodeName(id),
        neverTaken,
        after.map((next) => nodeName(next)),
      );
  }
  graph.addEdge("settle", END);
  return graph.compile({ name: "account" });
}

/** Of each task those that depend on it. */
function followersOf(tasks: WorkflowDefinition["tasks"]): Map<string, string[]> {
  const followers = new Map<string, string[]>(tasks.map(({ id }) => [id, []]));
  for (const { id, dependsOn } of tasks) {
    for (const parent of dependsOn) followers.get(parent)?.push(id);
  }
  return followers;
}
