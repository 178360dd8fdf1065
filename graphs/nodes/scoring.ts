import { type LangGraphRunnableConfig, Send } from "@langchain/langgraph";
import { z } from "zod";
import { readJson } from "../../src/core/index.ts";
import { scoreCandidate, Score } from "../../src/stages/scoring/index.ts";
import { Candidate } from "../../src/stages/transformation/index.ts";
import { Verdict } from "../../src/stages/validation/index.ts";
import type { GraphDeps } from "../deps.ts";
import type { ScoringState } from "../state.ts";
import { tablesOf } from "./tables.ts";
import type { CandidatePlace } from "./validation.ts";
import { openWorkspace } from "./workspace.ts";

type State = z.infer<typeof ScoringState>;

export function scoringNodes(deps: GraphDeps) {
  return {
    /** One visit to `score` for each candidate, at once. */
    eachCandidate: ({ run, account, task, dataset, candidates }: State) =>
      Object.keys(candidates).map(
        (id) => new Send("score", { run, account, task, dataset, candidate: id }),
      ),

    score: async (
      place: CandidatePlace,
      config: LangGraphRunnableConfig,
    ): Promise<Partial<State>> => {
      const work = await openWorkspace(deps, place, config);
      work.begin("scoring");
      const id = place.candidate;
      const { artifact } = await work.once(`scores/${id}.json`, Score, async () => {
        const verdict = await readJson(work.path(`verdicts/${id}.json`), Verdict);
        return scoreCandidate({
          candidate: await readJson(work.path(`candidates/${id}.json`), Candidate),
          verdict,
          dataset: await work.dataset(),
          source: await work.source(),
          tables: await tablesOf(work, verdict),
          profile: await work.profile(),
          options: work.settings.quality,
          ask: work.ask,
          signal: work.signal,
        });
      });
      return { scores: { [id]: artifact } };
    },

    collect: async (state: State, config: LangGraphRunnableConfig): Promise<Partial<State>> => {
      const work = await openWorkspace(deps, state, config);
      const ids = Object.keys(state.candidates).toSorted();
      const { value } = await work.once("scores.json", z.array(Score), () =>
        Promise.all(ids.map((id) => readJson(work.path(`scores/${id}.json`), Score))),
      );
      work.finish("scoring", { candidates: value.length });
      return {};
    },
  };
}
