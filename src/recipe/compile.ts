/** Compiles a recipe to one staged query that writes the table and its records. */
import { z } from "zod";
import { literal, type Query, type Sql } from "../core/index.ts";
import { changesSql } from "./changes.ts";
import { type ResolvedStep, resolveRecipe } from "./check.ts";
import { Plan, type PlanHints } from "./plan.ts";
import { recordsSql } from "./records.ts";
import { duplicatesSql, quarantineSql } from "./set-aside.ts";
import { describeStep } from "./describe.ts";
import type { Recipe } from "./step.ts";

const Count = z.number().int().nonnegative();

/** Tables with more columns are written in smaller parts. */
const WIDE_COLUMNS = 500;
/** Cells of a wide table that the writer may hold at once, 16 bytes each and their text. */
const CELLS_PER_ROW_GROUP = 8_000_000;
/** Rows that the engine handles at once. */
const VECTOR_ROWS = 2048;
/** Room for the dictionary of one column of a wide table. */
const DICTIONARY_BYTES = 16_384;

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
  /** What is known of the source's size. */
  readonly hints?: PlanHints;
  /** Whether the file of the records is already there: the recipe leaves the source as it is. */
  readonly copied?: boolean;
}

/**
 * The query that executes a recipe; its one row has the counts.
 *
 * @throws {WranglerError} RECIPE_INVALID listing every problem of the recipe.
 */
export function compileRecipe(
  recipe: Recipe,
  { columns, source, targets, hints, copied }: CompileContext,
): { readonly columns: string[]; readonly query: Query<RecipeCounts> } {
  const resolved = resolveRecipe(recipe, columns);
  const plan = new Plan(columns, source, hints);
  for (const step of resolved.steps) compileStep(step, plan);
  plan.finish();
  plan.statements.push(reasonsSql(recipe, resolved.steps));
  const setup = [
    ...plan.statements,
    ...(copied
      ? []
      : recordsSql(plan, (select) => copy(select, targets.records, plan.columns.length))),
    ...changesSql(plan, (select) => copy(select, targets.changes)),
    ...quarantineSql(plan, (select) => copy(select, targets.quarantine)),
    copy(duplicatesSql(plan), targets.duplicates, columns.length),
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

function copy(select: Sql, path: string, columns = 0): Sql {
  const wide = columns > WIDE_COLUMNS ? wideOptions(columns) : "";
  return `COPY (${select}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd${wide})`;
}

/**
 * The writer holds a row group and, for each of its columns, a dictionary of at first a megabyte:
 * thousands of columns would run out of memory with a handful of rows.
 */
function wideOptions(columns: number): Sql {
  const vectors = Math.max(1, Math.floor(CELLS_PER_ROW_GROUP / columns / VECTOR_ROWS));
  return `, ROW_GROUP_SIZE ${vectors * VECTOR_ROWS}, STRING_DICTIONARY_PAGE_SIZE_LIMIT ${DICTIONARY_BYTES}`;
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
