/**
 * Second half of the risk test: noise is put into cells that look clean, in a copy of the table,
 * and the recipe runs over it. What comes back right or wrong tells how far its repairs can be trusted.
 *
 * @module
 */
import { join } from "node:path";
import { z } from "zod";
import {
  fingerprint,
  identifier,
  literal,
  literals,
  parquet,
  ROW,
  type Sql,
} from "../../../core/index.ts";
import { executeRecipe, type Step } from "../../../recipe/index.ts";
import { sliceOf } from "../slice.ts";
import { strongDependencies, type Trial } from "../trial.ts";
import { classifyStatements, isRendering } from "./classify.ts";
import { type CleanCell, dirtyCharacters, type NoisyCell, withNoise } from "./noise.ts";

/** Cells of a column that get noise, at most; and the share of its rows. */
const MAX_CELLS = 200;
const MAX_SHARE = 0.05;
/** A larger table is examined on blocks of consecutive rows that come to about this many. */
const MAX_ROWS = 200_000;
const BLOCK = 1000;
/** A column is asked for its cells one at a time; noise is inserted in statements of this many. */
const NOISE_PER_STATEMENT = 500;

/** How a step dealt with the noise. */
export interface Restoration {
  readonly stepId: string;
  readonly injected: number;
  readonly restored: number;
  readonly misrestored: number;
  /** Share of the cells with noise that may have been wrong before it, by the dependency that they were chosen by. */
  readonly doubt: number;
}

/** How to make noise. */
export interface InjectionOptions {
  readonly seed: number;
  /** Folder for the noisy copy and what the recipe makes of it. */
  readonly folder: string;
}

const Cell = z.object({ row: z.number(), value: z.string() });
const Pair = z.object({ old: z.string(), new: z.string() });
const Result = z.object({
  column: z.string(),
  row: z.number(),
  expected: z.string().nullable(),
  result: z.string().nullable(),
  blame: z.string().nullable(),
});
type Result = z.infer<typeof Result>;

/** Put noise into the columns of `steps` and see what each of them makes of it. */
export async function injectNoise(
  steps: readonly Step[],
  trial: Trial,
  { seed, folder }: InjectionOptions,
): Promise<Restoration[]> {
  const columns = trial.columns.filter(
    (name) =>
      trial.execution.columns.includes(name) && steps.some((step) => step.columns.includes(name)),
  );
  const noise: NoisyCell[] = [];
  for (const name of columns) noise.push(...(await noiseOf(name, steps, trial, seed)));
  if (noise.length === 0) return [];
  const noisy = join(folder, "noisy.parquet");
  const slice = sliceOf(trial.recipe, trial.columns, new Set(columns));
  await trial.ask({
    setup: noisyCopy(noise, noisy, slice.columns, trial),
    sql: `SELECT 1 AS "done"`,
    row: z.object({ done: z.number() }),
  });
  const { ask, signal } = trial;
  const execution = await executeRecipe({
    ...slice,
    source: parquet(noisy),
    folder: join(folder, "restored"),
    ask,
    ...(signal ? { signal } : {}),
  });
  const results = await resultsOf(noise, execution.paths, join(folder, "restored.parquet"), trial);
  return steps.map((step) => ({ ...judged(step, noise, results), doubt: doubtOf(step, trial) }));
}

/** The rate at which rows break the most reliable dependency of the step's columns; 0 where there is none. */
function doubtOf({ columns }: Step, { profile }: Trial): number {
  const rates = strongDependencies(profile)
    .filter(({ dependent, support }) => columns.includes(dependent) && support > 0)
    .map(({ violations, support }) => violations / support);
  return rates.length === 0 ? 0 : Math.min(...rates);
}

function judged(
  { id, columns }: Step,
  noise: readonly NoisyCell[],
  results: readonly Result[],
): Omit<Restoration, "doubt"> {
  const mine = results.filter(({ blame }) => blame === id);
  const restored = mine.filter(({ expected, result }) => expected === result).length;
  const injected = noise.filter(({ column }) => columns.includes(column)).length;
  return { stepId: id, injected, restored, misrestored: mine.length - restored };
}

/** Majority-supported cells of a column that the recipe leaves as they are or only writes in another form. */
async function noiseOf(
  name: string,
  steps: readonly Step[],
  trial: Trial,
  seed: number,
): Promise<NoisyCell[]> {
  const value = identifier(name);
  const limit = Math.min(MAX_CELLS, Math.floor(Math.min(trial.rows, MAX_ROWS) * MAX_SHARE));
  const salt = `${seed} ${name}`;
  const sql = `SELECT s.${identifier(ROW)} AS "row", s.${value} AS "value" FROM ${sampled(trial)} s
    ${supported(name, trial)}
    SEMI JOIN ${parquet(trial.execution.paths.records)} a ON a.${identifier(ROW)} = s.${identifier(ROW)}
    ANTI JOIN (SELECT "row" FROM ${parquet(trial.classified)}
      WHERE "column" = ${literal(name)} AND "kind" <> 'rerendered') c ON c."row" = s.${identifier(ROW)}
    WHERE s.${value} IS NOT NULL
    ORDER BY md5(${literal(salt)} || s.${identifier(ROW)}::VARCHAR) LIMIT ${limit}`;
  const cells = await trial.ask({ sql, row: Cell }, trial.signal);
  const edits = await editsOf(name, steps, trial);
  const clean: CleanCell[] = cells.map(({ row, value: text }) => ({
    row,
    column: name,
    value: text,
  }));
  return withNoise(clean, dirtyCharacters(edits), fingerprint([seed, name]));
}

async function editsOf(name: string, steps: readonly Step[], trial: Trial) {
  const ids = steps.filter(({ operation }) => !isRendering(operation)).map(({ id }) => id);
  const sql = `SELECT "old", "new" FROM (SELECT "old", "new", count(*) AS "n" FROM ${parquet(trial.classified)}
    WHERE "column" = ${literal(name)} AND "kind" = 'repaired' AND "blame" IN ${literals(["", ...ids])}
    GROUP BY ALL) ORDER BY "n" DESC, "old", "new" LIMIT 100`;
  return trial.ask({ sql, row: Pair }, trial.signal);
}

/** SEMI JOIN with the values that look clean: the majority of their group, or frequent where no dependency tells. */
function supported(name: string, trial: Trial): Sql {
  const value = identifier(name);
  const strong = strongDependencies(trial.profile).filter(
    ({ dependent, determinant }) =>
      dependent === name && determinant.every((column) => trial.columns.includes(column)),
  );
  if (strong.length === 0) {
    return `SEMI JOIN (SELECT ${value} AS "v" FROM ${trial.source} GROUP BY 1 HAVING count(*) >= 3) f ON f."v" = s.${value}`;
  }
  const rows = strong.map(({ determinant }) => {
    const by = determinant.map((column) => identifier(column)).join(", ");
    return `SELECT ${identifier(ROW)} AS "r" FROM (
      SELECT ${identifier(ROW)}, count(*) OVER (PARTITION BY ${by}, ${value}) AS "same",
        count(*) OVER (PARTITION BY ${by}) AS "all" FROM ${trial.source}
      WHERE ${[...determinant, name].map((column) => `${identifier(column)} IS NOT NULL`).join(" AND ")})
      WHERE "same" >= 4 AND ("same" - 1) * 10 >= ("all" - 1) * 8`;
  });
  return `SEMI JOIN (${rows.join(" UNION ")}) f ON f."r" = s.${identifier(ROW)}`;
}

/** The rows that are examined, as a relation. */
function sampled({ source, rows }: Trial): Sql {
  if (rows <= MAX_ROWS) return `(SELECT * FROM ${source})`;
  const every = Math.ceil(rows / MAX_ROWS);
  return `(SELECT * FROM ${source} WHERE ((${identifier(ROW)} - 1) // ${BLOCK}) % ${every} = 0)`;
}

function noisyCopy(
  noise: readonly NoisyCell[],
  target: string,
  columns: readonly string[],
  trial: Trial,
): Sql[] {
  const values = noise.map(
    ({ row, column, noise: text }) => `(${row}, ${literal(column)}, ${literal(text)})`,
  );
  const inserts = Array.from({ length: Math.ceil(values.length / NOISE_PER_STATEMENT) }, (_, i) => {
    const some = values.slice(i * NOISE_PER_STATEMENT, (i + 1) * NOISE_PER_STATEMENT);
    return `INSERT INTO noise VALUES ${some.join(", ")}`;
  });
  const noisy = [...new Set(noise.map(({ column }) => column))];
  const cells = columns.map((name) => {
    const at = noisy.indexOf(name);
    const own = `s.${identifier(name)}`;
    return `${at < 0 ? own : `CASE WHEN n${at}."row" IS NULL THEN ${own} ELSE n${at}."value" END`} AS ${identifier(name)}`;
  });
  const joins = noisy.map(
    (name, i) =>
      `LEFT JOIN (SELECT * FROM noise WHERE "column" = ${literal(name)}) n${i} ON n${i}."row" = s.${identifier(ROW)}`,
  );
  const row = `s.${identifier(ROW)}`;
  return [
    `CREATE TEMP TABLE noise ("row" BIGINT, "column" VARCHAR, "value" VARCHAR)`,
    ...inserts,
    `COPY (SELECT ${[row, ...cells].join(", ")} FROM ${sampled(trial)} s ${joins.join(" ")} ORDER BY ${row})
      TO ${literal(target)} (FORMAT parquet)`,
  ];
}

/** What became of the noisy cells that some step wrote to. */
async function resultsOf(
  noise: readonly NoisyCell[],
  paths: { readonly records: string; readonly changes: string },
  classified: string,
  trial: Trial,
): Promise<Result[]> {
  const { recipe, profile, execution } = trial;
  const row = identifier(ROW);
  const columns = [...new Set(noise.map(({ column }) => column))];
  const parts = columns.map((name) => {
    const rows = noise.filter(({ column }) => column === name).map((cell) => cell.row);
    return `SELECT ${literal(name)} AS "column", b.${row} AS "row", a.${identifier(name)} AS "expected",
        b.${identifier(name)} AS "result", c."blame" AS "blame"
      FROM ${parquet(paths.records)} b JOIN ${parquet(execution.paths.records)} a USING (${row})
      JOIN ${parquet(classified)} c ON c."row" = b.${row} AND c."column" = ${literal(name)}
      WHERE b.${row} IN ${literals(rows)}`;
  });
  const setup = classifyStatements({
    changes: paths.changes,
    steps: recipe.steps,
    profile,
    target: classified,
  });
  const sql = parts.join(" UNION ALL ");
  return trial.ask({ setup, sql, row: Result }, trial.signal);
}
