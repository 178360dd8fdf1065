import { AsyncResource } from "node:async_hooks";
import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import type { WorkflowDefinition } from "../src/orchestration/index.ts";
import type { GraphDeps } from "./deps.ts";
import { allowManySiblings, RECURSION_LIMIT } from "./limits.ts";
import { masterGraph } from "./master.ts";
import { LateWrites } from "./nodes/late-writes.ts";
import type { RunRef } from "./state.ts";

/**
 * The context of no graph. LangGraph takes a graph that is invoked while another is at work for a
 * part of that one; a run may well be started by who listens to another.
 */
const OUTSIDE = new AsyncResource("data-wrangler run");

/** The master graph behind a plain interface: what runs it need not know LangGraph. */
export function runnableMaster(deps: GraphDeps, saver: BaseCheckpointSaver) {
  const checkpointer = new LateWrites(saver, deps.clock);
  allowManySiblings();

  /** Start a run, or go on from its last checkpoint; returns when it has ended or waits. */
  return async (
    run: RunRef,
    workflow: WorkflowDefinition,
    accounts: readonly string[],
  ): Promise<void> => {
    const graph = masterGraph(deps, workflow, checkpointer);
    const thread_id = threadOf(run);
    const kept = await checkpointer.getTuple({ configurable: { thread_id } });
    const input = kept ? null : { run, accounts: [...accounts] };
    await OUTSIDE.runInAsyncScope(() =>
      graph.invoke(input, {
        configurable: { thread_id },
        durability: "sync",
        recursionLimit: RECURSION_LIMIT,
      }),
    );
  };
}

/** A thread is a run's; each round of a run that was ended and taken up again has one of its own. */
function threadOf({ runId, round }: RunRef): string {
  return round === 1 ? runId : `${runId}.${round}`;
}
