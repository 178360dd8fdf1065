import { END, START, StateGraph } from "@langchain/langgraph";
import type { GraphDeps } from "./deps.ts";
import { known } from "./nodes/at-work.ts";
import { scoringNodes } from "./nodes/scoring.ts";
import { ScoringState } from "./state.ts";

/**
 * Scoring: every candidate on its own, all at once.
 *
 *     START ──▶ score (one per candidate) ──▶ collect ──▶ END
 *
 * Reads `staged`, `profiles`, `candidates`, `verdicts`. Writes `scores`.
 */
export function scoringGraph(deps: GraphDeps) {
  const { eachCandidate, score, collect } = known(deps, scoringNodes(deps));

  return new StateGraph(ScoringState)
    .addNode("score", score)
    .addNode("collect", collect)
    .addConditionalEdges(START, eachCandidate, ["score"])
    .addEdge("score", "collect")
    .addEdge("collect", END)
    .compile({ name: "scoring" });
}
