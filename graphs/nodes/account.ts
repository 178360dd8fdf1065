import { GraphInterrupt, type LangGraphRunnableConfig, Send } from "@langchain/langgraph";
import type { z } from "zod";
import type { TaskRecord, WorkflowDefinition } from "../../src/orchestration/index.ts";
import type { GraphDeps } from "../deps.ts";
import type { AccountState, TaskOutcome } from "../state.ts";
import { batchGraph, batchesOf } from "./batch.ts";
import { nestedConfig } from "./nested.ts";
import { endNested } from "./nested-workflow.ts";
import { nodeName } from "./node-name.ts";
import { performOf } from "./task-ports.ts";
import type { TaskNode, TaskSend } from "./task-send.ts";
import type { NestedGraph } from "./task-surroundings.ts";
import { turns } from "./turns.ts";

type State = z.infer<typeof AccountState>;

export function accountNodes(deps: GraphDeps, workflow: WorkflowDefinition, graphOf: NestedGraph) {
  const batches = batchesOf(workflow.tasks.map(({ id }) => id));
  const tasks = new Map(workflow.tasks.map((task) => [task.id, task]));
  const turn = turns();

  const runTask =
    (id: string): TaskNode =>
    async (place, config) => {
      const { batch } = place;
      if (batch) return runBatch(batch, place, config);
      const account = deps.accountRun(place.run.runId, place.account);
      const around = { deps, account, graphOf, run: place.run, config };
      const perform = performOf(around);
      const scope = account.scope(place.outer);
      const task = tasks.get(id);
      if (task) await endNested(around, task, scope.pathOf(id), perform);
      const record = await scope.run(id, perform);
      if (!record) return notYet();
      return { outcomes: { [id]: outcomeOf(record) } };
    };

  /**
   * Many tasks as one sibling: a graph of their own, so that no superstep has too many. Batches begin
   * one by one, so that other accounts do not wait until all have begun.
   */
  const runBatch = async (
    batch: readonly string[],
    { run, account, outer }: TaskSend,
    config: LangGraphRunnableConfig,
  ): Promise<Partial<State>> => {
    await turn();
    const graph = batchGraph(batch, runTask);
    const { outcomes } = await graph.invoke(
      { run, account, outer, outcomes: {} },
      nestedConfig(config),
    );
    return batch.every((id) => id in outcomes) ? { outcomes } : notYet();
  };

  return {
    /** All tasks at once. */
    everyTask: ({ run, account, outer }: State) =>
      batches.map(([first = "", ...rest]) => {
        const batch = rest.length > 0 ? { batch: [first, ...rest] } : {};
        return new Send(nodeName(first), { run, account, outer, ...batch });
      }),

    runTask,

    /** The dependents of a task are at work already: they wait in their nodes. */
    neverTaken: () => [],

    /** All tasks have ended. */
    settle: (): Partial<State> => ({}),
  };
}

/** Leaves no trace in the checkpoint: the node is asked again when the run is resumed. */
function notYet(): never {
  throw new GraphInterrupt([]);
}

function outcomeOf({ status, attempts, durationMs }: TaskRecord): TaskOutcome {
  return { status, attempts, durationMs: durationMs ?? 0 };
}
