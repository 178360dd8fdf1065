import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import { WranglerError } from "../src/core/index.ts";
import type { AccountSummary } from "../src/orchestration/index.ts";
import type { GraphDeps } from "./deps.ts";
import { allowManySiblings, RECURSION_LIMIT } from "./limits.ts";
import { masterGraph } from "./master.ts";
import type { RunRef } from "./state.ts";

/** The master graph behind a plain interface: what runs it need not know LangGraph. */
export function runnableMaster(deps: GraphDeps, checkpointer: BaseCheckpointSaver) {
  const graph = masterGraph(deps, checkpointer);
  allowManySiblings();

  const invoke = async (
    input: { run: RunRef; accounts: string[] } | null,
    runId: string,
    signal: AbortSignal | undefined,
  ): Promise<readonly AccountSummary[]> => {
    const end = await graph.invoke(input, {
      configurable: { thread_id: runId },
      durability: "sync",
      recursionLimit: RECURSION_LIMIT,
      ...(signal ? { signal } : {}),
    });
    if (signal?.aborted) throw new WranglerError("CANCELED", `Run ${runId}.`, { runId });
    return Object.values(end.summaries).toSorted((a, b) => (a.account < b.account ? -1 : 1));
  };

  return {
    start: (run: RunRef, accounts: readonly string[], signal?: AbortSignal) =>
      invoke({ run, accounts: [...accounts] }, run.runId, signal),

    async resume(runId: string, signal?: AbortSignal) {
      const kept = await checkpointer.getTuple({ configurable: { thread_id: runId } });
      return kept ? invoke(null, runId, signal) : undefined;
    },
  };
}
