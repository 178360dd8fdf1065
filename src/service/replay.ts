import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, extname, join, resolve } from "node:path";
import { fingerprint, Manifest, parquet, readJson, WranglerError } from "../core/index.ts";
import { type Engine, loadDataset, startEngine, undo } from "../engine/index.ts";
import type { ApplyRequest, ApplyResult, UndoRequest, UndoResult } from "../orchestration/index.ts";
import { portableDataset, publish, writeTables } from "../outputs/index.ts";
import { executeRecipe, Recipe } from "../recipe/index.ts";
import { lockFolder } from "../stores/index.ts";

const MEMORY_LIMIT = "1GB";
const THREADS = 2;

/** Run a saved recipe over a file: the cleaned table, change log and quarantine, without the stages. */
export async function replayRecipe(
  request: ApplyRequest,
  tool: string,
  signal?: AbortSignal,
): Promise<ApplyResult> {
  const recipe = await readRecipe(request.recipePath);
  const output = resolve(request.output);
  const folders = [dirname(resolve(request.input)), output];
  return withScratch(folders, async (engine, scratch) => {
    const given = signal ? { signal } : {};
    const { ask } = engine;
    const dataset = await loadDataset({
      name: basename(request.input, extname(request.input)),
      paths: [resolve(request.input)],
      read: {},
      folder: join(scratch, "staged"),
      ask,
      ...given,
    });
    const columns = dataset.columns.map(({ name }) => name);
    const source = parquet(dataset.recordsPath);
    const folder = join(scratch, "tables");
    const execution = await executeRecipe({ recipe, columns, source, folder, ask, ...given });
    const { rowsIn, ...rest } = execution.counts;
    const rowsQuarantined = rest.rowsQuarantined + dataset.rejected;
    const counts = { ...rest, recordsIn: rowsIn + dataset.rejected, rowsQuarantined };
    const release = await lockFolder(output);
    try {
      await publish(output, basename(scratch), async (aside) => ({
        version: 1,
        tool,
        key: fingerprint({ tool, input: dataset.fingerprint, recipe }),
        account: "default",
        dataset: portableDataset(dataset),
        columnsOut: await writeTables(aside, {
          dataset,
          recipe,
          execution,
          formats: ["source", "parquet"],
          counts,
          ask,
          signal,
        }),
        winner: "recipe",
        counts,
        qualityBefore: null,
        qualityAfter: null,
      }));
    } finally {
      await release();
    }
    const manifest = await readJson(join(output, "manifest.json"), Manifest);
    return { written: Object.keys(manifest.files).map((name) => join(output, name)), counts };
  });
}

/** Give back the input of a run from its cleaned table and its change log. */
export async function undoChanges(request: UndoRequest, signal?: AbortSignal): Promise<UndoResult> {
  const changesPath = resolve(request.changesPath);
  const folder = dirname(changesPath);
  const manifest = await readJson(join(folder, "manifest.json"), Manifest);
  const output = resolve(request.output);
  const folders = [folder, dirname(resolve(request.input)), dirname(output)];
  return withScratch(folders, async (engine, workFolder) => {
    const done = await undo({
      manifest,
      changesPath,
      quarantinePath: join(folder, "quarantine.parquet"),
      duplicatesPath: join(folder, "duplicates.parquet"),
      cleanedPath: resolve(request.input),
      workFolder,
      output,
      ask: engine.ask,
      ...(signal ? { signal } : {}),
    });
    return { written: output, ...done };
  });
}

/** A recipe file; a candidate's file holds one too. */
async function readRecipe(path: string): Promise<Recipe> {
  try {
    return await readJson(path, Recipe);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WranglerError("RECIPE_INVALID", reason, { path }, { cause });
  }
}

async function withScratch<T>(
  folders: readonly string[],
  work: (engine: Engine, scratch: string) => Promise<T>,
): Promise<T> {
  const scratch = await mkdtemp(join(tmpdir(), "data-wrangler-"));
  const engine = startEngine({
    folders: [scratch, ...folders],
    tempFolder: join(scratch, ".spill"),
    memoryLimit: MEMORY_LIMIT,
    threads: THREADS,
  });
  try {
    return await work(engine, scratch);
  } finally {
    await engine.close();
    await rm(scratch, { recursive: true, force: true });
  }
}
