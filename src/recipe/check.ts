/** Checks a recipe against a table's columns, and finds all that is wrong with it at once. */
import { didYouMean, WranglerError } from "../core/index.ts";
import type { CheckedStep, Operation } from "./operation.ts";
import { patternProblem } from "./pattern.ts";
import { predicateColumns, predicatePatterns } from "./predicate.ts";
import { findOperation, operationNames } from "./registry.ts";
import type { Recipe, Step } from "./step.ts";

/** A step with its operation and its arguments checked. */
export interface ResolvedStep {
  readonly operation: Operation;
  readonly step: CheckedStep<unknown>;
}

/**
 * Check every step against the columns as they are when it runs.
 *
 * @throws {WranglerError} RECIPE_INVALID listing every problem.
 */
export function checkRecipe(recipe: Recipe, columns: readonly string[]): void {
  resolveRecipe(recipe, columns);
}

/**
 * Names of the columns that a recipe leaves, in order.
 *
 * @throws {WranglerError} RECIPE_INVALID listing every problem.
 */
export function columnsOut(recipe: Recipe, columns: readonly string[]): string[] {
  return resolveRecipe(recipe, columns).columns;
}

/** The checked steps and the columns after them; throws as {@link checkRecipe} does. */
export function resolveRecipe(
  recipe: Recipe,
  columns: readonly string[],
): { readonly steps: ResolvedStep[]; readonly columns: string[] } {
  const problems: string[] = [];
  const steps: ResolvedStep[] = [];
  const ids = new Set<string>();
  let present = [...columns];
  for (const step of recipe.steps) {
    const found = idProblems(step, ids);
    ids.add(step.id);
    const resolved = resolveStep(step, present, found);
    problems.push(...found.map((problem) => `step ${step.id} (${step.operation}): ${problem}`));
    if (!resolved) continue;
    steps.push(resolved);
    present = after(resolved, present);
  }
  if (problems.length > 0) {
    const reason = `${problems.length} problem${problems.length === 1 ? "" : "s"}: ${problems.join("; ")}`;
    throw new WranglerError("RECIPE_INVALID", `${reason}.`, { problems });
  }
  return { steps, columns: present };
}

function idProblems(step: Step, ids: ReadonlySet<string>): string[] {
  const problems: string[] = [];
  if (ids.has(step.id)) problems.push("its id stands twice");
  if (step.id.includes(",")) problems.push("its id has a comma");
  return problems;
}

/** The step with its arguments filled in; adds to `problems` what is wrong. */
function resolveStep(
  step: Step,
  columns: readonly string[],
  problems: string[],
): ResolvedStep | undefined {
  if (!operationNames().includes(step.operation)) {
    problems.push(`there is no such operation.${didYouMean(step.operation, operationNames())}`);
    return undefined;
  }
  const operation = findOperation(step.operation);
  problems.push(...scopeProblems(step, operation), ...patternProblems(step));
  const parsed = operation.args.safeParse(step.args);
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues)
      problems.push(`${["args", ...path].join(".")}: ${message}`);
  }
  const reads = parsed.success ? (operation.reads?.(parsed.data) ?? []) : [];
  problems.push(...unknownColumns(step, reads, columns));
  if (!parsed.success || problems.length > 0) return undefined;
  const words = { columns: step.columns, args: parsed.data };
  const resolved = { operation, step: { ...step, args: parsed.data } };
  problems.push(...(operation.check?.(words) ?? []), ...nameProblems(after(resolved, columns)));
  return problems.length > 0 ? undefined : resolved;
}

function unknownColumns(
  step: Step,
  reads: readonly string[],
  columns: readonly string[],
): string[] {
  const where = step.where ? predicateColumns(step.where) : [];
  const named = new Set([...step.columns, ...reads, ...where]);
  return [...named]
    .filter((name) => !columns.includes(name))
    .map((name) => `there is no column "${name}" here.${didYouMean(name, columns)}`);
}

function scopeProblems(step: Step, operation: Operation): string[] {
  const problems: string[] = [];
  const { min, max = Infinity } = operation.columnCount ?? { min: 1 };
  const count = step.columns.length;
  if (count < min || count > max)
    problems.push(`columns: expected ${expected(min, max)}, got ${count}`);
  if (new Set(step.columns).size < count) problems.push("columns: one stands twice");
  if (operation.needsWhere && !step.where) problems.push("where: is needed");
  if (operation.scope === "schema" && (step.where || step.guard !== undefined))
    problems.push("where and guard: a step that changes the columns works on all rows");
  return problems;
}

function expected(min: number, max: number): string {
  if (max === Infinity) return `at least ${min}`;
  return min === max ? `${min}` : `${min} to ${max}`;
}

function patternProblems({ guard, where }: Step): string[] {
  const patterns = [
    ...(guard === undefined ? [] : [guard]),
    ...(where ? predicatePatterns(where) : []),
  ];
  return patterns.flatMap((pattern) => {
    const problem = patternProblem(pattern);
    return problem ? [`pattern ${pattern}: ${problem}`] : [];
  });
}

/** Names are one when only their letter case differs: the engine and many formats say so. */
function nameProblems(columns: readonly string[]): string[] {
  const seen = new Set<string>();
  return columns.flatMap((name) => {
    const key = name.toLowerCase();
    if (name === "" || key === "__row") return [`"${name}" cannot be a column's name`];
    if (seen.has(key)) return [`the column "${name}" would stand twice`];
    seen.add(key);
    return [];
  });
}

function after({ operation, step }: ResolvedStep, columns: readonly string[]): string[] {
  return operation.columnsAfter?.(columns, step) ?? [...columns];
}
