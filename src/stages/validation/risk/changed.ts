/** How many cells each step had a part in changing, and what became of the cells of each column. */
import { z } from "zod";
import { parquet } from "../../../core/index.ts";
import type { Trial } from "../trial.ts";
import type { Measures } from "../verdict.ts";

const Changed = z.object({ stepId: z.string(), cells: z.number() });
const Kinds = z.object({ column: z.string(), kind: z.string(), cells: z.number() });

/** Cells that each step had a part in changing, by its id. */
export async function changedByStep(trial: Trial): Promise<Map<string, number>> {
  if (trial.recipe.steps.length === 0) return new Map();
  const sql = `SELECT "stepId", sum("n")::BIGINT AS "cells" FROM (
      SELECT unnest(string_split("step"::VARCHAR, ',')) AS "stepId", "n" FROM (
        SELECT "step", count(*) AS "n" FROM ${parquet(trial.execution.paths.changes)} GROUP BY 1)) GROUP BY 1`;
  const rows = await trial.ask({ sql, row: Changed }, trial.signal);
  return new Map(rows.map(({ stepId, cells }) => [stepId, cells]));
}

/** What became of the changed cells of each column, in the table's order. */
export async function changesByColumn(trial: Trial): Promise<Measures["changes"]> {
  if (trial.recipe.steps.length === 0) return [];
  const sql = `SELECT "column", "kind", count(*) AS "cells" FROM ${parquet(trial.classified)} GROUP BY 1, 2`;
  const rows = await trial.ask({ sql, row: Kinds }, trial.signal);
  const names = [...new Set([...trial.columns, ...trial.execution.columns])];
  return names
    .filter((name) => rows.some(({ column }) => column === name))
    .map((name) => {
      const of = (kind: string) =>
        rows.find((row) => row.column === name && row.kind === kind)?.cells ?? 0;
      return {
        column: name,
        filled: of("filled"),
        cleared: of("cleared"),
        rerendered: of("rerendered"),
        repaired: of("repaired") + of("emptied"),
      };
    });
}
