/** The output table of a plan. */
import { identifier, ROW, type Sql } from "../core/index.ts";
import { JOINS_PER_STATEMENT, type Plan } from "./plan.ts";
import { type PlannedColumn, valueSql } from "./planned-column.ts";

/** A sort of more columns than this needs more memory than their rows do. */
const MAX_SORTED_COLUMNS = 500;

/** Statements that make the output table; `write` makes the last of them from its SELECT. */
export function recordsSql(plan: Plan, write: (select: Sql) => Sql): Sql[] {
  const row = `s.${identifier(ROW)}`;
  const changed = plan.columns.filter(({ layers }) => layers.length > 0);
  if (changed.length > JOINS_PER_STATEMENT || plan.columns.length > MAX_SORTED_COLUMNS)
    return wideSql(plan, changed, write);
  const values = plan.columns.map((column) => `${valueSql(column)} AS ${identifier(column.name)}`);
  return [
    write(`SELECT ${[row, ...values].join(", ")} ${plan.from(plan.columns)} ORDER BY ${row}`),
  ];
}

/**
 * Wide tables: changed columns are evaluated some at a time, in row order, and laid beside the
 * source row by row. Neither sort nor join then holds all columns.
 */
function wideSql(
  plan: Plan,
  changed: readonly PlannedColumn[],
  write: (select: Sql) => Sql,
): Sql[] {
  const row = `s.${identifier(ROW)}`;
  const values = new Map<string, Sql>();
  const keep = plan.removes ? `${row} NOT IN (SELECT r FROM removed)` : "TRUE";
  const statements = [
    `CREATE TEMP TABLE wide0 AS SELECT ${row} AS r, ${keep} AS keep FROM src s ORDER BY ${row}`,
  ];
  for (let at = 0; at < changed.length; at += JOINS_PER_STATEMENT) {
    const table = `wide${statements.length}`;
    const some = changed.slice(at, at + JOINS_PER_STATEMENT);
    const select = some.map((column, i) => `${valueSql(column)} AS v${i}`);
    some.forEach(({ name }, i) => values.set(name, `${table}.v${i}`));
    statements.push(
      `CREATE TEMP TABLE ${table} AS SELECT ${select.join(", ")} ${plan.fromAll(some)} ORDER BY ${row}`,
    );
  }
  const columns = plan.columns.map((column) => {
    const value = values.get(column.name) ?? valueSql(column);
    return `${value} AS ${identifier(column.name)}`;
  });
  const beside = statements.map((_, i) => `POSITIONAL JOIN wide${i}`).join(" ");
  // Rows lie beside the right ones only if the source comes in row order; that is made sure of.
  const checked = `CASE WHEN ${row} = wide0.r THEN ${row} ELSE error('source rows are out of order') END`;
  statements.push(
    write(`SELECT ${[`${checked} AS ${identifier(ROW)}`, ...columns].join(", ")}
      FROM src s ${beside}${plan.removes ? " WHERE wide0.keep" : ""}`),
  );
  return statements;
}
