/** How the candidate's table keeps the user's constraints. */
import { z } from "zod";
import {
  type Ask,
  didYouMean,
  isWranglerError,
  type Query,
  type Sql,
  WranglerError,
} from "../../../core/index.ts";
import { type CheckedConstraint, checkedConstraint } from "../constraint.ts";
import type { Constraint } from "../options.ts";
import { conditionFault } from "../sql-condition.ts";
import type { RuleOutcome } from "../verdict.ts";

/** A table as it can be asked about. */
export interface Table {
  /** A relation for FROM: `__row` and one VARCHAR per column. */
  readonly from: Sql;
  readonly columns: readonly string[];
}

/** The table as loaded and the candidate's. */
export interface Comparison {
  readonly before: Table;
  readonly after: Table;
  readonly ask: Ask;
  readonly signal: AbortSignal | undefined;
}

const Violations = z.object({ violations: z.number() });
const Described = z.object({ type: z.string() });

/**
 * Count what each constraint finds, in order.
 *
 * @throws {WranglerError} CONFIG_INVALID for a condition or pattern that the engine refuses,
 *   COLUMN_UNKNOWN for a column that stands in neither table.
 */
export async function userConstraints(
  constraints: readonly Constraint[],
  tables: Comparison,
): Promise<RuleOutcome[]> {
  const outcomes: RuleOutcome[] = [];
  for (const constraint of constraints) {
    const checked = checkedConstraint(constraint);
    checkColumns(checked, tables);
    if (constraint.kind === "sql") await checkCondition(checked, constraint.condition, tables);
    outcomes.push(await outcomeOf(checked, tables));
  }
  return outcomes;
}

async function outcomeOf(rule: CheckedConstraint, tables: Comparison): Promise<RuleOutcome> {
  const { name, hard, expects } = rule;
  const gone = missing(rule.columns, tables.after);
  const before = canCountBefore(rule, tables)
    ? await count(rule, tables.before, tables)
    : undefined;
  const was = before === undefined ? {} : { before };
  if (gone.length > 0) {
    const message = `Expected that ${expects}; the result has no column ${gone.join(", ")}.`;
    return { rule: name, hard, passed: false, message, ...was };
  }
  const after = await count(rule, tables.after, tables);
  const change = before === undefined ? "" : `, ${before} before`;
  const message = `Expected that ${expects}: ${after} violations${change}.`;
  return { rule: name, hard, passed: after === 0, message, ...was, after };
}

/** A rule that names its columns only inside a condition needs both tables to have the same ones. */
function canCountBefore({ columns }: CheckedConstraint, { before, after }: Comparison): boolean {
  if (columns.length > 0) return missing(columns, before).length === 0;
  return missing(after.columns, before).length === 0;
}

async function count(rule: CheckedConstraint, table: Table, tables: Comparison): Promise<number> {
  let sum = 0;
  for (const sql of rule.violations(table.from)) {
    const [row] = await asked(rule, { sql, row: Violations }, tables);
    sum += row?.violations ?? 0;
  }
  return sum;
}

/** Ask, and turn the engine's refusal into a mistake of the configuration: the statement is made of the user's words. */
async function asked<Row>(
  rule: CheckedConstraint,
  query: Query<Row>,
  { ask, signal }: Comparison,
): Promise<Row[]> {
  try {
    return await ask(query, signal);
  } catch (cause) {
    if (!isWranglerError(cause) || cause.code !== "ENGINE_QUERY_FAILED") throw cause;
    throw invalid(rule, cause.message, cause);
  }
}

async function checkCondition(
  rule: CheckedConstraint,
  condition: string,
  tables: Comparison,
): Promise<void> {
  const fault = conditionFault(condition);
  if (fault) throw invalid(rule, `${fault}: ${condition}`);
  const sql = `SELECT "column_type" AS "type" FROM (DESCRIBE SELECT (${condition}) AS "c" FROM ${tables.after.from})`;
  const [described] = await asked(rule, { sql, row: Described }, tables);
  if (described?.type === "BOOLEAN") return;
  throw invalid(
    rule,
    `expected a condition, came a value of type ${described?.type}: ${condition}`,
  );
}

function checkColumns(rule: CheckedConstraint, { before, after }: Comparison): void {
  const known = [...new Set([...before.columns, ...after.columns])];
  const unknown = rule.columns.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const reason = `validation.constraints, rule "${rule.name}": there is no column "${unknown}".${didYouMean(unknown, known)}`;
  throw new WranglerError("COLUMN_UNKNOWN", reason, { column: unknown, rule: rule.name });
}

function missing(columns: readonly string[], table: Table): string[] {
  return columns.filter((name) => !table.columns.includes(name));
}

function invalid(rule: CheckedConstraint, reason: string, cause?: Error): WranglerError {
  const text = `validation.constraints, rule "${rule.name}": ${reason}`;
  return new WranglerError("CONFIG_INVALID", text, { rule: rule.name }, cause ? { cause } : {});
}
