/** Compiles a recipe to one staged query that writes the table and its records. */
import { z } from "zod";
import { literal, type Query, type Sql } from "../core/index.ts";
import { changesSql } from "./changes.ts";
import { type ResolvedStep, resolveRecipe } from "./check.ts";
import { Plan } from "./plan.ts";
import { recordsSql } from "./records.ts";
import { duplicatesSql, quarantineSql } from "./set-aside.ts";
import { describeStep } from "./describe.ts";
import type { Recipe } from "./step.ts";

const Count = z.number().int().nonnegative();

/** How many rows and cells an execution touched. */
export const RecipeCounts = z.object({
  rowsIn: Count,
  rowsOut: Count,
  rowsQuarantined: Count,
  duplicatesRemoved: Count,
  cellsChanged: Count,
  cellsQuarantined: Count,
});
export type RecipeCounts = z.infer<typeof RecipeCounts>;

/** Paths of the Parquet files that an execution writes. */
export interface Targets {
  readonly records: string;
  readonly changes: string;
  readonly quarantine: string;
  readonly duplicates: string;
}

/** What a recipe is compiled against. */
export interface CompileContext {
  /** Columns of the source, in order. */
  readonly columns: readonly string[];
  /** A relation with `__row` and the columns as VARCHAR. */
  readonly source: Sql;
  readonly targets: Targets;
  /** Columns in which nearly every value differs: a hint that changes the plan, never the answer. */
  readonly inline?: ReadonlySet<string>;
}

/**
 * The query that executes a recipe; its one row has the counts.
 *
 * @throws {WranglerError} RECIPE_INVALID listing every problem of the recipe.
 */
export function compileRecipe(
  recipe: Recipe,
  { columns, source, targets, inline }: CompileContext,
): { readonly columns: string[]; readonly query: Query<RecipeCounts> } {
  const resolved = resolveRecipe(recipe, columns);
  const plan = new Plan(columns, source, inline);
  for (const step of resolved.steps) compileStep(step, plan);
  plan.finish();
  plan.statements.push(reasonsSql(recipe, resolved.steps));
  const setup = [
    ...plan.statements,
    ...recordsSql(plan, (select) => copy(select, targets.records)),
    ...changesSql(plan, (select) => copy(select, targets.changes)),
    ...quarantineSql(plan, (select) => copy(select, targets.quarantine)),
    copy(duplicatesSql(plan), targets.duplicates),
  ];
  return {
    columns: resolved.columns,
    query: { setup, sql: countsSql(targets), row: RecipeCounts },
  };
}

function compileStep({ operation, step }: ResolvedStep, plan: Plan): void {
  if (operation.cell) plan.cells(step, operation.cell(step.args, plan));
  else operation.compile?.(step, plan);
}

/** The steps, for the records of changes and of what is set aside. */
function reasonsSql(recipe: Recipe, steps: readonly ResolvedStep[]): Sql {
  const rows = steps.map(({ operation, step }, i) => {
    const sentence = describeStep(recipe.steps[i] ?? { ...step, args: {} });
    const failure = operation.failure?.(step.args);
    const listing = operation.listing?.(step.args);
    const code = listing?.code ?? operation.name;
    const reason = listing?.reason ?? (failure ? `The value ${failure}.` : `${sentence}.`);
    return `(${i}, ${[step.id, `${sentence}.`, code, reason].map((text) => literal(text)).join(", ")})`;
  });
  const none = "(-1, '', '', '', '')";
  return `CREATE TEMP TABLE reasons AS SELECT * FROM (VALUES ${[none, ...rows].join(", ")})
    AS reasons (place, step, sentence, code, reason)`;
}

function copy(select: Sql, path: string): Sql {
  return `COPY (${select}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`;
}

/** Counts of the files as written, so that they are what the balance is checked against. */
function countsSql({ records, changes, quarantine, duplicates }: Targets): Sql {
  return `SELECT (SELECT count(*) FROM src) AS "rowsIn",
    ${countSql(records)} AS "rowsOut",
    ${countSql(quarantine, '"column" IS NULL')} AS "rowsQuarantined",
    ${countSql(duplicates)} AS "duplicatesRemoved",
    ${countSql(changes)} AS "cellsChanged",
    ${countSql(quarantine, '"column" IS NOT NULL')} AS "cellsQuarantined"`;
}

function countSql(path: string, where = "TRUE"): Sql {
  return `(SELECT count(*) FROM read_parquet(${literal(path)}) WHERE ${where})`;
}
