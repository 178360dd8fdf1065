import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { parquet } from "../../../src/core/index.ts";
import { compileRecipe } from "../../../src/recipe/index.ts";
import { type Draft, recipeOf, withTables } from "./table.ts";

describe("executing a recipe", () => {
  it("writes the table, its changes with step and reason, and the counts", async () => {
    const { run } = await withTables();
    const done = await run(
      ["name", "ounces"],
      [
        [" Ale ", "12.0 oz."],
        ["Stout", "16 oz"],
        [null, "x"],
        ["N/A", null],
      ],
      [
        { operation: "trim", columns: ["name"] },
        { operation: "clear_null_tokens", columns: ["name"], args: { tokens: ["N/A"] } },
        {
          operation: "parse_number",
          columns: ["ounces"],
          args: { decimal: ".", units: ["oz", "oz."] },
          onFail: "quarantine",
        },
      ],
    );
    expect(done.rows).toEqual([
      [1, "Ale", "12"],
      [2, "Stout", "16"],
      [3, null, "x"],
      [4, null, null],
    ]);
    expect(
      done.changes.map(({ row, column, old, new: now, step }) => [row, column, old, now, step]),
    ).toEqual([
      [1, "name", " Ale ", "Ale", "s1"],
      [1, "ounces", "12.0 oz.", "12", "s3"],
      [2, "ounces", "16 oz", "16", "s3"],
      [4, "name", "N/A", null, "s2"],
    ]);
    expect(done.changes[1]?.reason).toBe(
      "Removes the unit “oz” and “oz.” from “ounces” and writes plain numbers.",
    );
    expect(done.quarantine).toEqual([
      {
        row: 3,
        column: "ounces",
        raw: "x",
        code: "parse_number",
        reason: "The value is not a number in the form expected.",
      },
    ]);
    expect(done.counts).toEqual({
      rowsIn: 4,
      rowsOut: 4,
      rowsQuarantined: 0,
      duplicatesRemoved: 0,
      cellsChanged: 4,
      cellsQuarantined: 1,
    });
  });

  it("writes a value decided by other columns where they say so, as they were before the step", async () => {
    const { run } = await withTables();
    const done = await run(
      ["a", "b"],
      [
        ["1", "x"],
        ["2", "x"],
        ["2", null],
      ],
      [
        {
          operation: "set_value",
          columns: ["a", "b"],
          args: { value: "new" },
          where: { all: [{ column: "a", equals: "2" }, { not: { column: "b", empty: true } }] },
        },
        { operation: "map_by_key", columns: ["b"], args: { key: ["a"], map: [["2", null, "y"]] } },
      ],
    );
    expect(done.rows).toEqual([
      [1, "1", "x"],
      [2, "new", "new"],
      [3, "2", "y"],
    ]);
  });

  it("moves a spilled token only where the other cell is empty", async () => {
    const { run } = await withTables();
    const done = await run(
      ["city", "state"],
      [
        ["Portland OR", null],
        ["San Diego CA", "CA"],
        ["New York", null],
      ],
      [
        {
          operation: "move_token",
          columns: ["city", "state"],
          args: { position: "last", separator: " ", tokens: ["OR", "CA"] },
        },
      ],
    );
    expect(done.rows).toEqual([
      [1, "Portland", "OR"],
      [2, "San Diego CA", "CA"],
      [3, "New York", null],
    ]);
  });

  it("repairs a misspelt value by the vote of its group", async () => {
    const { run } = await withTables();
    const good = Array.from({ length: 5 }, () => ["1", "Málaga"]);
    const done = await run(
      ["zip", "city"],
      [...good, ["1", "Malaga"], ["1", null], ["1", "Paris"], ["2", "x"], ["2", "y"]],
      [
        {
          operation: "repair_by_dependency",
          columns: ["city"],
          args: {
            determinants: [{ columns: ["zip"], weight: 1 }],
            minShare: 0.6,
            minSupport: 2,
            write: "near",
            maxOwnShare: 0.2,
          },
        },
      ],
    );
    expect(done.rows.slice(5).map((row) => row[2])).toEqual([
      "Málaga",
      "Málaga",
      "Paris",
      "x",
      "y",
    ]);
  });
});

describe("a wide table", () => {
  it("is laid together from parts, in order and without the removed rows", async () => {
    const { run } = await withTables();
    const header = Array.from({ length: 70 }, (_, i) => `c${i}`);
    const rows = Array.from({ length: 5 }, (_, r) => header.map((_name, i) => ` ${r % 4}-${i}`));
    const done = await run(header, rows, [
      { operation: "trim", columns: header },
      { operation: "remove_duplicates", args: { by: "row" } },
    ]);
    expect(done.rows).toEqual(
      [0, 1, 2, 3].map((r) => [r + 1, header.map((_name, i) => `${r}-${i}`)].flat()),
    );
    expect(done.counts).toMatchObject({ duplicatesRemoved: 1, cellsChanged: 4 * 70 });
  });
});

describe("the plan", () => {
  it("gives the same answer whether steps are evaluated on values or on rows", async () => {
    const { ask, folder, run } = await withTables();
    const rows = Array.from({ length: 300 }, (_, i) => [i % 3 === 0 ? ` v${i % 40} ` : `v${i}`]);
    const steps: Draft[] = [
      { operation: "trim", columns: ["x"] },
      { operation: "change_case", columns: ["x"], args: { to: "upper" } },
      {
        operation: "quarantine_cells",
        columns: ["x"],
        args: { code: "c", reason: "R." },
        guard: "V1.*",
      },
    ];
    const done = await run(["x"], rows, steps);
    const target = (name: string) => `${folder}/inline-${name}.parquet`;
    const names = ["records", "changes", "quarantine", "duplicates"] as const;
    const [records, changes, quarantine, duplicates] = names.map(target);
    const { query } = compileRecipe(recipeOf(["x"], steps), {
      columns: ["x"],
      source: parquet(`${folder}/input1.parquet`),
      targets: {
        records: records!,
        changes: changes!,
        quarantine: quarantine!,
        duplicates: duplicates!,
      },
      hints: { inline: new Set(["x"]) },
    });
    expect(await ask(query)).toEqual([done.counts]);
    for (const name of names) {
      const inline = await readFile(target(name));
      expect(inline.equals(await readFile(done.paths[name]))).toBe(true);
    }
  });

  it("refuses an invalid recipe before it asks the engine", async () => {
    const { run } = await withTables();
    await expect(run(["x"], [["1"]], [{ operation: "trim", columns: ["y"] }])).rejects.toThrow(
      'there is no column "y" here',
    );
  });
});
