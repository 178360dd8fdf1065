/** The change log of a plan: one record for each cell whose final value differs from its input. */
import { identifier, literal, ROW, type Sql } from "../core/index.ts";
import type { Plan } from "./plan.ts";
import { type PlannedColumn, stepsSql, valueSql } from "./planned-column.ts";

/** Columns of one statement. */
const COLUMNS_PER_STATEMENT = 20;

/** Columns that may have changed. */
interface Changed {
  /**
   * SELECTs of the columns with one layer of changed values: that layer says all, and what did not
   * change need not be looked at.
   */
  readonly layered: readonly { readonly table: string; readonly sql: Sql }[];
  /** SELECTs of the others: each value is compared with its input. */
  readonly compared: readonly Sql[];
}

/**
 * Statements that make the change log; `write` makes the last of them from its SELECT.
 *
 * Names, steps and reasons are ENUMs: the sort then moves small integers and not long texts, and
 * their order is the columns'. Parquet has them as text.
 */
export function changesSql(plan: Plan, write: (select: Sql) => Sql): Sql[] {
  const names = changeNames(plan);
  const { layered, compared } = changedColumns(plan, names);
  const insert = (into: string, parts: readonly Sql[], word: string): Sql[] =>
    batches(parts).map((some) => `INSERT INTO ${into} ${some.join(word)}`);
  const statements = [
    `CREATE TEMP TYPE change_name AS ENUM (${names.map((name) => literal(name)).join(", ")})`,
    "CREATE TEMP TABLE net (r BIGINT, name change_name, old VARCHAR, new VARCHAR, steps VARCHAR)",
    ...insert("net", compared, " UNION ALL "),
    "CREATE TEMP TABLE combinations (steps VARCHAR)",
    ...insert(
      "combinations",
      ["net", ...layered.map(({ table }) => table)].map((table) => `SELECT steps FROM ${table}`),
      " UNION ",
    ),
    ...toldSql(),
  ];
  const parts = layered.map(({ sql }) => sql);
  if (compared.length > 0 || parts.length === 0)
    parts.push("SELECT r, name, old, new, step, reason FROM net JOIN told USING (steps)");
  const [few, ...more] = batches(parts);
  if (few && more.length === 0) return [...statements, write(logSql(plan, few))];
  return [
    ...statements,
    `CREATE TEMP TABLE log (r BIGINT, name change_name, old VARCHAR, new VARCHAR,
      step change_step, reason change_reason)`,
    ...insert("log", parts, " UNION ALL "),
    write(logSql(plan, ["FROM log"])),
  ];
}

/** Ids are put into the recipe's order, each once; few combinations of them occur. */
function toldSql(): Sql[] {
  return [
    `CREATE TEMP TABLE texts AS SELECT c.steps,
      string_agg(e.step, ',' ORDER BY e.place) AS step,
      string_agg(e.sentence, ' ' ORDER BY e.place) AS reason
    FROM (SELECT DISTINCT steps FROM combinations WHERE steps IS NOT NULL) c
    JOIN reasons e ON list_contains(string_split(c.steps, ','), e.step) GROUP BY c.steps`,
    "CREATE TEMP TYPE change_step AS ENUM (SELECT DISTINCT step FROM texts ORDER BY step)",
    "CREATE TEMP TYPE change_reason AS ENUM (SELECT DISTINCT reason FROM texts ORDER BY reason)",
    `CREATE TEMP TABLE told AS SELECT steps, step::change_step AS step,
      reason::change_reason AS reason FROM texts`,
  ];
}

function logSql({ removes }: Plan, parts: readonly Sql[]): Sql {
  const anti = removes ? "ANTI JOIN removed ON removed.r = u.r" : "";
  return `SELECT u.r AS "row", u.name AS "column", u.old AS "old", u.new AS "new",
    u.step AS "step", u.reason AS "reason"
  FROM (${parts.join(" UNION ALL ")}) u ${anti} ORDER BY u.r, u.name`;
}

/** Names of the columns that the log may mention: the input's, then those that steps added. */
function changeNames({ inputs, columns }: Plan): string[] {
  const known = new Set(inputs);
  return [...inputs, ...columns.map(({ name }) => name).filter((name) => !known.has(name))];
}

function changedColumns(plan: Plan, names: readonly string[]): Changed {
  const byName = new Map(plan.columns.map((column) => [column.name, column]));
  const inputs = new Set(plan.inputs);
  const layered: { table: string; sql: Sql }[] = [];
  const compared: Sql[] = [];
  for (const name of names) {
    const column = byName.get(name);
    const [layer, another] = column?.layers ?? [];
    if (column?.input !== name || another)
      compared.push(comparedSql(plan, name, column, inputs.has(name)));
    else if (layer) layered.push({ table: layer.table, sql: layeredSql(name, layer) });
  }
  return { layered, compared };
}

function layeredSql(name: string, { table, by }: PlannedColumn["layers"][number]): Sql {
  const changed = `FROM ${table} JOIN told USING (steps) WHERE k IS DISTINCT FROM v`;
  const named = `${literal(name)}::change_name AS name`;
  if (by === "row") return `SELECT r, ${named}, k AS old, v AS new, step, reason ${changed}`;
  return `SELECT s.${identifier(ROW)} AS r, ${named}, d.k AS old, d.v AS new, d.step, d.reason
    FROM src s JOIN (SELECT k, v, step, reason ${changed}) d
    ON d.k IS NOT DISTINCT FROM s.${identifier(name)}`;
}

function comparedSql(
  plan: Plan,
  name: string,
  column: PlannedColumn | undefined,
  isInput: boolean,
): Sql {
  const old = isInput ? `s.${identifier(name)}` : "NULL::VARCHAR";
  const now = column ? valueSql(column) : "NULL::VARCHAR";
  const replaced = column?.input === name ? [] : [plan.leftBy.get(name), ...(column?.madeBy ?? [])];
  const fixed = replaced.filter((id) => id !== undefined).join(",");
  const changed = column && column.layers.length > 0 ? stepsSql(column) : "NULL::VARCHAR";
  const steps = fixed === "" ? changed : `concat_ws(',', ${literal(fixed)}, ${changed})`;
  const select = `SELECT s.${identifier(ROW)} AS r, ${literal(name)}::change_name AS name,
    ${old} AS old, ${now} AS new, ${steps} AS steps ${plan.from(column ? [column] : [])}`;
  return `SELECT * FROM (${select}) WHERE old IS DISTINCT FROM new`;
}

function batches<T>(parts: readonly T[]): T[][] {
  const list: T[][] = [];
  for (let at = 0; at < parts.length; at += COLUMNS_PER_STATEMENT)
    list.push(parts.slice(at, at + COLUMNS_PER_STATEMENT));
  return list;
}
