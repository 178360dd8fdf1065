import { END, START, StateGraph } from "@langchain/langgraph";
import type { GraphDeps } from "./deps.ts";
import { known } from "./nodes/at-work.ts";
import { prepareNodes } from "./nodes/prepare.ts";
import { profilingGraph } from "./profiling.ts";
import { rankingGraph } from "./ranking.ts";
import { scoringGraph } from "./scoring.ts";
import { PrepareState } from "./state.ts";
import { transformationGraph } from "./transformation.ts";
import { validationGraph } from "./validation.ts";

/**
 * Prepare: one dataset, from the file that came in to the files that go out.
 *
 *     START ──▶ load ──▶ profiling ──▶ transformation ──▶ validation ──▶ scoring ──▶ ranking ──▶ apply ──▶ END
 *                 └── outputs of an equal earlier run stand ─────────────────────────────────────▶ END
 *
 * Reads `run`, `account`, `dataset`. Writes one artifact channel per stage.
 */
export function prepareGraph(deps: GraphDeps) {
  const { load, untilAnswered, apply } = known(deps, prepareNodes(deps));

  return new StateGraph(PrepareState)
    .addNode("load", load)
    .addNode("profiling", profilingGraph(deps))
    .addNode("transformation", transformationGraph(deps))
    .addNode("validation", validationGraph(deps))
    .addNode("scoring", scoringGraph(deps))
    .addNode("ranking", rankingGraph(deps))
    .addNode("apply", apply)
    .addEdge(START, "load")
    .addConditionalEdges("load", untilAnswered, ["profiling", END])
    .addEdge("profiling", "transformation")
    .addEdge("transformation", "validation")
    .addEdge("validation", "scoring")
    .addEdge("scoring", "ranking")
    .addEdge("ranking", "apply")
    .addEdge("apply", END)
    .compile({ name: "prepare" });
}
