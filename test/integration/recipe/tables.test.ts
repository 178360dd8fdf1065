import { describe, expect, it } from "vitest";
import { type Cell, withTables } from "./table.ts";

describe("table operations", () => {
  it("fill from above and from the group, but not on a tie", async () => {
    const { run } = await withTables();
    const done = await run(
      ["g", "v", "w"],
      [
        ["a", "1", null],
        ["a", "1", "x"],
        ["a", null, null],
        ["b", "1", null],
        ["b", "2", "y"],
        ["b", null, null],
        [null, null, null],
      ],
      [
        {
          operation: "fill_group",
          columns: ["v"],
          args: { by: ["g"], minShare: 0.5, minSupport: 1 },
        },
        { operation: "fill_forward", columns: ["w"], where: { not: { column: "g", empty: true } } },
      ],
    );
    expect(done.rows.map((row) => row.slice(2))).toEqual([
      ["1", null],
      ["1", "x"],
      ["1", "x"],
      ["1", "x"],
      ["2", "y"],
      [null, "y"],
      [null, null],
    ]);
  });

  it("exchange cells of two columns where they are told to", async () => {
    const { run } = await withTables();
    const done = await run(
      ["a", "b"],
      [
        ["1", "x"],
        ["y", "2"],
      ],
      [
        {
          operation: "swap_columns",
          columns: ["a", "b"],
          where: { column: "a", matches: "[a-z]" },
        },
      ],
    );
    expect(done.rows).toEqual([
      [1, "1", "x"],
      [2, "2", "y"],
    ]);
  });

  it("split, merge, rename, flag, reorder and drop with a change record for each cell", async () => {
    const { run } = await withTables();
    const done = await run(
      ["name", "n", "gone"],
      [
        ["Ann B Lee", "5", "g"],
        ["Bo", "500", null],
      ],
      [
        {
          operation: "split_column",
          columns: ["name"],
          args: { separator: " ", into: ["first", "rest"] },
        },
        { operation: "rename_columns", args: { names: { n: "number" } } },
        { operation: "flag_outlier", columns: ["number"], args: { max: 100, into: "odd" } },
        { operation: "drop_columns", columns: ["gone"] },
        { operation: "reorder_columns", args: { order: ["number"] } },
        {
          operation: "merge_columns",
          columns: ["first", "odd"],
          args: { into: "both", separator: "/" },
        },
      ],
    );
    expect(done.columns).toEqual(["number", "both", "rest"]);
    expect(done.rows).toEqual([
      [1, "5", "Ann/false", "B Lee"],
      [2, "500", "Bo/true", null],
    ]);
    expect(
      done.changes.map(({ row, column, old, new: now, step }) => [row, column, old, now, step]),
    ).toEqual([
      [1, "name", "Ann B Lee", null, "s1"],
      [1, "n", "5", null, "s2"],
      [1, "gone", "g", null, "s4"],
      [1, "number", null, "5", "s2"],
      [1, "both", null, "Ann/false", "s6"],
      [1, "rest", null, "B Lee", "s1"],
      [2, "name", "Bo", null, "s1"],
      [2, "n", "500", null, "s2"],
      [2, "number", null, "500", "s2"],
      [2, "both", null, "Bo/true", "s6"],
    ]);
  });

  it("split by the groups of a pattern and keep the column", async () => {
    const { run } = await withTables();
    const done = await run(
      ["t"],
      [["5 kg"], ["none"]],
      [
        {
          operation: "split_column",
          columns: ["t"],
          args: { pattern: "(\\d+) (\\w+)", into: ["n", "unit"], keep: true },
        },
      ],
    );
    expect(done.rows).toEqual([
      [1, "5 kg", "5", "kg"],
      [2, "none", null, null],
    ]);
  });

  it("exchange the names of two columns", async () => {
    const { run } = await withTables();
    const done = await run(
      ["a", "b"],
      [["1", "2"]],
      [
        { operation: "trim", columns: ["a"] },
        { operation: "rename_columns", args: { names: { a: "b", b: "a" } } },
      ],
    );
    expect([done.columns, done.rows]).toEqual([["b", "a"], [[1, "1", "2"]]]);
    expect(done.changes.map(({ column, old, new: now }) => [column, old, now])).toEqual([
      ["a", "1", "2"],
      ["b", "2", "1"],
    ]);
  });
});

describe("row operations", () => {
  it("balance: every row is out, in quarantine with its input values, or listed as a duplicate", async () => {
    const { run } = await withTables();
    const done = await run(
      ["id", "v"],
      [
        [" 1", "a"],
        ["1", "a"],
        ["2", null],
        ["1", "b"],
        ["total", "9"],
        ["2", null],
        [null, null],
      ],
      [
        { operation: "trim", columns: ["id"] },
        {
          operation: "quarantine_rows",
          args: { code: "total", reason: "It sums up." },
          where: { column: "id", equals: "total" },
        },
        { operation: "remove_duplicates", args: { by: "row" } },
      ],
    );
    expect(done.rows).toEqual([
      [1, "1", "a"],
      [3, "2", null],
      [4, "1", "b"],
      [7, null, null],
    ]);
    expect(done.quarantine).toEqual([
      { row: 5, column: null, raw: '["total","9"]', code: "total", reason: "It sums up." },
    ]);
    expect(done.duplicates).toEqual([
      { row: 2, kept_row: 1, id: "1", v: "a" },
      { row: 6, kept_row: 3, id: "2", v: null },
    ]);
    expect(done.counts).toMatchObject({
      rowsIn: 7,
      rowsOut: 4,
      rowsQuarantined: 1,
      duplicatesRemoved: 2,
      cellsChanged: 1,
    });
  });

  it("find keys that are only spelt otherwise, and leave rows without a key alone", async () => {
    const { run } = await withTables();
    const cells = ["Café, Müller", "muller CAFE", null, null, "Other"];
    const done = await run(
      ["k"],
      cells.map((cell) => [cell]),
      [{ operation: "remove_duplicates", args: { by: "fuzzy_key", key: ["k"] } }],
    );
    expect(done.rows.map(([row]) => row)).toEqual([1, 3, 4, 5]);
  });
});

/** Rows (a, b, y), so many of each. */
const rows = (...groups: [string, string, Cell, number][]) =>
  groups.flatMap(([a, b, cell, count]) =>
    Array.from({ length: count }, (): Cell[] => [a, b, cell]),
  );

const step = (args: object) => ({
  operation: "repair_by_dependency",
  columns: ["y"],
  args: { minShare: 0.6, minSupport: 2, write: "any", ...args },
});

describe("repair_by_dependency", () => {
  it("weighs the determinants, leaves the row itself out, and writes nothing on a tie", async () => {
    const { run } = await withTables();
    const input = rows(
      ["1", "p", "x", 3],
      ["1", "q", "z", 1],
      ["2", "q", "z", 4],
      ["3", "r", "u", 2],
      ["3", "r", "v", 2],
    );
    const both = [
      { columns: ["a"], weight: 1 },
      { columns: ["b"], weight: 3 },
    ];
    const light = await run(["a", "b", "y"], input, [
      step({ determinants: both.slice(0, 1), maxOwnShare: 0.3 }),
    ]);
    expect(light.changes.map(({ row, new: now }) => [row, now])).toEqual([[4, "x"]]);
    const heavy = await run(["a", "b", "y"], input, [
      step({ determinants: both, maxOwnShare: 0.3 }),
    ]);
    expect(heavy.changes).toEqual([]);
    const few = await run(["a", "b", "y"], input, [
      step({ determinants: both.slice(0, 1), minVotes: 1.5 }),
    ]);
    expect(few.changes).toEqual([]);
  });

  it("takes several columns as one determinant and fills only empty cells when told to", async () => {
    const { run } = await withTables();
    const input = rows(
      ["1", "p", "x", 3],
      ["1", "q", "z", 3],
      ["1", "q", null, 1],
      ["1", "p", "q", 1],
    );
    const done = await run(["a", "b", "y"], input, [
      step({ determinants: [{ columns: ["a", "b"], weight: 0.8 }], write: "missing" }),
    ]);
    expect(done.changes.map(({ row, old, new: now }) => [row, old, now])).toEqual([[7, null, "z"]]);
  });
});
