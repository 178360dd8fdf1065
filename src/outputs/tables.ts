import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import {
  type Ask,
  type Column,
  type Dataset,
  identifier,
  literal,
  type Manifest,
  parquet,
  WranglerError,
  writeJson,
} from "../core/index.ts";
import { writeCleaned } from "../engine/index.ts";
import type { Execution, Recipe } from "../recipe/index.ts";

/** The tables that a recipe yielded for a dataset, and how they are wanted. */
export interface TableOutputs {
  readonly dataset: Dataset;
  readonly recipe: Recipe;
  readonly execution: Pick<Execution, "columns" | "paths">;
  readonly formats: readonly ("source" | "csv" | "parquet")[];
  readonly counts: Manifest["counts"];
  readonly ask: Ask;
  readonly signal: AbortSignal | undefined;
}

/**
 * Write the cleaned table, change log, quarantine, duplicates and recipe into a folder.
 *
 * @returns The columns of the cleaned table.
 * @throws {WranglerError} ROW_BALANCE when records in are not rows out, set aside and removed.
 */
export async function writeTables(folder: string, outputs: TableOutputs): Promise<Column[]> {
  const { dataset, execution, ask, signal } = outputs;
  const { paths } = execution;
  assertBalance(outputs.counts, dataset);
  const columns = columnsOf(execution.columns, dataset.columns);
  for (const format of formatsFor(outputs)) {
    const request = { dataset, columns, recordsPath: paths.records, format, folder, ask };
    await writeCleaned({ ...request, ...(signal ? { signal } : {}) });
  }
  await copyFile(paths.changes, join(folder, "changes.parquet"));
  await copyFile(paths.duplicates, join(folder, "duplicates.parquet"));
  if (dataset.renderingPath)
    await copyFile(dataset.renderingPath, join(folder, "rendering.parquet"));
  await writeQuarantine(outputs, join(folder, "quarantine.parquet"));
  await writeJson(join(folder, "recipe.json"), outputs.recipe);
  return columns;
}

/** A dataset without the working folder's paths, so that equal runs leave equal manifests. */
export function portableDataset(dataset: Dataset): Dataset {
  const renderingPath = dataset.renderingPath && "rendering.parquet";
  return { ...dataset, recordsPath: "", rejectsPath: null, renderingPath };
}

/** A Parquet input's own format is Parquet: one file, not two of one name. */
function formatsFor({ dataset, formats }: TableOutputs): TableOutputs["formats"] {
  const own = dataset.files[0]?.format;
  return [...new Set(formats)].filter((format) => format !== own || !formats.includes("source"));
}

/** Columns that went through keep their label and type; new ones are labelled with their name. */
function columnsOf(names: readonly string[], before: readonly Column[]): Column[] {
  const known = new Map(before.map((column) => [column.name, column]));
  return names.map((name) => known.get(name) ?? { name, label: name, sourceType: null });
}

/** Rows and cells that the loader and the recipe set aside, in one file. */
async function writeQuarantine(
  { dataset, execution, ask, signal }: TableOutputs,
  target: string,
): Promise<void> {
  const list = ["row", "column", "raw", "code", "reason"]
    .map((name) => identifier(name))
    .join(", ");
  const recipe = `SELECT ${list} FROM ${parquet(execution.paths.quarantine)}`;
  const loader = `SELECT "row", NULL::VARCHAR AS "column", raw, code, reason FROM `;
  const both = dataset.rejectsPath
    ? `${loader} ${parquet(dataset.rejectsPath)} UNION ALL ${recipe}`
    : recipe;
  const sql = `COPY (SELECT ${list} FROM (${both}) ORDER BY ALL) TO ${literal(target)} (FORMAT parquet)`;
  await ask({ sql, row: z.unknown() }, signal);
}

function assertBalance(counts: Manifest["counts"], { records }: Dataset): void {
  const { rowsOut, rowsQuarantined, duplicatesRemoved } = counts;
  if (records === rowsOut + rowsQuarantined + duplicatesRemoved) return;
  const reason = `${records} records came in, but ${rowsOut} rows out + ${rowsQuarantined} set aside + ${duplicatesRemoved} duplicates removed do not make as many.`;
  throw new WranglerError("ROW_BALANCE", reason, { records, rowsOut });
}
