/** What a plan sets aside: cells and rows in quarantine, duplicate rows. */
import { identifier, literal, ROW, type Sql } from "../core/index.ts";
import type { Plan } from "./plan.ts";
import { failsSql } from "./planned-column.ts";

/** Columns of one statement. */
const COLUMNS_PER_STATEMENT = 20;

/** Statements that make the quarantine; `write` makes the last of them from its SELECT. */
export function quarantineSql(plan: Plan, write: (select: Sql) => Sql): Sql[] {
  const row = `s.${identifier(ROW)}`;
  const statements = [
    `CREATE TEMP TABLE aside (r BIGINT, place INTEGER, name VARCHAR, raw BLOB, step VARCHAR)`,
  ];
  const parts = plan.columns.flatMap((column, place) => {
    if (!column.layers.some(({ lists }) => lists)) return [];
    const raw = column.input === null ? "NULL::BLOB" : `encode(s.${identifier(column.input)})`;
    const select = `SELECT ${row} AS r, ${literal(column.name)} AS name, ${raw} AS raw,
      ${failsSql(column)} AS fails ${plan.from([column])}`;
    return [
      `SELECT r, ${place}, name, raw, unnest(string_split(fails, ',')) FROM (${select}) WHERE fails IS NOT NULL`,
    ];
  });
  for (let at = 0; at < parts.length; at += COLUMNS_PER_STATEMENT) {
    const some = parts.slice(at, at + COLUMNS_PER_STATEMENT);
    statements.push(`INSERT INTO aside ${some.join(" UNION ALL ")}`);
  }
  if (plan.removes) statements.push(`INSERT INTO aside ${rowsSql(plan)}`);
  statements.push(
    write(`SELECT a.r AS "row", a.name AS "column", a.raw AS "raw", e.code AS "code", e.reason AS "reason"
    FROM aside a JOIN reasons e USING (step) ORDER BY a.r, a.place, e.place`),
  );
  return statements;
}

/** Whole rows: a JSON array of their input values. */
function rowsSql({ inputs }: Plan): Sql {
  const values = inputs.map((name) => `s.${identifier(name)}`).join(", ");
  return `SELECT removed.r, -1, NULL, encode(to_json([${values}])::VARCHAR), removed.step
    FROM src s JOIN removed ON removed.r = s.${identifier(ROW)} WHERE removed.kind = 'quarantine'`;
}

/** Duplicate rows that were removed, with their input values. */
export function duplicatesSql({ inputs, removes }: Plan): Sql {
  const row = `s.${identifier(ROW)}`;
  const values = inputs.map((name) => `s.${identifier(name)} AS ${identifier(name)}`);
  if (!removes)
    return `SELECT ${[`${row} AS "row"`, `NULL::BIGINT AS "kept_row"`, ...values].join(", ")} FROM src s LIMIT 0`;
  return `SELECT ${[`removed.r AS "row"`, `removed.kept AS "kept_row"`, ...values].join(", ")}
    FROM src s JOIN removed ON removed.r = ${row} WHERE removed.kind = 'duplicate' ORDER BY removed.r`;
}
