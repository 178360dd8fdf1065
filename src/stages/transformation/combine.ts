/** Combine the steps that generators propose into whole-table candidates. */
import { didYouMean, stableJson, WranglerError } from "../../core/index.ts";
import { operationNames, type Recipe, type Step } from "../../recipe/index.ts";
import type { Profile } from "../profiling/index.ts";
import { AS_IS, type Candidate } from "./candidate.ts";
import {
  type GeneratorDefinition,
  type Proposal,
  registeredGenerators,
  type Wave,
} from "./generator.ts";
import type { TransformationOptions } from "./options.ts";

/** Steps this sure go into the candidate of that name. */
const CONFIDENCE = { conservative: 0.95, balanced: 0.8, thorough: 0.5 } as const;

/** What each generator proposes, by its name. */
export type Proposals = ReadonlyMap<string, readonly Proposal[]>;

/** A proposal with the name of who made it. */
interface Entry {
  readonly proposal: Proposal;
  readonly generator: string;
}

/** What a combination is made from. */
export interface CombineRequest {
  readonly profile: Pick<Profile, "fingerprint">;
  /** Names of the table's columns, in order. */
  readonly columns: readonly string[];
  readonly proposals: Proposals;
  readonly options: TransformationOptions;
}

/**
 * The generators that the options select, in running order; of one wave when it is given.
 *
 * @throws {WranglerError} CONFIG_INVALID for a name that no generator has.
 */
export function selectedGenerators(
  { generators: names }: Pick<TransformationOptions, "generators">,
  wave?: Wave,
): GeneratorDefinition[] {
  const all = registeredGenerators();
  const known = all.map(({ name }) => name);
  for (const name of names ?? [])
    requireKnown(name, known, "transformation.generators", "generator");
  return all.filter(
    (generator) =>
      (names === undefined || names.includes(generator.name)) &&
      (wave === undefined || generator.wave === wave),
  );
}

/**
 * The recipe of the repairs that the first wave is sure of; the second wave looks at the rows it leaves.
 *
 * @throws {WranglerError} CONFIG_INVALID for an unknown name in the options.
 */
export function normalisation({
  columns,
  proposals,
  options,
}: Pick<CombineRequest, "columns" | "proposals" | "options">): Recipe {
  const values = new Set(selectedGenerators(options, "values").map(({ name }) => name));
  const entries = inOrder(proposals, options).filter(
    ({ generator, proposal }) =>
      values.has(generator) &&
      proposal.intent === "repair" &&
      proposal.confidence >= CONFIDENCE.balanced,
  );
  return { version: 1, columns: [...columns], steps: numbered(entries, 1) };
}

/**
 * Whole-table candidates: as it is, balanced, conservative, thorough, then one for each generator.
 * Of equal recipes only the first stays. At most `options.maxCandidates`.
 *
 * @throws {WranglerError} CONFIG_INVALID for an unknown name in the options.
 */
export function combine({ profile, columns, proposals, options }: CombineRequest): Candidate[] {
  const entries = inOrder(proposals, options);
  const candidates: Candidate[] = [];
  const seen = new Set<string>();
  for (const plan of plansFor(entries)) {
    if (candidates.length >= options.maxCandidates) break;
    const chosen = entries.filter((entry) => plan.takes(entry));
    const steps = numbered(chosen, 1);
    const key = stableJson(steps);
    if (seen.has(key)) continue;
    seen.add(key);
    const left = entries.filter((entry) => !plan.takes(entry) && plan.knows(entry));
    candidates.push({
      version: 1,
      id: plan.id,
      title: plan.title,
      description: plan.description,
      fingerprint: profile.fingerprint,
      recipe: { version: 1, columns: [...columns], steps },
      suggestions: numbered(left, steps.length + 1),
    });
  }
  return candidates;
}

/** Which steps a candidate takes, and of which it says that it left them. */
interface Plan extends Pick<Candidate, "id" | "title" | "description"> {
  takes(entry: Entry): boolean;
  knows(entry: Entry): boolean;
}

function plansFor(entries: readonly Entry[]): Plan[] {
  const atLeast = (least: number) => (entry: Entry) => entry.proposal.confidence >= least;
  const names = [...new Set(entries.map(({ generator }) => generator))];
  return [
    {
      id: AS_IS,
      title: "As it is",
      description: "Changes nothing.",
      takes: () => false,
      knows: () => true,
    },
    {
      id: "balanced",
      title: "Balanced",
      description: "All repairs whose evidence is good.",
      takes: atLeast(CONFIDENCE.balanced),
      knows: () => true,
    },
    {
      id: "conservative",
      title: "Conservative",
      description: "Only repairs that are as good as certain.",
      takes: atLeast(CONFIDENCE.conservative),
      knows: () => true,
    },
    {
      id: "thorough",
      title: "Thorough",
      description: "Also repairs that are more likely right than wrong.",
      takes: atLeast(CONFIDENCE.thorough),
      knows: () => true,
    },
    ...names.map((name): Plan => ({
      id: `only-${name}`,
      title: `Only ${name}`,
      description: `Only the well-supported steps of the generator "${name}".`,
      takes: (entry) =>
        entry.generator === name && entry.proposal.confidence >= CONFIDENCE.balanced,
      knows: (entry) => entry.generator === name,
    })),
  ];
}

/** All allowed proposals in running order. */
function inOrder(proposals: Proposals, options: TransformationOptions): Entry[] {
  const operations = options.allowedOperations;
  for (const name of operations ?? [])
    requireKnown(name, operationNames(), "transformation.allowedOperations", "operation");
  return selectedGenerators(options).flatMap(({ name: generator }) =>
    (proposals.get(generator) ?? [])
      .filter(({ step }) => operations === undefined || operations.includes(step.operation))
      .map((proposal): Entry => ({ proposal, generator })),
  );
}

/** Steps with their ids and who proposed them. */
function numbered(entries: readonly Entry[], from: number): Step[] {
  return entries.map(({ proposal, generator }, place) => ({
    ...proposal.step,
    id: `s${from + place}`,
    provenance: { generator },
  }));
}

function requireKnown(name: string, known: readonly string[], place: string, noun: string): void {
  if (known.includes(name)) return;
  const reason = `${place} names "${name}", which is no ${noun}.${didYouMean(name, known)}`;
  throw new WranglerError("CONFIG_INVALID", reason, { name, known: [...known] });
}
