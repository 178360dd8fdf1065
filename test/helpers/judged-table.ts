/** Small tables through the later stages, with a real engine and a real profile. */
import { join } from "node:path";
import { z } from "zod";
import {
  type Ask,
  type Dataset,
  identifier,
  literal,
  parquet,
  ROW,
  type Sql,
} from "../../src/core/index.ts";
import { executeRecipe, Recipe } from "../../src/recipe/index.ts";
import { type Profile, profileTable, ProfilingOptions } from "../../src/stages/profiling/index.ts";
import { QualityOptions, type Score, scoreCandidate } from "../../src/stages/scoring/index.ts";
import type { Candidate } from "../../src/stages/transformation/index.ts";
import {
  validateCandidate,
  ValidationOptions,
  type Verdict,
} from "../../src/stages/validation/index.ts";
import { withEngine, withFolder } from "./engine.ts";
import { candidateOf } from "./stage-records.ts";

export type Cell = string | null;
/** Columns by name. */
export type Cells = Readonly<Record<string, readonly Cell[]>>;
/** A step as a test writes it; its id is filled in. */
export type Draft = Partial<z.input<typeof Recipe>["steps"][number]> & { operation: string };

/** `count` cells made from their place. */
export function series(count: number, make: (i: number) => Cell): Cell[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

/** A profiled table that candidates can be tried on. */
export interface JudgedTable {
  readonly ask: Ask;
  readonly profile: Profile;
  /** Validate a candidate of these steps. */
  validate(
    steps: readonly Draft[],
    options?: z.input<typeof ValidationOptions>,
    id?: string,
  ): Promise<Verdict>;
  /** Validate and score it. */
  score(
    steps: readonly Draft[],
    options?: z.input<typeof QualityOptions>,
    id?: string,
  ): Promise<Score>;
  /** A column of the candidate's table after validation. */
  column(id: string, name: string): Promise<Cell[]>;
}

/** Profile a table. */
export async function judgedTable(cells: Cells): Promise<JudgedTable> {
  const folder = await withFolder();
  const { ask } = withEngine(folder);
  const path = join(folder, "loaded.parquet");
  await ask(copyOf(cells, path));
  const source = parquet(path);
  const columns = Object.keys(cells);
  const rows = Object.values(cells)[0]?.length ?? 0;
  const signal = undefined;
  const input = { dataset: "t", fingerprint: "f", source, columns, rows, ask, signal };
  const profile = await profileTable({ ...input, options: ProfilingOptions.parse({}) });
  const dataset = datasetOf(columns, rows, path);
  const folderOf = (id: string) => join(folder, id);

  const candidate = (steps: readonly Draft[], id: string): Candidate =>
    candidateOf(id, { recipe: recipeOf(columns, steps) });
  const validate: JudgedTable["validate"] = (steps, options = {}, id = "tried") =>
    validateCandidate({
      candidate: candidate(steps, id),
      dataset,
      source,
      profile,
      options: ValidationOptions.parse(options),
      folder: folderOf(id),
      ask,
      signal,
    });
  return {
    ask,
    profile,
    validate,
    score: async (steps, options = {}, id = "tried") => {
      const verdict = await validate(steps, {}, id);
      const { recipe } = verdict;
      const tables = await executeRecipe({ recipe, columns, source, folder: folderOf(id), ask });
      return scoreCandidate({
        candidate: candidate(steps, id),
        verdict,
        dataset,
        source,
        tables,
        profile,
        options: QualityOptions.parse(options),
        ask,
        signal,
      });
    },
    column: async (id, name) => {
      const from: Sql = parquet(join(folderOf(id), "records.parquet"));
      const sql = `SELECT ${identifier(name)} AS "cell" FROM ${from} ORDER BY ${identifier(ROW)}`;
      const found = await ask({ sql, row: z.object({ cell: z.string().nullable() }) });
      return found.map(({ cell }) => cell);
    },
  };
}

/** A recipe of steps `s1`, `s2` … */
function recipeOf(columns: readonly string[], steps: readonly Draft[]): Recipe {
  const numbered = steps.map((step, i) => ({ id: `s${i + 1}`, columns: [], ...step }));
  return Recipe.parse({ version: 1, columns, steps: numbered });
}

function datasetOf(columns: readonly string[], rows: number, recordsPath: string): Dataset {
  return {
    name: "t",
    fingerprint: "f",
    files: [],
    columns: columns.map((name) => ({ name, label: name, sourceType: null })),
    records: rows,
    rows,
    rejected: 0,
    recordsPath,
    rejectsPath: null,
    renderingPath: null,
    accounting: {
      physicalLines: 0,
      headerLines: 0,
      recordLines: 0,
      blankLines: 0,
      skippedLines: 0,
    },
  };
}

function copyOf(cells: Cells, path: string) {
  const names = Object.keys(cells);
  const rows = (cells[names[0] ?? ""] ?? []).map(
    (_, i) =>
      `(${[i + 1, ...names.map((name) => cells[name]?.[i] ?? null)].map((cell) => literal(cell)).join(", ")})`,
  );
  const types = [
    `${identifier(ROW)} BIGINT`,
    ...names.map((name) => `${identifier(name)} VARCHAR`),
  ];
  return {
    setup: [
      `CREATE TEMP TABLE made (${types.join(", ")})`,
      `INSERT INTO made VALUES ${rows.join(", ")}`,
      `COPY (FROM made) TO ${literal(path)} (FORMAT parquet)`,
    ],
    sql: "SELECT 1 AS one",
    row: z.object({ one: z.number() }),
  };
}
