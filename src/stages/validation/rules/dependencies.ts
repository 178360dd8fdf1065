/** What followed from other columns still does. */
import { z } from "zod";
import { identifier, literals, parquet, ROW, type Sql } from "../../../core/index.ts";
import { minorityRows } from "../constraint-kinds.ts";
import { askOnce } from "../facts.ts";
import type { ValidationOptions } from "../options.ts";
import { strongDependencies, type Trial } from "../trial.ts";
import type { Measures, RuleOutcome } from "../verdict.ts";

const Measured = z.object({ violations: z.number(), rows: z.number() });
const NONE = { violations: 0, rows: 0 };
const Turned = z.object({ broken: z.number(), healed: z.number() });

type MeasuredDependency = Measures["dependencies"][number];

/** Count the rows that contradict each strong dependency, before and after. */
export async function measureDependencies(trial: Trial): Promise<MeasuredDependency[]> {
  const { profile, execution, columns, source, touched, ask, signal } = trial;
  const present = (name: string) => columns.includes(name) && execution.columns.includes(name);
  const measured: MeasuredDependency[] = [];
  for (const { determinant, dependent } of strongDependencies(profile)) {
    const names = [...determinant, dependent];
    if (!names.every((name) => present(name))) continue;
    const query = (table: Sql) => ({
      sql: minorityRows(determinant, dependent, table).measured,
      row: Measured,
    });
    const [before = NONE] = await askOnce(query(source), trial);
    const same = !names.some((name) => touched.has(name));
    const [after = NONE] = same
      ? [before]
      : await ask(query(parquet(execution.paths.records)), signal);
    measured.push({
      determinant,
      dependent,
      rowsBefore: before.rows,
      rowsAfter: after.rows,
      before: before.violations,
      after: after.violations,
    });
  }
  return measured;
}

/**
 * On the whole, the candidate's own writes break no more rows than it mends. A row counts as broken
 * when it agreed with the majority of its group, the candidate made a cell of it say something else,
 * and now it disagrees; merely moving other rows' majority does not count. What holds nearly always
 * is no law: as many rows as the risk test tolerates may break it, none in a small table.
 */
export async function dependenciesKept(
  dependencies: readonly MeasuredDependency[],
  trial: Trial,
  { riskTest }: Pick<ValidationOptions, "riskTest">,
): Promise<RuleOutcome> {
  let [broken, healed] = [0, 0];
  const worse: string[] = [];
  for (const dependency of dependencies) {
    const { before, after, determinant, dependent } = dependency;
    if (after <= before) {
      healed += before - after;
      continue;
    }
    const turned = await turnedRows(dependency, trial);
    broken += turned.broken;
    healed += turned.healed;
    if (turned.broken > turned.healed)
      worse.push(`${determinant.join(", ")} → ${dependent} (${turned.broken} rows)`);
  }
  const sum = (of: "before" | "after") => dependencies.reduce((total, d) => total + d[of], 0);
  const passed = broken <= healed + Math.floor(trial.rows * riskTest.maxCorruption);
  const counts = `${healed} rows agree with their group again, ${broken} no longer do`;
  const message =
    dependencies.length === 0
      ? "The table has no strong dependency."
      : `Over ${dependencies.length} strong dependencies, ${counts}${worse.length > 0 ? `: ${worse.join("; ")}` : ""}.`;
  const [before, after] = [sum("before"), sum("after")];
  return { rule: "dependencies", hard: true, passed, message, before, after };
}

async function turnedRows(
  { determinant, dependent }: MeasuredDependency,
  trial: Trial,
): Promise<z.infer<typeof Turned>> {
  const names = [...determinant, dependent];
  const agrees = (table: Sql) => {
    const by = determinant.map((name) => identifier(name)).join(", ");
    const value = identifier(dependent);
    const filled = names.map((name) => `${identifier(name)} IS NOT NULL`).join(" AND ");
    return `SELECT "r", ${value} = max_by(${value}, {'n': "n", 'v': ${value}}) OVER (PARTITION BY ${by}) AS "ok"
      FROM (SELECT ${identifier(ROW)} AS "r", ${by}, ${value}, count(*) OVER (PARTITION BY ${by}, ${value}) AS "n"
        FROM ${table} WHERE ${filled})`;
  };
  const sql = `WITH written AS (SELECT DISTINCT "row" AS "r" FROM ${parquet(trial.classified)}
      WHERE "column" IN ${literals(names)} AND "kind" IN ('filled', 'repaired'))
    SELECT count(*) FILTER (b."ok" AND NOT a."ok" AND w."r" IS NOT NULL) AS "broken",
      count(*) FILTER (NOT b."ok" AND a."ok") AS "healed"
    FROM (${agrees(trial.source)}) b JOIN (${agrees(parquet(trial.execution.paths.records))}) a USING ("r")
    LEFT JOIN written w USING ("r")`;
  const [row] = await trial.ask({ sql, row: Turned }, trial.signal);
  return row ?? { broken: 0, healed: 0 };
}
