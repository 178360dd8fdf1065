import { END, Send, START } from "@langchain/langgraph";
import { nodeName } from "./node-name.ts";
import { tasksGraph } from "./tasks-graph.ts";
import type { TaskNode, TaskSend } from "./task-send.ts";

/**
 * Most tasks that are siblings of one superstep by themselves. LangGraph 1.4.17 races all that are at
 * work anew after each that ends, so its cost grows with their square: 1,000 took half a second,
 * 10,000 a minute.
 */
const MOST_SIBLINGS = 50;
/** Tasks of a batch. LangGraph starts them in one go, about 0.2 ms each, while all others wait. */
const BATCH_SIZE = 25;

/** Tasks one by one when there are few, else in batches of equal size. */
export function batchesOf(ids: readonly string[]): string[][] {
  if (ids.length <= MOST_SIBLINGS) return ids.map((id) => [id]);
  const count = Math.ceil(ids.length / BATCH_SIZE);
  const size = Math.ceil(ids.length / count);
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, i) =>
    ids.slice(i * size, (i + 1) * size),
  );
}

/** A graph of some tasks of a workflow, all siblings of one superstep. */
export function batchGraph(ids: readonly string[], runTask: (id: string) => TaskNode) {
  const graph = tasksGraph();
  for (const id of ids) graph.addNode(nodeName(id), runTask(id)).addEdge(nodeName(id), END);
  const each = ({ run, account, outer }: TaskSend) =>
    ids.map((id) => new Send(nodeName(id), { run, account, outer }));
  graph.addConditionalEdges(
    START,
    each,
    ids.map((id) => nodeName(id)),
  );
  return graph.compile({ name: "batch" });
}
