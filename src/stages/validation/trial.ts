/** What validation and its parts share about one candidate while they examine it. */
import type { Ask, Sql } from "../../core/index.ts";
import type { Execution, Recipe } from "../../recipe/index.ts";
import type { Dependency, Profile } from "../profiling/index.ts";

/** Dependencies weaker than this are not held against a candidate. */
const STRONG = 0.8;
/** More dependencies would cost more than they tell. */
const MAX_DEPENDENCIES = 30;

/** A recipe that has been executed, and where what is known of it lies. */
export interface Trial {
  readonly recipe: Recipe;
  /** Rows as loaded. */
  readonly source: Sql;
  readonly columns: readonly string[];
  readonly rows: number;
  readonly profile: Profile;
  readonly execution: Execution;
  /** Parquet with each change and its kind: row, column, old, new, blame, kind. */
  readonly classified: string;
  readonly ask: Ask;
  readonly signal: AbortSignal | undefined;
}

/** The profile's dependencies that a table should keep, strongest first. */
export function strongDependencies(profile: Profile): Dependency[] {
  return profile.dependencies
    .filter(({ strength }) => strength >= STRONG)
    .toSorted((a, b) => b.strength - a.strength || compare(nameOf(a), nameOf(b)))
    .slice(0, MAX_DEPENDENCIES);
}

function nameOf({ determinant, dependent }: Dependency): string {
  return JSON.stringify([determinant, dependent]);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
