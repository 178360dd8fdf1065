import { END, START, StateGraph } from "@langchain/langgraph";
import type { GraphDeps } from "./deps.ts";
import { known } from "./nodes/at-work.ts";
import { validationNodes } from "./nodes/validation.ts";
import { ValidationState } from "./state.ts";

/**
 * Validation: every candidate on its own, all at once.
 *
 *     START ──▶ validate (one per candidate) ──▶ collect ──▶ END
 *
 * Reads `staged`, `profiles`, `candidates`. Writes `verdicts`.
 */
export function validationGraph(deps: GraphDeps) {
  const { eachCandidate, validate, collect } = known(deps, validationNodes(deps));

  return new StateGraph(ValidationState)
    .addNode("validate", validate)
    .addNode("collect", collect)
    .addConditionalEdges(START, eachCandidate, ["validate"])
    .addEdge("validate", "collect")
    .addEdge("collect", END)
    .compile({ name: "validation" });
}
