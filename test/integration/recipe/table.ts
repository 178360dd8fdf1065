import { join } from "node:path";
import { z } from "zod";
import { type Ask, identifier, literal, parquet, ROW } from "../../../src/core/index.ts";
import { type Execution, executeRecipe, Recipe } from "../../../src/recipe/index.ts";
import { withEngine, withFolder } from "../../helpers/engine.ts";

export type Cell = string | null;

const Anything = z.record(z.string(), z.unknown());

/** A step as a test writes it: ids are filled in. */
export type Draft = Partial<z.input<typeof Recipe>["steps"][number]> & { operation: string };

export interface Outcome extends Execution {
  /** Output rows in order: the row's number, then its values. */
  rows: (number | Cell)[][];
  changes: z.infer<typeof ChangeShape>[];
  quarantine: z.infer<typeof AsideShape>[];
  duplicates: Record<string, unknown>[];
}

/** An engine with a folder, and a way to run steps over small tables. */
export async function withTables() {
  const folder = await withFolder();
  const engine = withEngine(folder);
  const { ask } = engine;
  let runs = 0;

  async function run(header: string[], rows: Cell[][], steps: Draft[]): Promise<Outcome> {
    const out = join(folder, `run${++runs}`);
    const path = join(folder, `input${runs}.parquet`);
    await ask(input(path, header, rows));
    const recipe = recipeOf(header, steps);
    const done = await executeRecipe({
      recipe,
      columns: header,
      source: parquet(path),
      folder: out,
      ask,
    });
    return read(done, ask);
  }

  /** The values of one column after steps on it. */
  async function column(cells: Cell[], ...steps: Draft[]): Promise<Cell[]> {
    const drafts = steps.map((step) => Object.assign({ columns: ["x"] }, step));
    const { rows } = await run(
      ["x"],
      cells.map((cell) => [cell]),
      drafts,
    );
    return rows.map(([, cell]) => (typeof cell === "string" ? cell : null));
  }

  return { ask, folder, run, column };
}

export function recipeOf(columns: string[], steps: Draft[]): Recipe {
  const numbered = steps.map((step, i) => ({ id: `s${i + 1}`, columns: [], ...step }));
  return Recipe.parse({ version: 1, columns, steps: numbered });
}

function input(path: string, header: string[], rows: Cell[][]) {
  const names = [ROW, ...header].map((name) => identifier(name)).join(", ");
  const types = [
    `${identifier(ROW)} BIGINT`,
    ...header.map((name) => `${identifier(name)} VARCHAR`),
  ];
  const values = rows.map(
    (row, i) => `(${[i + 1, ...row].map((cell) => literal(cell)).join(", ")})`,
  );
  const setup = [`CREATE TEMP TABLE made (${types.join(", ")})`];
  if (values.length > 0) setup.push(`INSERT INTO made (${names}) VALUES ${values.join(", ")}`);
  setup.push(`COPY (FROM made) TO ${literal(path)} (FORMAT parquet)`);
  return { setup, sql: "SELECT 1 AS one", row: Anything };
}

const CellShape = z.string().nullable();
const ChangeShape = z.object({
  row: z.number(),
  column: z.string(),
  old: CellShape,
  new: CellShape,
  step: z.string(),
  reason: z.string(),
});
const AsideShape = z.object({
  row: z.number(),
  column: CellShape,
  raw: z
    .instanceof(Uint8Array)
    .nullable()
    .transform((raw) => raw && Buffer.from(raw).toString("utf8")),
  code: z.string(),
  reason: z.string(),
});

async function read(done: Execution, ask: Ask): Promise<Outcome> {
  const all = <Row>(path: string, row: z.ZodType<Row>) =>
    ask({ sql: `FROM ${parquet(path)}`, row });
  const records = await all(
    done.paths.records,
    z.record(z.string(), z.union([z.number(), CellShape])),
  );
  return {
    ...done,
    rows: records.map((record) => [ROW, ...done.columns].map((name) => record[name] ?? null)),
    changes: await all(done.paths.changes, ChangeShape),
    quarantine: await all(done.paths.quarantine, AsideShape),
    duplicates: await all(done.paths.duplicates, Anything),
  };
}
