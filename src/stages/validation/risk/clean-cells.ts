/**
 * First half of the risk test: of the cells that look clean, how many does each step make say
 * something else? All cells are looked at, so there is no sampling error.
 *
 * A cell looks clean when other rows confirm it: another row's dependency on the same value, rows
 * of its own group, or, for steps that look at nothing but the cell, the value's own frequency.
 *
 * @module
 */
import { z } from "zod";
import { identifier, literal, literals, parquet, ROW, type Sql } from "../../../core/index.ts";
import type { Step } from "../../../recipe/index.ts";
import type { ColumnKind, Dependency } from "../../profiling/index.ts";
import { askOnce } from "../facts.ts";
import { groupsOf, readsOf } from "../step-reads.ts";
import { vouchingDependencies, type Trial } from "../trial.ts";
import { fitsKind } from "../value-kind.ts";
import { meaningOf } from "./classify.ts";

/** A value as frequent as this share of the rows, and at least MIN_COUNT times, is no accident. */
const FREQUENT_SHARE = 0.001;
const MIN_COUNT = 3;
/** A value that becomes another this many times as frequent is likely a misspelling of it. */
const RATIO = 10;
/** Share of a column's filled cells from which on a step rewrites the whole column. */
const WHOLE = 0.9;
/** A shape is a habit when one in this many filled cells has it; a column is habitual when most do. */
const HABITS = 10;

/** What was found about a step. */
export interface CleanCells {
  readonly stepId: string;
  /** Cells that look clean in its columns, and of those the ones that it changes. */
  readonly clean: number;
  readonly changed: number;
  /** The commonest change of a clean cell. */
  readonly example: { readonly old: string; readonly new: string | null } | undefined;
}

const Found = z.object({
  stepId: z.string(),
  changed: z.number(),
  old: z.string().nullable(),
  new: z.string().nullable(),
});
const Clean = z.object({ clean: z.number() });

/** Look at each of `steps`, which change cells of their own columns. */
export async function cleanCells(steps: readonly Step[], trial: Trial): Promise<CleanCells[]> {
  if (steps.length === 0) return [];
  const columns = trial.columns.filter((name) => steps.some((step) => step.columns.includes(name)));
  const found = await trial.ask(
    {
      setup: [...suspectStatements(steps, trial), ...cleanStatements(steps, columns, trial)],
      sql: `SELECT "blame" AS "stepId", sum("n")::BIGINT AS "changed",
          max_by("old", {'n': "n", 'o': "old", 'w': "new"}) AS "old",
          max_by(struct_pack(v := "new"), {'n': "n", 'o': "old", 'w': "new"}).v AS "new"
        FROM (SELECT "blame", "old", "new", sum("n") AS "n" FROM (
            SELECT "blame", "old", "new", count(*) AS "n" FROM confirmed JOIN suspects USING ("row", "column")
            GROUP BY ALL
            UNION ALL SELECT "blame", "old", "new", "n" FROM lost) GROUP BY ALL)
        GROUP BY "blame"`,
      row: Found,
    },
    trial.signal,
  );
  const clean = await cleanByColumn(columns, trial);
  return steps.map(({ id, columns: scope }) => {
    const hit = found.find(({ stepId }) => stepId === id);
    const changed = hit?.changed ?? 0;
    const sum = scope.reduce((total, name) => total + (clean.get(name) ?? 0), 0);
    const example = hit?.old == null ? undefined : { old: hit.old, new: hit.new };
    return { stepId: id, clean: Math.max(sum, changed), changed, example };
  });
}

/**
 * Tables `whole` (steps that rewrite a whole column), `suspects` (other changes that say something
 * else) and `lost` (values of a rewritten column that became one with others that meant something else).
 */
function suspectStatements(steps: readonly Step[], trial: Trial): Sql[] {
  const changes = parquet(trial.classified);
  const filled = trial.profile.columns.map(
    ({ name, rows, nulls }) => `(${literal(name)}, ${rows - nulls})`,
  );
  const ids = literals(["", ...steps.map(({ id }) => id)]);
  const lossless = steps.filter(({ operation }) => LOSSLESS.has(operation)).map(({ id }) => id);
  return [
    `CREATE TEMP TABLE filled ("column" VARCHAR, "cells" BIGINT)`,
    ...(filled.length > 0 ? [`INSERT INTO filled VALUES ${filled.join(", ")}`] : []),
    `CREATE TEMP TABLE whole AS SELECT "blame", "column" FROM ${changes}
      JOIN filled USING ("column") WHERE "kind" <> 'filled' AND "blame" IN ${ids}
      GROUP BY "blame", "column", "cells" HAVING count(*) >= ${WHOLE} * "cells"`,
    `CREATE TEMP TABLE suspects AS SELECT * FROM ${changes} ANTI JOIN whole USING ("blame", "column")
      WHERE "kind" IN ('repaired', 'emptied') AND "blame" IN ${ids}`,
    `CREATE TEMP TABLE lost AS SELECT "blame", "old", "new", "n" FROM (
      SELECT *, row_number() OVER (PARTITION BY "blame", "column", "new" ORDER BY "n" DESC, "meaning") AS "place"
      FROM (SELECT "blame", "column", "new", ${meaningOf('"old"')} AS "meaning", min("old") AS "old", count(*) AS "n"
        FROM ${changes} SEMI JOIN whole USING ("blame", "column")
        WHERE "new" IS NOT NULL AND "old" IS NOT NULL AND "blame" NOT IN ${literals(["", ...lossless])}
        GROUP BY "blame", "column", "new", "meaning")) WHERE "place" > 1`,
  ];
}

/** Operations under which different texts may mean the same: their equality cannot be told from the text. */
const LOSSLESS: ReadonlySet<string> = new Set([
  "parse_date",
  "convert_unit",
  "encode_category",
  "cast",
]);

/** Fills the table `confirmed` (row, column): suspects that other rows confirm as they were. */
function cleanStatements(steps: readonly Step[], columns: readonly string[], trial: Trial): Sql[] {
  const alone = steps.filter((step) => readsOf(step).length === 0);
  const strong = vouchingDependencies(trial.profile).filter(
    ({ dependent, determinant }) =>
      columns.includes(dependent) && determinant.every((name) => trial.columns.includes(name)),
  );
  const own = steps.flatMap((step) =>
    groupsOf(step)
      .filter((group) => group.every((name) => trial.columns.includes(name)))
      .flatMap((determinant) =>
        step.columns.map((dependent) => ({ determinant, dependent, step })),
      ),
  );
  return [
    `CREATE TEMP TABLE confirmed ("row" BIGINT, "column" VARCHAR)`,
    ...columns.flatMap((name) => frequentStatement(name, alone, trial)),
    ...strong.map((dependency) => confirmedBy(dependency, trial, MAJORITY)),
    ...own.map((dependency) => confirmedBy(dependency, trial, RECURRING, dependency.step.id)),
    `CREATE OR REPLACE TEMP TABLE confirmed AS SELECT DISTINCT * FROM confirmed`,
  ];
}

function frequentStatement(name: string, alone: readonly Step[], trial: Trial): Sql[] {
  const ids = alone.filter(({ columns }) => columns.includes(name)).map(({ id }) => id);
  if (ids.length === 0) return [];
  return [
    `INSERT INTO confirmed WITH counts AS (${valueCounts(name, trial)})
      SELECT s."row", s."column" FROM suspects s JOIN counts o ON o."value" = s."old"
      LEFT JOIN counts w ON w."value" = s."new"
      WHERE s."column" = ${literal(name)} AND s."blame" IN ${literals(ids)}
        AND o."n" >= ${frequent(trial.rows)} AND o."n" * ${RATIO} > coalesce(w."n", 0)
        AND o."habitual" AND ${fitsKind(kindOf(name, trial), 's."old"')}`,
  ];
}

/** Values of a column with their count, and whether they have one of its habitual shapes, if it has any. */
function valueCounts(name: string, { source }: Trial): Sql {
  const value = identifier(name);
  const shape = String.raw`regexp_replace(regexp_replace("value", '\p{L}+', 'a', 'g'), '\d+', '9', 'g')`;
  return `SELECT "value", "n", "common" OR sum("n") FILTER ("common") OVER () * 2 < sum("n") OVER () AS "habitual"
    FROM (SELECT *, sum("n") OVER (PARTITION BY "shape") * ${HABITS} >= sum("n") OVER () AS "common"
      FROM (SELECT *, ${shape} AS "shape" FROM (
        SELECT ${value} AS "value", count(*) AS "n" FROM ${source} WHERE ${value} IS NOT NULL GROUP BY 1)))`;
}

/** The value is that of nearly all other rows of the group, three at least. */
const MAJORITY = `"same" - 1 >= 3 AND ("same" - 1) * 10 >= ("all" - 1) * 8`;
/** The value recurs in the group too often for a slip, although another one is more frequent. */
const RECURRING = `("same" - 1 >= 3 AND ("same" - 1) * 5 >= "all" - 1)
  OR ("same" - 1 >= 5 AND ("same" - 1) * 20 >= "all" - 1)`;

function confirmedBy(
  { determinant, dependent }: Pick<Dependency, "determinant" | "dependent">,
  trial: Trial,
  condition: Sql,
  stepId?: string,
): Sql {
  const keys = determinant.map((name) => identifier(name));
  const by = keys.join(", ");
  const value = identifier(dependent);
  const filled = [...keys, value].map((name) => `${name} IS NOT NULL`).join(" AND ");
  return `INSERT INTO confirmed WITH present AS (
      SELECT ${identifier(ROW)} AS "row", ${by}, ${value} FROM ${trial.source} WHERE ${filled}),
    counts AS (SELECT ${by}, ${value}, count(*) AS "same", sum(count(*)) OVER (PARTITION BY ${by}) AS "all"
      FROM present GROUP BY ${by}, ${value})
    SELECT s."row", s."column" FROM suspects s JOIN present USING ("row") JOIN counts USING (${by}, ${value})
    WHERE s."column" = ${literal(dependent)} AND (${condition})
      ${stepId === undefined ? "" : `AND s."blame" = ${literal(stepId)}`}`;
}

/** How many cells of each column look clean: frequent values of the column's kind. */
async function cleanByColumn(
  columns: readonly string[],
  trial: Trial,
): Promise<Map<string, number>> {
  const clean = new Map<string, number>();
  for (const name of columns) {
    const fits = fitsKind(kindOf(name, trial), '"value"');
    const sql = `SELECT coalesce(sum("n") FILTER ("n" >= ${frequent(trial.rows)} AND "habitual" AND ${fits}), 0)::BIGINT AS "clean"
      FROM (${valueCounts(name, trial)})`;
    const [row] = await askOnce({ sql, row: Clean }, trial);
    clean.set(name, row?.clean ?? 0);
  }
  return clean;
}

function frequent(rows: number): number {
  return Math.max(MIN_COUNT, Math.ceil(rows * FREQUENT_SHARE));
}

function kindOf(name: string, { profile }: Trial): ColumnKind {
  return profile.columns.find((column) => column.name === name)?.kind ?? "text";
}
