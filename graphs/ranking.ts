import { END, START, StateGraph } from "@langchain/langgraph";
import type { GraphDeps } from "./deps.ts";
import { known } from "./nodes/at-work.ts";
import { rankingNodes } from "./nodes/ranking.ts";
import { RankingState } from "./state.ts";

/**
 * Ranking: all candidates in one order.
 *
 *     START ──▶ rank ──▶ END
 *
 * Reads `candidates`, `verdicts`, `scores`. Writes `rankings`.
 */
export function rankingGraph(deps: GraphDeps) {
  const { rank } = known(deps, rankingNodes(deps));

  return new StateGraph(RankingState)
    .addNode("rank", rank)
    .addEdge(START, "rank")
    .addEdge("rank", END)
    .compile({ name: "ranking" });
}
