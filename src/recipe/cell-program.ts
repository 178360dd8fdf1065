/** A column's consecutive cell steps as one nest of projections over its values. */
import { literal, type Sql } from "../core/index.ts";
import { predicateSql } from "./predicate.ts";
import type { OnFail, Predicate } from "./step.ts";

/** How an operation rewrites one cell. */
export interface CellExpression {
  /**
   * Expressions evaluated one after another, each on the result of the one before: the first gets
   * the cell, the last gives text. `cell` is the cell as it came. None: the cell stays as it is.
   */
  readonly stages?: readonly ((value: Sql, cell: Sql) => Sql)[];
  /** NULL from the last stage means that the operation failed on the cell. */
  readonly fallible?: boolean;
  /** Empty cells are in scope too. */
  readonly onEmpty?: boolean;
  /** Dictionary joined by the cell: a temporary table (old, new), NULL allowed in both. */
  readonly dictionary?: string;
  /** Every cell in scope is listed in the quarantine; its value stays. */
  readonly lists?: boolean;
}

/** One step of a column's program. */
export interface CellStep {
  readonly id: string;
  readonly expression: CellExpression;
  readonly onFail: OnFail;
  readonly guard?: string | undefined;
  /** A predicate over this column alone. */
  readonly where?: Predicate | undefined;
}

/** Whether steps may list cells in the quarantine. */
export function listsCells(steps: readonly CellStep[]): boolean {
  return steps.some(
    ({ expression, onFail }) =>
      expression.lists || (expression.fallible && onFail === "quarantine"),
  );
}

/**
 * SQL giving `keys`, k (the value before), v (after), steps and fails (ids joined by commas, NULL
 * for none) for each row of `from`, which has `keys` and k. Only what changed or failed is given.
 */
export function cellProgramSql(
  steps: readonly CellStep[],
  from: Sql,
  keys: readonly string[] = [],
): Sql {
  const carried = [...keys, "k"].join(", ");
  let sql = `SELECT ${carried}, k AS v, NULL::VARCHAR AS steps, NULL::VARCHAR AS fails FROM (${from})`;
  for (const step of steps) sql = stepSql(step, sql, carried);
  // A WHERE would be pushed down through the nest and evaluate every step anew at each mention of
  // its result: 20 times the work for four steps. An empty list filters just as well.
  const all = [...keys, "k", "v", "steps", "fails"].map((name) => `'${name}': ${name}`).join(", ");
  return `SELECT unnest(CASE WHEN v IS DISTINCT FROM k OR fails IS NOT NULL THEN [{${all}}] ELSE [] END,
    max_depth := 2) FROM (${sql})`;
}

function stepSql(step: CellStep, from: Sql, keys: Sql): Sql {
  const { expression } = step;
  const carried = `${keys}, steps, fails`;
  const failed = failedSql(step);
  const kept = step.onFail === "null" ? "NULL" : "o";
  const after = expression.lists
    ? "o"
    : `CASE WHEN NOT s THEN o WHEN ${failed} THEN ${kept} ELSE nullif(x, '') END`;
  const id = literal(step.id);
  const lists = expression.lists ? "s" : step.onFail === "quarantine" ? `s AND ${failed}` : "FALSE";
  const done = `SELECT ${carried}, o, ${after} AS v, ${lists} AS f FROM (${evaluated(step, from, carried)})`;
  return `SELECT ${keys}, v,
    CASE WHEN v IS DISTINCT FROM o THEN concat_ws(',', steps, ${id}) ELSE steps END AS steps,
    CASE WHEN f THEN concat_ws(',', fails, ${id}) ELSE fails END AS fails FROM (${done})`;
}

/** Gives the carried columns, o (before), s (in scope?) and x (the last stage's result). */
function evaluated({ expression, guard, where }: CellStep, from: Sql, carried: Sql): Sql {
  const conditions: Sql[] = [];
  if (!expression.onEmpty) conditions.push("v IS NOT NULL");
  if (where) conditions.push(predicateSql(where, () => "v"));
  if (guard !== undefined)
    conditions.push(`coalesce(regexp_full_match(v, ${literal(guard)}), FALSE)`);
  const scope = conditions.join(" AND ") || "TRUE";
  let sql = `SELECT ${carried}, v AS o, ${scope} AS s, v AS x FROM (${from})`;
  if (expression.dictionary) {
    return `SELECT p.*, CASE WHEN d.hit THEN d.new ELSE p.o END AS x FROM
      (SELECT * EXCLUDE (x) FROM (${sql})) p
      LEFT JOIN ${expression.dictionary} d ON p.o IS NOT DISTINCT FROM d.old`;
  }
  for (const stage of expression.stages ?? [])
    sql = `SELECT ${carried}, o, s, CASE WHEN s THEN ${stage("x", "o")} END AS x FROM (${sql})`;
  return sql;
}

function failedSql({ expression }: CellStep): Sql {
  return expression.fallible ? "x IS NULL" : "FALSE";
}
