import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { z } from "zod";
import { readJson, type Sql } from "../../src/core/index.ts";
import {
  composeProfile,
  DependenciesPart,
  findDependencies,
  findKeys,
  KeysPart,
  Profile,
  profileValues,
  type ProfilingInput,
  ValuesPart,
} from "../../src/stages/profiling/index.ts";
import type { GraphDeps } from "../deps.ts";
import type { Place, ProfilingState } from "../state.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

type Update = Partial<z.infer<typeof ProfilingState>>;

export function profilingNodes(deps: GraphDeps) {
  /** One branch: an artifact of its own, made from the rows. */
  const branch =
    <Part>(name: string, shape: z.ZodType<Part>, look: (input: ProfilingInput) => Promise<Part>) =>
    async (place: Place, config: LangGraphRunnableConfig): Promise<Update> => {
      const work = await openWorkspace(deps, place, config);
      work.begin("profiling");
      const { artifact } = await work.once(`parts/${name}.json`, shape, async () =>
        look(await profilingInput(work, await work.source())),
      );
      return { parts: { [name]: artifact } };
    };

  return {
    values: branch("values", ValuesPart, profileValues),
    keys: branch("keys", KeysPart, findKeys),
    dependencies: branch("dependencies", DependenciesPart, findDependencies),

    compose: async (place: Place, config: LangGraphRunnableConfig): Promise<Update> => {
      const work = await openWorkspace(deps, place, config);
      const { value, artifact } = await work.once("profile.json", Profile, async () => {
        const { files } = await work.dataset();
        const profile = composeProfile(await profilingInput(work, await work.source()), {
          ...(await readJson(work.path("parts/values.json"), ValuesPart)),
          keys: await readJson(work.path("parts/keys.json"), KeysPart),
          dependencies: await readJson(work.path("parts/dependencies.json"), DependenciesPart),
        });
        return { ...profile, files: files.map(({ path }) => path) };
      });
      const { rows, columns, dependencies } = value;
      work.finish("profiling", {
        rows,
        columns: columns.length,
        dependencies: dependencies.length,
      });
      return { profiles: { profile: artifact } };
    },
  };
}

/** What the profiling functions need, for the rows of any relation with the dataset's columns. */
export async function profilingInput(work: Workspace, source: Sql): Promise<ProfilingInput> {
  const dataset = await work.dataset();
  return {
    dataset: dataset.name,
    fingerprint: dataset.fingerprint,
    source,
    columns: dataset.columns.map(({ name }) => name),
    rows: dataset.rows,
    options: work.settings.profiling,
    ask: work.ask,
    signal: work.signal,
  };
}
