import { readdir } from "node:fs/promises";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { Candidate } from "../src/stages/transformation/index.ts";
import { exists, readJson } from "../src/core/index.ts";
import type { Stage } from "../src/orchestration/index.ts";
import type { GraphDeps } from "./deps.ts";
import { allowManySiblings, RECURSION_LIMIT } from "./limits.ts";
import { known } from "./nodes/at-work.ts";
import { prepareNodes } from "./nodes/prepare.ts";
import { artifactOf, openWorkspace } from "./nodes/workspace.ts";
import { profilingGraph } from "./profiling.ts";
import { rankingGraph } from "./ranking.ts";
import { scoringGraph } from "./scoring.ts";
import type { Artifact, Place } from "./state.ts";
import { transformationGraph } from "./transformation.ts";
import { validationGraph } from "./validation.ts";

/** Stages that make an artifact, in order. */
const ORDER = ["profiling", "transformation", "validation", "scoring", "ranking"] as const;

/** What a stage leaves in the working folder; a file that is there already is not made again. */
export const STAGE_FILE = {
  profiling: "profile.json",
  transformation: "candidates.json",
  validation: "verdicts.json",
  scoring: "scores.json",
  ranking: "ranking.json",
} as const satisfies Record<(typeof ORDER)[number], string>;

/**
 * Single stages: the graphs of `prepare`, run one after another up to the one asked for, without
 * checkpoints. A stage whose artifact lies in the working folder counts as done, so that a command
 * can put there what an earlier one wrote.
 */
export function stageChain(deps: GraphDeps) {
  allowManySiblings();
  const { load } = known(deps, prepareNodes(deps));
  const graphs = {
    profiling: profilingGraph(deps),
    transformation: transformationGraph(deps),
    validation: validationGraph(deps),
    scoring: scoringGraph(deps),
    ranking: rankingGraph(deps),
  };

  return async (
    place: Place,
    upTo: Exclude<Stage, "loading" | "apply">,
    signal?: AbortSignal,
  ): Promise<void> => {
    const config: LangGraphRunnableConfig = {
      recursionLimit: RECURSION_LIMIT,
      ...(signal ? { signal } : {}),
    };
    const work = await openWorkspace(deps, place, config);
    const { staged } = await load(place, config);
    const state = { ...place, staged: staged ?? {}, candidates: {} };
    for (const stage of ORDER.slice(0, ORDER.indexOf(upTo) + 1)) {
      if (await exists(work.path(STAGE_FILE[stage]))) {
        if (stage === "transformation") state.candidates = await candidatesIn(work);
        continue;
      }
      Object.assign(state, await graphs[stage].invoke(state, config));
    }
  };
}

/** The candidates in a working folder as state holds them. */
async function candidatesIn(
  work: Awaited<ReturnType<typeof openWorkspace>>,
): Promise<Record<string, Artifact>> {
  const found: Record<string, Artifact> = {};
  const names = (await readdir(work.path("candidates"))).filter((name) => name.endsWith(".json"));
  for (const name of names.toSorted()) {
    const file = work.path("candidates", name);
    const { id, recipe } = await readJson(file, Candidate);
    found[id] = await artifactOf(work.place.run, file, { steps: recipe.steps.length });
  }
  return found;
}
