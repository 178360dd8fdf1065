import { END, START, StateGraph } from "@langchain/langgraph";
import type { GraphDeps } from "./deps.ts";
import { known } from "./nodes/at-work.ts";
import { transformationNodes } from "./nodes/transformation.ts";
import { TransformationState } from "./state.ts";

/**
 * Transformation: generators propose steps, the combiner makes whole candidates of them.
 *
 *     START ──▶ proposeValues (one per generator) ──▶ normalise ──▶ proposeTable (one per generator) ──▶ combine ──▶ END
 *
 * Reads `staged`, `profiles`. Writes `proposals`, `normalised`, `candidates`.
 */
export function transformationGraph(deps: GraphDeps) {
  const { eachValueGenerator, propose, normalise, eachTableGenerator, combine } = known(
    deps,
    transformationNodes(deps),
  );

  return new StateGraph(TransformationState)
    .addNode("proposeValues", propose)
    .addNode("normalise", normalise)
    .addNode("proposeTable", propose)
    .addNode("combine", combine)
    .addConditionalEdges(START, eachValueGenerator, ["proposeValues", "normalise"])
    .addEdge("proposeValues", "normalise")
    .addConditionalEdges("normalise", eachTableGenerator, ["proposeTable", "combine"])
    .addEdge("proposeTable", "combine")
    .addEdge("combine", END)
    .compile({ name: "transformation" });
}
