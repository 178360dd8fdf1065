import { describe, expect, it } from "vitest";
import { type Cell, type Draft, withTables } from "./table.ts";

/** A step, and what it makes of cells. */
const CASES: [string, Draft, [Cell, Cell][]][] = [
  [
    "numbers with thousands marks",
    { operation: "parse_number", args: { decimal: ".", thousands: "," } },
    [
      ["379,998", "379998"],
      ["1,234.50", "1234.5"],
      ["1,23", "1,23"],
      ["12,3456", "12,3456"],
      ["0,123", "0,123"],
      ["7.0", "7"],
      ["007", "007"],
      ["0.050", "0.05"],
      [".5", "0.5"],
      ["-0.00", "0"],
      ["\u22125", "-5"],
      ["+5", "5"],
      [
        "12345678901234567890123456789012345678901234567890.10",
        "12345678901234567890123456789012345678901234567890.1",
      ],
      ["1e5", "1e5"],
      ["", null],
      ["5 - 6", "5 - 6"],
    ],
  ],
  [
    "European numbers",
    { operation: "parse_number", args: { decimal: ",", thousands: "." } },
    [
      ["1.234,5", "1234.5"],
      ["1.234", "1234"],
      ["1234.5", "1234.5"],
      ["3,0", "3"],
    ],
  ],
  [
    "numbers grouped by spaces or apostrophes",
    { operation: "parse_number", args: { decimal: ",", thousands: " " } },
    [
      ["1\u00A0234,5", "1234.5"],
      ["1\u202F234 567", "1234567"],
      ["12 34", "12 34"],
    ],
  ],
  [
    "currencies, negatives in parentheses, percentages",
    {
      operation: "parse_number",
      args: {
        decimal: ".",
        thousands: ",",
        currency: ["$", "EUR"],
        parentheses: true,
        percent: "divide",
      },
      onFail: "null",
    },
    [
      ["$1,200.00", "1200"],
      ["-$5", "-5"],
      ["$-5", "-5"],
      ["5 EUR", "5"],
      ["($5)", "-5"],
      ["(5", null],
      ["(-5)", null],
      ["-$-5", null],
      ["5 %", "0.05"],
      ["150%", "1.5"],
      ["0.5%", "0.005"],
      ["12.50 %", "0.125"],
      ["0.05", "0.05"],
    ],
  ],
  [
    "units and float noise",
    {
      operation: "parse_number",
      args: { decimal: ".", units: ["oz", "oz.", "oz. Can"], percent: "strip", round: 3 },
    },
    [
      ["12.0 oz. Can", "12"],
      ["8.4oz", "8.4"],
      ["0.055999999999999994%", "0.056"],
      ["0.9996", "1"],
      ["9.9995", "10"],
      ["-1.0005", "-1.001"],
      ["-0.0001", "0"],
      ["12 OZ", "12 OZ"],
    ],
  ],
  [
    "leading zeros",
    { operation: "parse_number", args: { leadingZeros: "strip" } },
    [
      ["007", "7"],
      ["000", "0"],
      ["-00.10", "-0.1"],
    ],
  ],
  [
    "dates",
    {
      operation: "parse_date",
      args: { from: ["%d/%m/%Y", "%d.%m.%y", "%b %d, %Y"], to: "%Y-%m-%d" },
      onFail: "null",
    },
    [
      ["29/02/2020", "2020-02-29"],
      ["31/02/2020", null],
      ["1/2/2003", "2003-02-01"],
      ["1/2/3", null],
      ["Oct 11, 1991", "1991-10-11"],
      ["01.02.68", "2068-02-01"],
      ["01.02.69", "1969-02-01"],
      ["2020-01-05", "2020-01-05"],
      ["soon", null],
    ],
  ],
  [
    "title case",
    { operation: "change_case", args: { to: "title" } },
    [
      ["O'BRIEN and sons", "O'Brien And Sons"],
      ["McDonald's DON'T", "McDonald's Don't"],
      ["jean-luc ÉCOLE", "Jean-Luc École"],
      ["o'neil 1ST", "O'Neil 1st"],
    ],
  ],
  [
    "sentence case",
    { operation: "change_case", args: { to: "sentence" } },
    [["«hELLO World", "«Hello world"]],
  ],
  [
    "mojibake",
    { operation: "fix_mojibake" },
    [
      ["GÃ¶del", "Gödel"],
      ["â‚¬ 5 â€“ 6", "€ 5 – 6"],
      ["ÃƒÂ©", "é"],
      ["Gödel", "Gödel"],
      ["Â", "Â"],
      ["GÃ¶del ü", "GÃ¶del ü"],
    ],
  ],
  [
    "HTML entities",
    { operation: "unescape_html" },
    [
      ["Tom &amp; Jerry", "Tom & Jerry"],
      ["&eacute;&#233;&#xE9;&#146;", "ééé’"],
      ["&nosuch; & &#0;", "&nosuch; & &#0;"],
      ["&amp;lt;b&amp;gt;", "<b>"],
    ],
  ],
  [
    "white space",
    { operation: "collapse_whitespace" },
    [
      ["a \u00A0\t b\u3000c", "a b c"],
      ["a b", "a b"],
    ],
  ],
  [
    "edges",
    { operation: "trim" },
    [
      ["\uFEFF\u00A0\t a b \u2028", "a b"],
      ["\u200B", null],
    ],
  ],
  [
    "compatibility forms",
    { operation: "normalise_unicode", args: { form: "NFKC" } },
    [
      ["ﬁ２½", "fi21⁄2"],
      ["e\u0301", "é"],
    ],
  ],
  [
    "null tokens",
    { operation: "clear_null_tokens", args: { tokens: ["N/A", "-"] } },
    [
      [" N/A\u00A0", null],
      ["N/A.", "N/A."],
    ],
  ],
  [
    "values by dictionary",
    {
      operation: "map_values",
      args: {
        map: [
          ["a'b", "c"],
          ["x", null],
          [null, "was empty"],
        ],
      },
    },
    [
      ["a'b", "c"],
      ["x", null],
      [null, "was empty"],
      ["other", "other"],
    ],
  ],
  [
    "only cells that a guard lets through",
    { operation: "strip_pattern", args: { pattern: "x" }, guard: "[0-9]x" },
    [
      ["1x", "1"],
      ["axx", "axx"],
    ],
  ],
  [
    "patterns with groups",
    { operation: "replace_pattern", args: { pattern: "(\\d+)-(\\d+)", replacement: "\\2-\\1" } },
    [["1-2 3-4", "2-1 4-3"]],
  ],
  [
    "a group of a pattern",
    { operation: "extract_pattern", args: { pattern: "(\\d+) min", group: 1 } },
    [
      ["about 105 min.", "105"],
      ["two hours", "two hours"],
    ],
  ],
  [
    "whole numbers",
    { operation: "cast", args: { type: "integer" }, onFail: "null" },
    [
      ["+007.0", "7"],
      ["-0", "0"],
      ["1.5", null],
      ["1e3", null],
    ],
  ],
  [
    "decimals",
    { operation: "cast", args: { type: "decimal" }, onFail: "null" },
    [
      ["-.50", "-0.5"],
      ["1_000", null],
    ],
  ],
  [
    "ISO dates",
    { operation: "cast", args: { type: "date" }, onFail: "null" },
    [
      ["2020-2-3", "2020-02-03"],
      ["2021-02-29", null],
    ],
  ],
  [
    "ISO times",
    { operation: "cast", args: { type: "timestamp" }, onFail: "null" },
    [
      ["2020-02-03T4:05", "2020-02-03 04:05:00"],
      ["4:05", null],
    ],
  ],
  [
    "truth values",
    { operation: "cast", args: { type: "boolean" }, onFail: "null" },
    [
      ["Yes", "true"],
      ["0", "false"],
      ["on", null],
    ],
  ],
  [
    "ordinals",
    { operation: "encode_category", args: { categories: ["low", "high"], to: "ordinal" } },
    [
      ["high", "2"],
      ["mid", "mid"],
    ],
  ],
  [
    "outliers",
    { operation: "cap_outlier", args: { min: 0, max: 99.5 } },
    [
      ["-3", "0"],
      ["100", "99.5"],
      ["50.10", "50.10"],
      ["n", "n"],
    ],
  ],
  [
    "units converted",
    { operation: "convert_unit", args: { factor: 2.54, from: "in", to: "cm" } },
    [
      ["10 in", "25.4 cm"],
      ["10", "10"],
    ],
  ],
  [
    "units converted with an offset",
    { operation: "convert_unit", args: { factor: 1.8, offset: 32 } },
    [
      ["100", "212"],
      ["-40", "-40"],
    ],
  ],
];

describe("cell operations", () => {
  it.each(CASES)("write %s", async (_, step, pairs) => {
    const { column } = await withTables();
    const cells = pairs.map(([cell]) => (cell === "" ? null : cell));
    expect(await column(cells, step)).toEqual(pairs.map(([, expected]) => expected));
  });

  it("list a failing cell with its input bytes and keep its value", async () => {
    const { run } = await withTables();
    const done = await run(
      ["x"],
      [["a ✓ "], ["5"]],
      [
        { operation: "trim", columns: ["x"] },
        { operation: "parse_number", columns: ["x"], onFail: "quarantine" },
      ],
    );
    expect(done.rows[0]).toEqual([1, "a ✓"]);
    expect(done.quarantine.map(({ row, column, raw, code }) => [row, column, raw, code])).toEqual([
      [1, "x", "a ✓ ", "parse_number"],
    ]);
  });
});
