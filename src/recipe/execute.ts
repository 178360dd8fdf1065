/** Executes a recipe over a staged table. */
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Ask, identifier, ROW, type Sql, WranglerError, writeWhole } from "../core/index.ts";
import { compileRecipe, type RecipeCounts, type Targets } from "./compile.ts";
import { findOperation, operationNames } from "./registry.ts";
import { sourceFile } from "./source-file.ts";
import type { Recipe } from "./step.ts";

/** Above this share of distinct values a column's steps are evaluated on its rows. */
const INLINE_SHARE = 0.3;
/** Fewer rows than this are not worth a look at their values first. */
const MIN_ROWS_TO_MEASURE = 50_000;
/** Of more rows than this the first quarter is looked at. */
const MAX_ROWS_TO_MEASURE = 400_000;
/** A quarter of rows that are 30 % distinct has, if values repeat at random, this share of distinct ones. */
const INLINE_SHARE_OF_QUARTER = 0.68;
/** Opening a file of this many columns takes longer than a step on one of them. */
const WIDE = 100;
/** A wide source of at most so many cells is held in memory while its steps run: some 100 MB. */
const MAX_RESIDENT_CELLS = 2_000_000;
/** Columns of one statement. */
const COLUMNS_PER_STATEMENT = 50;

/** What to execute. */
export interface ExecutionRequest {
  readonly recipe: Recipe;
  /** Columns of the source, in order. */
  readonly columns: readonly string[];
  /** A relation with `__row` and the columns as VARCHAR. */
  readonly source: Sql;
  /** Where the Parquet files go; made when it is not there. */
  readonly folder: string;
  readonly ask: Ask;
  readonly signal?: AbortSignal;
}

/** What an execution left. */
export interface Execution {
  /** Columns of the records, in order. */
  readonly columns: string[];
  readonly counts: RecipeCounts;
  /** `records.parquet`, `changes.parquet`, `quarantine.parquet` and `duplicates.parquet`. */
  readonly paths: Targets;
}

const FILES = ["records", "changes", "quarantine", "duplicates"] as const;

/**
 * Run a recipe and write its four files, each of which appears whole.
 *
 * @throws {WranglerError} RECIPE_INVALID, ROW_BALANCE, or what the engine or the disk says.
 */
export async function executeRecipe(request: ExecutionRequest): Promise<Execution> {
  const { recipe, columns, source, folder, ask, signal } = request;
  const rows = await rowsOf(request);
  const inline = await manyValued(request, rows);
  const wide = columns.length >= WIDE;
  const hints = { inline, resident: wide && rows * columns.length <= MAX_RESIDENT_CELLS };
  // Nothing to do: the file as it is, whatever its width.
  const file = recipe.steps.length === 0 ? await sourceFile(request) : undefined;
  const write = async (targets: Targets): Promise<Execution> => {
    const copied = file !== undefined;
    const compiled = compileRecipe(recipe, { columns, source, targets, hints, copied });
    if (copied) await copyFile(file, targets.records);
    const [counts] = await ask(compiled.query, signal);
    if (!counts) throw new WranglerError("INTERNAL", "The engine gave no counts.");
    checkBalance(counts);
    return { columns: compiled.columns, counts, paths: pathsIn(folder) };
  };
  return writeAll(pathsIn(folder), write);
}

/** Write all files of an execution aside and let them appear when all of them are complete. */
function writeAll(paths: Targets, write: (asides: Targets) => Promise<Execution>) {
  const nest = (names: readonly (keyof Targets)[], asides: Targets): Promise<Execution> => {
    const [name, ...rest] = names;
    if (name === undefined) return write(asides);
    return writeWhole(paths[name], (aside) => nest(rest, { ...asides, [name]: aside }));
  };
  return nest(FILES, paths);
}

function pathsIn(folder: string): Targets {
  return {
    records: join(folder, "records.parquet"),
    changes: join(folder, "changes.parquet"),
    quarantine: join(folder, "quarantine.parquet"),
    duplicates: join(folder, "duplicates.parquet"),
  };
}

function checkBalance(counts: RecipeCounts): void {
  const { rowsIn, rowsOut, rowsQuarantined, duplicatesRemoved } = counts;
  if (rowsIn === rowsOut + rowsQuarantined + duplicatesRemoved) return;
  const reason = `${rowsIn} came in; ${rowsOut} went out, ${rowsQuarantined} were set aside, ${duplicatesRemoved} were duplicates.`;
  throw new WranglerError("ROW_BALANCE", reason, { ...counts });
}

async function rowsOf({ source, ask, signal }: ExecutionRequest): Promise<number> {
  const sql = `SELECT count(*) AS "rows" FROM ${source}`;
  const [size] = await ask({ sql, row: z.object({ rows: z.number() }) }, signal);
  return size?.rows ?? 0;
}

/**
 * The columns in scope in which nearly every value differs. The counts are approximate: they
 * decide how the steps are evaluated, not what comes out.
 */
async function manyValued(request: ExecutionRequest, size: number): Promise<ReadonlySet<string>> {
  const { recipe, columns, source, ask, signal } = request;
  const steps = recipe.steps.filter(
    ({ operation }) =>
      operationNames().includes(operation) && findOperation(operation).cell !== undefined,
  );
  const touched = new Set(steps.flatMap((step) => step.columns));
  const names = columns.filter((name) => touched.has(name));
  const inline = new Set<string>();
  if (size < MIN_ROWS_TO_MEASURE) return inline;
  const part = size > MAX_ROWS_TO_MEASURE;
  const rows = part ? Math.floor(size / 4) : size;
  const limit = rows * (part ? INLINE_SHARE_OF_QUARTER : INLINE_SHARE);
  const where = part ? ` WHERE ${identifier(ROW)} <= ${rows}` : "";
  for (let at = 0; at < names.length; at += COLUMNS_PER_STATEMENT) {
    const some = names.slice(at, at + COLUMNS_PER_STATEMENT);
    const counts = some.map((name) => `approx_count_distinct(${identifier(name)})`);
    const sql = `SELECT [${counts.join(", ")}] AS "counts" FROM ${source}${where}`;
    const [row] = await ask({ sql, row: z.object({ counts: z.array(z.number()) }) }, signal);
    row?.counts.forEach((count, i) => {
      const name = some[i];
      if (name !== undefined && count > limit) inline.add(name);
    });
  }
  return inline;
}
