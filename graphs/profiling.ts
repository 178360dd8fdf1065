import { END, START, StateGraph } from "@langchain/langgraph";
import type { GraphDeps } from "./deps.ts";
import { known } from "./nodes/at-work.ts";
import { profilingNodes } from "./nodes/profiling.ts";
import { ProfilingState } from "./state.ts";

/**
 * Profiling: three looks at the same rows at once, then one picture of them.
 *
 *     START ──▶ values ∥ keys ∥ dependencies ──▶ compose ──▶ END
 *
 * Reads `staged`. Writes `parts`, `profiles`.
 */
export function profilingGraph(deps: GraphDeps) {
  const { values, keys, dependencies, compose } = known(deps, profilingNodes(deps));

  return new StateGraph(ProfilingState)
    .addNode("values", values)
    .addNode("keys", keys)
    .addNode("dependencies", dependencies)
    .addNode("compose", compose)
    .addEdge(START, "values")
    .addEdge(START, "keys")
    .addEdge(START, "dependencies")
    .addEdge(["values", "keys", "dependencies"], "compose")
    .addEdge("compose", END)
    .compile({ name: "profiling" });
}
