import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cell, type Draft, type Outcome, withTables } from "./table.ts";

/** Cells of all sorts: quotes, controls, emoji, right-to-left, mojibake, numbers, dates, very long. */
const text = fc
  .oneof(
    { weight: 4, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
    { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 20 }) },
    fc.double().map(String),
    fc.integer().map((n) => `$ ${n.toLocaleString("en")}.50 %`),
    fc.integer({ min: -1000, max: 1000 }).map((n) => `${n} oz`),
    fc.constantFrom(" a\u00A0 b\t", "O'BRIEN", "McDonald's", "שלום עולם", "👩‍👩‍👧 x", '"q"', "it''s"),
    fc.constantFrom(
      "GÃ¶del",
      "Ã©tÃ©",
      "&amp;lt;",
      "&#39;&#x20AC;",
      "31.02.2020",
      "01.02.2020",
      "ﬁ ½",
    ),
    fc.constantFrom(
      "N/A",
      " n/a ",
      "(5)",
      "-0",
      "007",
      "1,23",
      "1,234",
      "a,b,c",
      "x".repeat(20_000),
    ),
  )
  .map((cell) => cell.replaceAll("\0", "") || " ");
const cells = fc.array(fc.option(text, { freq: 8 }), { minLength: 1, maxLength: 60 });

const OPERATIONS: Draft[] = [
  { operation: "trim" },
  { operation: "collapse_whitespace" },
  { operation: "normalise_unicode", args: { form: "NFC" } },
  { operation: "normalise_unicode", args: { form: "NFKC" } },
  { operation: "fix_mojibake" },
  { operation: "unescape_html" },
  ...["lower", "upper", "title", "sentence"].map((to) => ({
    operation: "change_case",
    args: { to },
  })),
  { operation: "clear_null_tokens", args: { tokens: ["N/A", "n/a"] } },
  {
    operation: "parse_number",
    args: {
      decimal: ".",
      thousands: ",",
      currency: ["$"],
      units: ["oz"],
      percent: "divide",
      parentheses: true,
      round: 2,
    },
    onFail: "quarantine",
  },
  { operation: "parse_number", args: { decimal: ",", leadingZeros: "strip" }, onFail: "null" },
  { operation: "parse_date", args: { from: ["%d.%m.%Y"], to: "%Y-%m-%d" }, onFail: "null" },
  {
    operation: "map_values",
    args: {
      map: [
        ["N/A", null],
        ["(5)", "five"],
        [null, "none"],
      ],
    },
  },
  {
    operation: "canonicalise_cluster",
    args: { clusters: [{ to: "n/a", from: ["N/A", " n/a "] }] },
  },
  { operation: "fill_constant", args: { value: "it's" } },
  { operation: "set_value", args: { value: "set" }, where: { column: "x", matches: ".*a.*" } },
  { operation: "cast", args: { type: "integer" }, onFail: "null" },
  { operation: "cast", args: { type: "decimal" }, onFail: "null" },
  { operation: "cast", args: { type: "boolean" }, onFail: "quarantine" },
  { operation: "encode_category", args: { categories: ["N/A", "(5)"], to: "ordinal" } },
  { operation: "cap_outlier", args: { min: -5, max: 5.5 } },
  { operation: "convert_unit", args: { factor: 0.5, from: "oz", to: "g" } },
  {
    operation: "quarantine_cells",
    args: { code: "odd", reason: "It is odd." },
    guard: ".*[0-9].*",
  },
  { operation: "strip_pattern", args: { pattern: "[0-9]+" } },
  { operation: "replace_pattern", args: { pattern: "([a-z])[0-9]+", replacement: String.raw`\1` } },
  { operation: "extract_pattern", args: { pattern: "[0-9]+" } },
];

describe("every cell operation", () => {
  it.each(OPERATIONS)("$operation $args: twice is as once, and its log undoes it", async (step) => {
    const { run } = await withTables();
    await fc.assert(
      fc.asyncProperty(cells, async (input) => {
        const rows = input.map((cell): Cell[] => [cell, cell]);
        const once = await run(["x", "kept"], rows, [{ columns: ["x"], ...step }]);
        expect(once.rows.map((row) => row[2])).toEqual(input);
        expect(undone(once, ["x", "kept"])).toEqual(rows);
        expect(once.counts.cellsChanged).toBe(once.changes.length);
        const again = once.rows.map((row): Cell[] => [textOf(row[1]), textOf(row[2])]);
        const twice = await run(["x", "kept"], again, [{ columns: ["x"], ...step }]);
        expect(twice.rows).toEqual(once.rows);
        expect(twice.changes).toEqual([]);
      }),
      { numRuns: 5, seed: 7 },
    );
  });
});

function textOf(cell: number | Cell | undefined): Cell {
  return typeof cell === "string" ? cell : null;
}

/** The input's values, from the output and its change log alone. */
function undone({ rows, columns, changes }: Outcome, header: string[]): Cell[][] {
  const values = new Map<string, Cell>();
  for (const [row, ...line] of rows)
    columns.forEach((name, i) => values.set(`${row} ${name}`, textOf(line[i])));
  for (const change of changes.toReversed()) {
    expect(values.get(`${change.row} ${change.column}`) ?? null).toBe(change.new);
    values.set(`${change.row} ${change.column}`, change.old);
  }
  return rows.map(([row]) => header.map((name) => values.get(`${row} ${name}`) ?? null));
}
