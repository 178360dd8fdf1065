import { END, START, StateGraph } from "@langchain/langgraph";
import type { GraphDeps } from "./deps.ts";
import { profilingNodes } from "./nodes/profiling.ts";
import { ProfilingState } from "./state.ts";

/**
 * Profiling: four looks at the same rows at once, then one picture of them.
 *
 *     START ──▶ columns ∥ patterns ∥ keys ∥ dependencies ──▶ compose ──▶ END
 *
 * Reads `staged`. Writes `parts`, `profiles`.
 */
export function profilingGraph(deps: GraphDeps) {
  const { columns, patterns, keys, dependencies, compose } = profilingNodes(deps);

  return new StateGraph(ProfilingState)
    .addNode("columns", columns)
    .addNode("patterns", patterns)
    .addNode("keys", keys)
    .addNode("dependencies", dependencies)
    .addNode("compose", compose)
    .addEdge(START, "columns")
    .addEdge(START, "patterns")
    .addEdge(START, "keys")
    .addEdge(START, "dependencies")
    .addEdge(["columns", "patterns", "keys", "dependencies"], "compose")
    .addEdge("compose", END)
    .compile({ name: "profiling" });
}
