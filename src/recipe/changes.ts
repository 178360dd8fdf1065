/** The change log of a plan: one record for each cell whose final value differs from its input. */
import { identifier, literal, ROW, type Sql } from "../core/index.ts";
import { type Plan, type PlannedColumn, stepsSql, valueSql } from "./plan.ts";

/** Columns of one statement. */
const COLUMNS_PER_STATEMENT = 20;

/** Statements that make the change log; `write` makes the last of them from its SELECT. */
export function changesSql(plan: Plan, write: (select: Sql) => Sql): Sql[] {
  const parts = columnParts(plan);
  const statements = [
    `CREATE TEMP TABLE net (r BIGINT, place INTEGER, old VARCHAR, new VARCHAR, steps VARCHAR)`,
  ];
  for (let at = 0; at < parts.length; at += COLUMNS_PER_STATEMENT) {
    const some = parts.slice(at, at + COLUMNS_PER_STATEMENT);
    statements.push(`INSERT INTO net ${some.join(" UNION ALL ")}`);
  }
  // Ids are put into the recipe's order, each once; few combinations of them occur.
  statements.push(
    `CREATE TEMP TABLE combinations AS SELECT c.steps,
      string_agg(e.step, ',' ORDER BY e.place) AS step,
      string_agg(e.sentence, ' ' ORDER BY e.place) AS reason
    FROM (SELECT DISTINCT steps FROM net) c
    JOIN reasons e ON list_contains(string_split(c.steps, ','), e.step) GROUP BY c.steps`,
    ...["steps", "step", "reason"].map(
      (name) =>
        `SET VARIABLE all_${name} = (SELECT list(${name} ORDER BY steps) FROM combinations)`,
    ),
  );
  // Names and reasons are looked up after sorting: long texts make a sort slow.
  const names = changeNames(plan).map((name) => literal(name));
  const at = "list_position(getvariable('all_steps'), steps)";
  statements.push(
    write(`SELECT r AS "row", list_extract([${names.join(", ")}], place + 1) AS "column", old AS "old",
      new AS "new", list_extract(getvariable('all_step'), ${at})::VARCHAR AS "step",
      list_extract(getvariable('all_reason'), ${at})::VARCHAR AS "reason"
    FROM (SELECT * FROM net ORDER BY r, place)`),
  );
  return statements;
}

/** Names of the columns that the log may mention: the input's, then those that steps added. */
function changeNames({ inputs, columns }: Plan): string[] {
  const added = columns.map(({ name }) => name).filter((name) => !inputs.includes(name));
  return [...inputs, ...added];
}

function columnParts(plan: Plan): Sql[] {
  const byName = new Map(plan.columns.map((column) => [column.name, column]));
  const inputs = new Set(plan.inputs);
  return changeNames(plan).flatMap((name, place) => {
    const column = byName.get(name);
    if (column?.input === name && column.layers.length === 0) return [];
    return [columnPart(plan, name, place, column, inputs.has(name))];
  });
}

function columnPart(
  plan: Plan,
  name: string,
  place: number,
  column: PlannedColumn | undefined,
  isInput: boolean,
): Sql {
  const old = isInput ? `s.${identifier(name)}` : "NULL::VARCHAR";
  const now = column ? valueSql(column) : "NULL::VARCHAR";
  const replaced = column?.input === name ? [] : [plan.leftBy.get(name), ...(column?.madeBy ?? [])];
  const fixed = replaced.filter((id) => id !== undefined).join(",");
  const changed = column && column.layers.length > 0 ? stepsSql(column) : "NULL::VARCHAR";
  const steps = fixed === "" ? changed : `concat_ws(',', ${literal(fixed)}, ${changed})`;
  const select = `SELECT s.${identifier(ROW)} AS r, ${place} AS place, ${old} AS old, ${now} AS new,
    ${steps} AS steps ${plan.from(column ? [column] : [])}`;
  return `SELECT * FROM (${select}) WHERE old IS DISTINCT FROM new`;
}
