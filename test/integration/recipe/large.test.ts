import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { type Ask, identifier, literal, parquet, ROW } from "../../../src/core/index.ts";
import { startEngine } from "../../../src/engine/index.ts";
import { type Execution, executeRecipe } from "../../../src/recipe/index.ts";
import { withFolder } from "../../helpers/engine.ts";
import { type Draft, recipeOf } from "./table.ts";

const FILES = ["records", "changes", "quarantine", "duplicates"] as const;
const Anything = z.unknown();

/** An engine with so many threads and one gigabyte, in a folder. */
function engineIn(folder: string, threads: number): Ask {
  const tempFolder = join(folder, `spill${threads}`);
  const engine = startEngine({ folders: [folder], tempFolder, memoryLimit: "1GB", threads });
  onTestFinished(() => engine.close());
  return engine.ask;
}

const COLUMNS = ["id", "zip", "city", "amount", "note", "state"];

/** Rows whose every cell is a function of the row's number; in row groups that threads share. */
async function generate(path: string, rows: number, ask: Ask): Promise<void> {
  const sql = `COPY (SELECT i AS ${identifier(ROW)}, (hash(i) % 150000)::VARCHAR AS id,
      (hash(i + 1) % 300)::VARCHAR AS zip,
      CASE hash(i + 2) % 40 WHEN 0 THEN NULL WHEN 1 THEN 'Elsewhere'
        ELSE ' City ' || (hash(i + 1) % 300) END AS city,
      CASE hash(i + 3) % 9 WHEN 0 THEN 'n/a' ELSE '1,' || printf('%03d', hash(i) % 1000) || '.50' END AS amount,
      CASE WHEN hash(i + 4) % 5 > 0 THEN 'NOTE ' || hash(i + 4) END AS note,
      CASE hash(i + 5) % 3 WHEN 0 THEN 'x' ELSE 'y' END AS state
    FROM range(1, ${rows + 1}) t(i)) TO ${literal(path)} (FORMAT parquet, ROW_GROUP_SIZE 20480)`;
  await ask({ sql, row: Anything });
}

const STEPS: Draft[] = [
  { operation: "trim", columns: ["city"] },
  { operation: "change_case", columns: ["note"], args: { to: "title" } },
  {
    operation: "parse_number",
    columns: ["amount"],
    args: { decimal: ".", thousands: "," },
    onFail: "quarantine",
  },
  {
    operation: "repair_by_dependency",
    columns: ["city"],
    args: {
      determinants: [{ columns: ["zip"], weight: 1 }],
      minShare: 0.6,
      minSupport: 5,
      write: "any",
      maxOwnShare: 0.2,
    },
  },
  { operation: "fill_forward", columns: ["note"] },
  {
    operation: "map_values",
    columns: ["state"],
    args: { map: [["x", "z"]] },
    where: { column: "zip", matches: "1.*" },
  },
  {
    operation: "quarantine_rows",
    args: { code: "zip", reason: "It is none." },
    where: { column: "zip", equals: "299" },
  },
  { operation: "remove_duplicates", args: { by: "key", key: ["id"] } },
];

describe("a large table", () => {
  it("gives the same bytes with one thread and two, its change log by row and column", async () => {
    const folder = await withFolder();
    const source = join(folder, "source.parquet");
    const done: Execution[] = [];
    for (const threads of [1, 2]) {
      const ask = engineIn(folder, threads);
      if (threads === 1) await generate(source, 200_000, ask);
      const out = join(folder, `out${threads}`);
      const recipe = recipeOf(COLUMNS, STEPS);
      done.push(
        await executeRecipe({
          recipe,
          columns: COLUMNS,
          source: parquet(source),
          folder: out,
          ask,
        }),
      );
      const places = COLUMNS.map((name) => literal(name)).join(", ");
      const disorder = `SELECT count(*) AS "rows" FROM (SELECT n, lag(n) OVER (ORDER BY place) AS before
        FROM (SELECT file_row_number AS place, "row" * 10 + list_position([${places}], "column") AS n
          FROM read_parquet(${literal(join(out, "changes.parquet"))}, file_row_number = true)))
        WHERE n <= before`;
      expect(await ask({ sql: disorder, row: Anything })).toEqual([{ rows: 0 }]);
    }
    const [one, two] = done;
    expect(one?.counts).toEqual(two?.counts);
    for (const count of Object.values(one?.counts ?? {})) expect(count).toBeGreaterThan(100);
    for (const name of FILES) {
      const bytes = await readFile(one?.paths[name] ?? "");
      expect(bytes.equals(await readFile(two?.paths[name] ?? ""))).toBe(true);
    }
  }, 60_000);
});

describe("a table of thousands of columns", () => {
  const header = Array.from({ length: 2_000 }, (_, i) => `c${i}`);

  /** Cells such as " 12-3", so many rows of them. */
  async function wide(folder: string, rows: number, ask: Ask): Promise<string> {
    const path = join(folder, "wide.parquet");
    const cells = header.map((name, i) => `t || '-${i}' AS ${identifier(name)}`);
    const sql = `COPY (SELECT i AS ${identifier(ROW)}, ${cells.join(", ")}
      FROM (SELECT i, ' ' || (i % 50) AS t FROM range(1, ${rows + 1}) r(i)))
      TO ${literal(path)} (FORMAT parquet, STRING_DICTIONARY_PAGE_SIZE_LIMIT 16384)`;
    await ask({ sql, row: Anything });
    return path;
  }

  it("goes through few steps within one gigabyte", async () => {
    const folder = await withFolder();
    const ask = engineIn(folder, 2);
    const source = parquet(await wide(folder, 2_100, ask));
    const steps = [
      { operation: "trim", columns: header.slice(0, 3) },
      { operation: "remove_duplicates", args: { by: "row" } },
    ];
    const recipe = recipeOf(header, steps);
    const out = join(folder, "out");
    const { counts, paths } = await executeRecipe({
      recipe,
      columns: header,
      source,
      folder: out,
      ask,
    });
    expect(counts).toMatchObject({ rowsOut: 50, duplicatesRemoved: 2_050, cellsChanged: 150 });
    const sql = `SELECT "c2" AS "touched", "c1999" AS "kept" FROM ${parquet(paths.records)}
      ORDER BY ${identifier(ROW)} LIMIT 1`;
    expect(await ask({ sql, row: Anything })).toEqual([{ touched: "1-2", kept: " 1-1999" }]);
  }, 60_000);

  it("goes through an empty recipe as the file it is", async () => {
    const folder = await withFolder();
    const ask = engineIn(folder, 2);
    const path = await wide(folder, 3, ask);
    const out = join(folder, "out");
    const recipe = recipeOf(header, []);
    const { counts, paths } = await executeRecipe({
      recipe,
      columns: header,
      source: parquet(path),
      folder: out,
      ask,
    });
    expect(counts).toMatchObject({ rowsIn: 3, rowsOut: 3, cellsChanged: 0 });
    expect((await readFile(path)).equals(await readFile(paths.records))).toBe(true);
    expect((await stat(paths.duplicates)).size).toBeGreaterThan(0);
  });

  it("is written anew by an empty recipe when its rows are out of order", async () => {
    const folder = await withFolder();
    const ask = engineIn(folder, 2);
    const path = join(folder, "source.parquet");
    const rows = `(VALUES (2, 'd', 'c'), (1, 'b', 'a')) t(${identifier(ROW)}, b, a)`;
    const typed = `SELECT ${identifier(ROW)}::BIGINT AS ${identifier(ROW)}, a, b FROM ${rows}`;
    await ask({ sql: `COPY (${typed}) TO ${literal(path)} (FORMAT parquet)`, row: Anything });
    const recipe = recipeOf(["a", "b"], []);
    const { paths } = await executeRecipe({
      recipe,
      columns: ["a", "b"],
      source: parquet(path),
      folder: join(folder, "out"),
      ask,
    });
    const sql = `SELECT file_row_number AS "at", a, b
      FROM read_parquet(${literal(paths.records)}, file_row_number = true) ORDER BY 1`;
    expect(await ask({ sql, row: Anything })).toEqual([
      { at: 0, a: "a", b: "b" },
      { at: 1, a: "c", b: "d" },
    ]);
  });
});
