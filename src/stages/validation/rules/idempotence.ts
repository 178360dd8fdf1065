/** A recipe run over its own result changes nothing more. */
import { join } from "node:path";
import { z } from "zod";
import { parquet } from "../../../core/index.ts";
import { executeRecipe } from "../../../recipe/index.ts";
import { sliceOf } from "../slice.ts";
import type { Trial } from "../trial.ts";
import type { RuleOutcome } from "../verdict.ts";

/** What a second run over the first one's result did. */
export interface SecondRun {
  /** False when the recipe changes the columns, so that it cannot run on its own result. */
  readonly possible: boolean;
  readonly cells: number;
  readonly rows: number;
  /** Steps that changed something once more. */
  readonly unsettled: readonly string[];
}

/** Run a trial's recipe over its own result. */
export async function runAgain(trial: Trial, folder: string): Promise<SecondRun> {
  const { recipe, execution, columns, ask, signal } = trial;
  const kept =
    columns.length === execution.columns.length &&
    columns.every((name) => execution.columns.includes(name));
  if (!kept) return { possible: false, cells: 0, rows: 0, unsettled: [] };
  // Steps that saw and wrote only cells which are as they were would do the same again: nothing.
  const slice = sliceOf(recipe, execution.columns, trial.touched);
  if (slice.recipe.steps.length === 0) return { possible: true, cells: 0, rows: 0, unsettled: [] };
  const { counts, paths } = await executeRecipe({
    ...slice,
    source: parquet(execution.paths.records),
    folder: join(folder, "again"),
    ask,
    ...(signal ? { signal } : {}),
  });
  const rows = counts.rowsQuarantined + counts.duplicatesRemoved;
  const changed = await ask(
    {
      sql: `SELECT DISTINCT unnest(string_split("step"::VARCHAR, ',')) AS "id" FROM ${parquet(paths.changes)}`,
      row: z.object({ id: z.string() }),
    },
    signal,
  );
  const ids = new Set(changed.map(({ id }) => id));
  const removes = (operation: string) =>
    rows > 0 && (operation === "remove_duplicates" || operation === "quarantine_rows");
  const unsettled = recipe.steps.filter(({ id, operation }) => ids.has(id) || removes(operation));
  return {
    possible: true,
    cells: counts.cellsChanged,
    rows,
    unsettled: unsettled.map(({ id }) => id),
  };
}

/** The idempotence rule, given what the second run did. */
export function idempotence({ possible, cells, rows, unsettled }: SecondRun): RuleOutcome {
  const rule = { rule: "idempotence", hard: true };
  if (!possible) {
    const message = "Not tried: the recipe changes the columns, so its result is no input for it.";
    return { ...rule, passed: true, message };
  }
  const passed = cells + rows === 0;
  const message = passed
    ? "Run over its own result, the recipe changes nothing more."
    : `Expected that the recipe changes nothing in its own result; ${unsettled.join(", ")} changed ${cells} cells and took out ${rows} rows.`;
  return { ...rule, passed, message, after: cells + rows };
}
