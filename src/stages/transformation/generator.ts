/**
 * The generator interface: looks at a table and proposes steps.
 *
 * @module
 */
import { z } from "zod";
import type { Ask, Log, Sql } from "../../core/index.ts";
import { Step } from "../../recipe/index.ts";
import type { Dependency, Profile } from "../profiling/index.ts";
import type { TransformationOptions } from "./options.ts";

/**
 * When a generator looks at the table. Generators of one wave run in parallel and see the same
 * rows; the steps that the first wave is sure of are applied before the second looks.
 *
 * - `values`: one cell at a time (formats, null spellings, stray characters); sees the rows as loaded.
 * - `table`: several cells or rows together (dependencies, clusters, spills, duplicates); sees normalised rows.
 */
export type Wave = "values" | "table";

export interface GeneratorContext {
  /** Profile of the rows as loaded. */
  readonly profile: Profile;
  /** Approximate dependencies of the rows this wave sees. */
  readonly dependencies: readonly Dependency[];
  /** The rows this wave sees, as a relation for FROM: `__row` and one VARCHAR per column. */
  readonly source: Sql;
  readonly columns: readonly string[];
  readonly rows: number;
  readonly options: TransformationOptions;
  readonly ask: Ask;
  readonly log: Log;
  readonly signal: AbortSignal | undefined;
}

/** A step as proposed; the combiner gives it its id and provenance. */
export const Proposal = z.object({
  step: Step.omit({ id: true, provenance: true }),
  /**
   * How sure the generator is that each changed cell becomes right, in [0, 1].
   * ≥ .95 goes into every candidate, ≥ .8 into the balanced one, ≥ .5 into the thorough one;
   * less becomes a suggestion.
   */
  confidence: z.number().min(0).max(1),
  /** `restyle` steps change how right values look; they run only when an option asks for them. */
  intent: z.enum(["repair", "restyle"]),
});
export type Proposal = z.infer<typeof Proposal>;

export interface GeneratorDefinition {
  /** Safe file name: `formats`, `dependency-vote`. */
  readonly name: string;
  /** What it looks for, as a sentence. */
  readonly title: string;
  readonly wave: Wave;
  /** Place within its wave: steps of a lower number run first. */
  readonly order: number;
  propose(context: GeneratorContext): Promise<Proposal[]>;
}

const generators = new Map<string, GeneratorDefinition>();

/** Register a generator under its name; a second one of that name takes its place. */
export function defineGenerator(definition: GeneratorDefinition): GeneratorDefinition {
  generators.set(definition.name, definition);
  return definition;
}

/** All registered generators, in the order in which their steps run. */
export function registeredGenerators(): GeneratorDefinition[] {
  const wave = { values: 0, table: 1 };
  return [...generators.values()].toSorted(
    (a, b) => wave[a.wave] - wave[b.wave] || a.order - b.order || (a.name < b.name ? -1 : 1),
  );
}
