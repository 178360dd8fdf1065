import { exists } from "../../src/core/index.ts";
import { columnsOut, type Execution, executeRecipe } from "../../src/recipe/index.ts";
import type { Verdict } from "../../src/stages/validation/index.ts";
import type { Workspace } from "./workspace.ts";

/**
 * The tables of a candidate after validation. Validation leaves them; when only the verdict is
 * there (a stage run by itself on files), its recipe is executed again, to the same bytes.
 */
export async function tablesOf(
  work: Workspace,
  { candidateId, recipe, accounting }: Verdict,
): Promise<Execution> {
  const folder = work.path("tables", candidateId);
  const path = (name: string) => work.path("tables", candidateId, `${name}.parquet`);
  const paths = {
    records: path("records"),
    changes: path("changes"),
    quarantine: path("quarantine"),
    duplicates: path("duplicates"),
  };
  const dataset = await work.dataset();
  const columns = dataset.columns.map(({ name }) => name);
  const present = await Promise.all(Object.values(paths).map((file) => exists(file)));
  if (present.every(Boolean)) {
    const { rowsOut, duplicatesRemoved, cellsChanged, cellsQuarantined } = accounting;
    const rowsQuarantined = accounting.rowsQuarantined - dataset.rejected;
    const rest = { rowsOut, rowsQuarantined, duplicatesRemoved, cellsChanged, cellsQuarantined };
    return {
      columns: columnsOut(recipe, columns),
      counts: { rowsIn: dataset.rows, ...rest },
      paths,
    };
  }
  const source = await work.source();
  const { ask, signal } = work;
  return executeRecipe({ recipe, columns, source, folder, ask, ...(signal ? { signal } : {}) });
}
