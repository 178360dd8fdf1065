import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { z } from "zod";
import { readJson } from "../../src/core/index.ts";
import { rankCandidates, Ranking } from "../../src/stages/ranking/index.ts";
import { Score } from "../../src/stages/scoring/index.ts";
import { Candidate } from "../../src/stages/transformation/index.ts";
import { Verdict } from "../../src/stages/validation/index.ts";
import type { GraphDeps } from "../deps.ts";
import type { RankingState } from "../state.ts";
import { openWorkspace } from "./workspace.ts";

type State = z.infer<typeof RankingState>;

export function rankingNodes(deps: GraphDeps) {
  return {
    rank: async (state: State, config: LangGraphRunnableConfig): Promise<Partial<State>> => {
      const work = await openWorkspace(deps, state, config);
      work.begin("ranking");
      const ids = Object.keys(state.candidates).toSorted();
      const all = <T>(file: (id: string) => string, shape: z.ZodType<T>) =>
        Promise.all(ids.map((id) => readJson(work.path(file(id)), shape)));
      const { value, artifact } = await work.once("ranking.json", Ranking, async () =>
        rankCandidates({
          candidates: await all((id) => `candidates/${id}.json`, Candidate),
          verdicts: await all((id) => `verdicts/${id}.json`, Verdict),
          scores: await all((id) => `scores/${id}.json`, Score),
          options: work.settings.ranking,
        }),
      );
      work.log.info({ winner: value.winner, policy: value.policy }, "ranked");
      work.finish("ranking", { candidates: ids.length });
      return { rankings: { ranking: artifact } };
    },
  };
}
