import { type LangGraphRunnableConfig, Send } from "@langchain/langgraph";
import { z } from "zod";
import { readJson } from "../../src/core/index.ts";
import { Candidate } from "../../src/stages/transformation/index.ts";
import { validateCandidate, Verdict } from "../../src/stages/validation/index.ts";
import type { GraphDeps } from "../deps.ts";
import type { Place, ValidationState } from "../state.ts";
import { openWorkspace } from "./workspace.ts";

type State = z.infer<typeof ValidationState>;

/** One dataset and one of its candidates. */
export interface CandidatePlace extends Place {
  readonly candidate: string;
}

export function validationNodes(deps: GraphDeps) {
  return {
    /** One visit to `validate` for each candidate, at once. */
    eachCandidate: ({ run, account, task, dataset, candidates }: State) =>
      Object.keys(candidates).map(
        (id) => new Send("validate", { run, account, task, dataset, candidate: id }),
      ),

    validate: async (
      place: CandidatePlace,
      config: LangGraphRunnableConfig,
    ): Promise<Partial<State>> => {
      const work = await openWorkspace(deps, place, config);
      work.begin("validation");
      const id = place.candidate;
      const { value, artifact } = await work.once(`verdicts/${id}.json`, Verdict, async () =>
        validateCandidate({
          candidate: await readJson(work.path(`candidates/${id}.json`), Candidate),
          dataset: await work.dataset(),
          source: await work.source(),
          profile: await work.profile(),
          options: work.settings.validation,
          folder: work.path("tables", id),
          ask: work.ask,
          signal: work.signal,
        }),
      );
      const { passed, suggestions } = value;
      work.log.debug({ candidate: id, passed, demoted: suggestions.length }, "validated");
      return { verdicts: { [id]: artifact } };
    },

    collect: async (state: State, config: LangGraphRunnableConfig): Promise<Partial<State>> => {
      const work = await openWorkspace(deps, state, config);
      const ids = Object.keys(state.candidates).toSorted();
      const { value } = await work.once("verdicts.json", z.array(Verdict), () =>
        Promise.all(ids.map((id) => readJson(work.path(`verdicts/${id}.json`), Verdict))),
      );
      const passed = value.filter((verdict) => verdict.passed).length;
      work.finish("validation", { candidates: value.length, passed });
      return {};
    },
  };
}
