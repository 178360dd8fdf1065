/** What validation and its parts share about one candidate while they examine it. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Ask, type Dataset, parquet, type Sql } from "../../core/index.ts";
import { type Execution, executeRecipe, type Recipe } from "../../recipe/index.ts";
import type { Dependency, Profile } from "../profiling/index.ts";
import type { Candidate } from "../transformation/index.ts";
import type { ValidationOptions } from "./options.ts";
import { classifyStatements } from "./risk/classify.ts";
import type { Comparison } from "./rules/user-constraints.ts";

/** What a validation needs. */
export interface ValidationRequest {
  readonly candidate: Candidate;
  readonly dataset: Dataset;
  /** The staged rows: `__row` and one VARCHAR per column. */
  readonly source: Sql;
  readonly profile: Profile;
  readonly options: ValidationOptions;
  /** For this candidate's tables alone; the result of the verdict's recipe stays there. */
  readonly folder: string;
  readonly ask: Ask;
  readonly signal?: AbortSignal | undefined;
}

/** Dependencies weaker than this tell nothing of a candidate. */
const STRONG = 0.8;
/** Dependencies at least this strong can vouch for a single cell. */
const VOUCHING = 0.9;
/** More dependencies would cost more than they tell. */
const MAX_DEPENDENCIES = 30;

const Touched = z.object({ column: z.string() });

/** A recipe that has been executed, and where what is known of it lies. */
export interface Trial {
  readonly recipe: Recipe;
  /** Rows as loaded. */
  readonly source: Sql;
  readonly columns: readonly string[];
  readonly rows: number;
  readonly profile: Profile;
  readonly execution: Execution;
  /** Parquet with each change and its kind: row, column, old, new, blame, kind; not there without steps. */
  readonly classified: string;
  /** Columns with a change; all when rows left the table. */
  readonly touched: ReadonlySet<string>;
  readonly ask: Ask;
  readonly signal: AbortSignal | undefined;
}

/** Execute a recipe over the request's rows and tell what kind of change each changed cell went through. */
export async function runTrial(
  recipe: Recipe,
  request: ValidationRequest,
  scratch: string,
): Promise<Trial> {
  const { dataset, source, profile, folder, ask, signal } = request;
  const columns = dataset.columns.map(({ name }) => name);
  const asked = { recipe, columns, source, folder, ask, ...(signal ? { signal } : {}) };
  await mkdir(scratch, { recursive: true });
  const execution = await executeRecipe(asked);
  const classified = join(scratch, "classified.parquet");
  const { steps } = recipe;
  const { changes } = execution.paths;
  const setup = classifyStatements({ changes, steps, profile, target: classified });
  const sql = `SELECT DISTINCT "column" FROM ${parquet(classified)}`;
  const touched = steps.length === 0 ? [] : await ask({ setup, sql, row: Touched }, signal);
  const { rowsIn, rowsOut } = execution.counts;
  return {
    recipe,
    source,
    columns,
    rows: dataset.rows,
    profile,
    execution,
    classified,
    touched: new Set(rowsIn === rowsOut ? touched.map(({ column }) => column) : columns),
    ask,
    signal,
  };
}

/** The tables before and after, as the user's constraints see them. */
export function comparisonOf({ source, columns, execution, ask, signal }: Trial): Comparison {
  return {
    before: { from: source, columns },
    after: { from: parquet(execution.paths.records), columns: execution.columns },
    ask,
    signal,
  };
}

/** The profile's dependencies that a table should keep, strongest first. */
export function strongDependencies(profile: Profile): Dependency[] {
  return profile.dependencies
    .filter(({ strength }) => strength >= STRONG)
    .toSorted((a, b) => b.strength - a.strength || compare(nameOf(a), nameOf(b)))
    .slice(0, MAX_DEPENDENCIES);
}

/** The profile's dependencies that can vouch for a single cell, strongest first. */
export function vouchingDependencies(profile: Profile): Dependency[] {
  return strongDependencies(profile).filter(({ strength }) => strength >= VOUCHING);
}

function nameOf({ determinant, dependent }: Dependency): string {
  return JSON.stringify([determinant, dependent]);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
