import { type LangGraphRunnableConfig, Send } from "@langchain/langgraph";
import { z } from "zod";
import { parquet, readJson, type Sql } from "../../src/core/index.ts";
import { executeRecipe } from "../../src/recipe/index.ts";
import { Dependency, findDependencies } from "../../src/stages/profiling/index.ts";
import {
  Candidate,
  combine,
  type GeneratorContext,
  normalisation,
  Proposal,
  selectedGenerators,
  type Wave,
} from "../../src/stages/transformation/index.ts";
import { leaksOf } from "../../src/stages/validation/index.ts";
import type { GraphDeps } from "../deps.ts";
import type { Place, TransformationState } from "../state.ts";
import { profilingInput } from "./profiling.ts";
import { accountOf, artifactOf, openWorkspace, type Workspace } from "./workspace.ts";

type State = z.infer<typeof TransformationState>;

/** One dataset and the generator that is to look at it. */
interface GeneratorPlace extends Place {
  readonly generator: string;
}

/** What the first wave left: the relation that the second one sees, and its dependencies. */
const Normalised = z.object({ source: z.string(), dependencies: z.array(Dependency) });

export function transformationNodes(deps: GraphDeps) {
  return {
    /** One visit to `proposeValues` for each generator that looks at single cells. */
    eachValueGenerator: eachGenerator(deps, "values", "proposeValues", "normalise"),
    /** One visit to `proposeTable` for each generator that looks at cells and rows together. */
    eachTableGenerator: eachGenerator(deps, "table", "proposeTable", "combine"),

    propose: async (
      place: GeneratorPlace,
      config: LangGraphRunnableConfig,
    ): Promise<Partial<State>> => {
      const work = await openWorkspace(deps, place, config);
      work.begin("transformation");
      const { generator } = place;
      const { value, artifact } = await work.once(
        `proposals/${generator}.json`,
        z.array(Proposal),
        () => proposalsBy(work, generator),
        (proposals) => ({ proposals: proposals.length }),
      );
      work.log.debug({ generator, proposals: value.length }, "proposed");
      return { proposals: { [generator]: artifact } };
    },

    normalise: async (state: State, config: LangGraphRunnableConfig): Promise<Partial<State>> => {
      const work = await openWorkspace(deps, state, config);
      work.begin("transformation");
      const { artifact } = await work.once("normalised.json", Normalised, () =>
        normaliseRows(work),
      );
      return { normalised: { rows: artifact } };
    },

    combine: async (state: State, config: LangGraphRunnableConfig): Promise<Partial<State>> => {
      const work = await openWorkspace(deps, state, config);
      const { value } = await work.once("candidates.json", z.array(Candidate), () =>
        combineAll(work),
      );
      const candidates: State["candidates"] = {};
      for (const candidate of value) {
        const name = `candidates/${candidate.id}.json`;
        await work.once(name, Candidate, () => Promise.resolve(candidate));
        const counts = { steps: candidate.recipe.steps.length };
        candidates[candidate.id] = await artifactOf(state.run, work.path(name), counts);
      }
      work.finish("transformation", { candidates: value.length });
      return { candidates };
    },
  };
}

function eachGenerator(deps: GraphDeps, wave: Wave, node: string, otherwise: string) {
  return async ({ run, account, task, dataset }: State) => {
    const { transformation } = await accountOf(deps, run, account);
    const sends = selectedGenerators(transformation, wave).map(
      ({ name }) => new Send(node, { run, account, task, dataset, generator: name }),
    );
    return sends.length > 0 ? sends : otherwise;
  };
}

async function proposalsBy(work: Workspace, name: string): Promise<Proposal[]> {
  const generators = selectedGenerators(work.settings.transformation);
  const generator = generators.find((one) => one.name === name);
  return generator ? generator.propose(await contextOf(work, generator.wave)) : [];
}

/** Apply what the first wave is sure of, so that the second sees equal things written equally. */
async function normaliseRows(work: Workspace): Promise<z.infer<typeof Normalised>> {
  const columns = (await work.dataset()).columns.map(({ name }) => name);
  const proposals = await proposalsOf(work, "values");
  const options = work.settings.transformation;
  const recipe = normalisation({ columns, proposals, options });
  if (recipe.steps.length === 0) {
    const { dependencies } = await work.profile();
    return { source: await work.source(), dependencies };
  }
  const { paths } = await executeRecipe({
    recipe,
    columns,
    source: await work.source(),
    folder: work.path("normalised"),
    ask: work.ask,
    ...(work.signal ? { signal: work.signal } : {}),
  });
  const source: Sql = parquet(paths.records);
  const { dependencies } = await findDependencies(await profilingInput(work, source));
  return { source, dependencies };
}

async function combineAll(work: Workspace): Promise<Candidate[]> {
  const { columns } = await work.dataset();
  const values = await proposalsOf(work, "values");
  const table = await proposalsOf(work, "table");
  return combine({
    profile: await work.profile(),
    columns: columns.map(({ name }) => name),
    proposals: withoutLeaks(new Map([...values, ...table]), work),
    options: work.settings.transformation,
  });
}

/** Generators do not know the target columns; one step that leaks would disqualify a whole candidate. */
function withoutLeaks(proposals: ReadonlyMap<string, Proposal[]>, work: Workspace) {
  const { checkLeakage, targetColumns } = work.settings.validation;
  if (!checkLeakage || targetColumns.length === 0) return proposals;
  const clean = (list: Proposal[]) =>
    list.filter(({ step }) => leaksOf([{ ...step, id: "proposed" }], targetColumns).length === 0);
  return new Map([...proposals].map(([name, list]) => [name, clean(list)]));
}

async function contextOf(work: Workspace, wave: Wave): Promise<GeneratorContext> {
  const dataset = await work.dataset();
  const profile = await work.profile();
  const seen =
    wave === "values"
      ? { source: await work.source(), dependencies: profile.dependencies }
      : await readJson(work.path("normalised.json"), Normalised);
  return {
    profile,
    dependencies: seen.dependencies,
    source: seen.source,
    columns: dataset.columns.map(({ name }) => name),
    rows: dataset.rows,
    options: work.settings.transformation,
    ask: work.ask,
    log: work.log,
    signal: work.signal,
  };
}

/** Proposals of one wave by generator, in the order in which their steps run. */
async function proposalsOf(work: Workspace, wave: Wave): Promise<Map<string, Proposal[]>> {
  const generators = selectedGenerators(work.settings.transformation, wave);
  const entries = generators.map(async ({ name }): Promise<[string, Proposal[]]> => [
    name,
    await readJson(work.path(`proposals/${name}.json`), z.array(Proposal)),
  ]);
  return new Map(await Promise.all(entries));
}
