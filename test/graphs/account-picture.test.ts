import { expect, test } from "vitest";
import { accountGraph, type GraphDeps } from "../../graphs/index.ts";
import type { WorkflowDefinition } from "../../src/orchestration/index.ts";
import { systemClock } from "../../src/core/index.ts";
import { lockFolder } from "../../src/stores/index.ts";
import { taskDefinition, workflowDefinition } from "../helpers/workflow-definition.ts";

/** Nothing runs here: the graphs are only drawn. */
const unused = () => {
  throw new Error("not to be called");
};
const deps: GraphDeps = {
  toolVersion: "0",
  clock: systemClock,
  handOver: unused,
  engineOf: unused,
  closeEngine: unused,
  recorderOf: unused,
  lockFolder,
  settingsOf: unused,
  openAccount: unused,
  accountRun: unused,
};

/** Names of the nodes and edges of the compiled graph, as LangGraph and its Studio draw it. */
async function drawn(workflow: WorkflowDefinition) {
  const { nodes, edges } = await accountGraph(deps, workflow).getGraphAsync();
  return {
    nodes: Object.keys(nodes).toSorted(),
    edges: edges.map(({ source, target }) => `${source} > ${target}`).toSorted(),
  };
}

test("the picture has the tasks as they are declared, and an edge for each dependency", async () => {
  const workflow = workflowDefinition("daily", [
    taskDefinition("get"),
    taskDefinition("clean", ["get"]),
    taskDefinition("mail.out", ["clean", "get"], { trigger: "all_done" }),
    taskDefinition("alone"),
  ]);
  expect(await drawn(workflow)).toEqual({
    nodes: ["__end__", "__start__", "alone", "clean", "get", "mail.out", "settle"],
    edges: [
      "__start__ > alone",
      "__start__ > get",
      "alone > settle",
      "clean > mail.out",
      "get > clean",
      "get > mail.out",
      "mail.out > settle",
      "settle > __end__",
    ],
  });
});

test("a task named like a channel or a node of the graph itself is told apart", async () => {
  const workflow = workflowDefinition("daily", [
    taskDefinition("run"),
    taskDefinition("settle", ["run"]),
    taskDefinition("outer", ["settle"]),
  ]);
  expect(await drawn(workflow)).toEqual({
    nodes: ["__end__", "__start__", "outer (task)", "run (task)", "settle", "settle (task)"],
    edges: [
      "__start__ > run (task)",
      "outer (task) > settle",
      "run (task) > settle (task)",
      "settle (task) > outer (task)",
      "settle > __end__",
    ],
  });
});

test("a workflow that runs in batches is drawn task by task all the same", async () => {
  const tasks = Array.from({ length: 300 }, (_, i) =>
    taskDefinition(`t${i}`, i < 100 ? [] : [`t${i - 100}`, `t${(i - 99) % 100}`]),
  );
  const { nodes, edges } = await drawn(workflowDefinition("wide", tasks));
  expect(nodes).toHaveLength(303);
  const between = tasks.flatMap(({ id, dependsOn }) => dependsOn.map((from) => `${from} > ${id}`));
  expect(edges).toEqual(expect.arrayContaining([...new Set(between)]));
  expect(edges.filter((edge) => edge.startsWith("__start__"))).toHaveLength(100);
});
