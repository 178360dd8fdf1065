import { describe, expect, it } from "vitest";
import type { ColumnFacts } from "../../../../src/tasks/excel/tables/column-facts.ts";
import { plannedColumn } from "../../../../src/tasks/excel/tables/column-plan.ts";

const facts = (known: Partial<ColumnFacts>): ColumnFacts => ({
  filled: 10,
  longest: 4,
  numbers: 0,
  whole: 0,
  fewestDecimals: 0,
  mostDecimals: 0,
  trailingZeros: 0,
  days: 0,
  times: 0,
  fractions: 0,
  ...known,
});

function planned(known: Partial<ColumnFacts>, sourceType: string | null = null, format?: string) {
  const column = { name: "x", label: "X", sourceType };
  const wish = { title: "X", format };
  const plan = plannedColumn(column, facts(known), wish, sourceType !== null);
  return [plan.kind, plan.format];
}

describe("by its values", () => {
  it.each([
    ["nothing at all", { filled: 0 }, ["text", "@"]],
    ["whole numbers", { numbers: 10, whole: 10 }, ["number", "0"]],
    ["one number too few", { numbers: 9, whole: 9 }, ["text", "@"]],
    [
      "as many decimals everywhere",
      { numbers: 10, fewestDecimals: 2, mostDecimals: 2, trailingZeros: 3 },
      ["number", "0.00"],
    ],
    ["decimals as they come", { numbers: 10, whole: 2, mostDecimals: 3 }, ["number", "General"]],
    [
      "versions, whose last zero means something",
      { numbers: 10, fewestDecimals: 1, mostDecimals: 2, trailingZeros: 1 },
      ["text", "@"],
    ],
    ["days", { days: 10 }, ["date", "yyyy-mm-dd"]],
    ["times", { times: 10 }, ["datetime", "yyyy-mm-dd hh:mm:ss"]],
    ["times in thousandths", { times: 10, fractions: 1 }, ["datetime", "yyyy-mm-dd hh:mm:ss.000"]],
    ["days and times", { days: 5, times: 5 }, ["text", "@"]],
    ["long text", { longest: 256 }, ["text", "General"]],
  ])("%s", (_, known, expected) => {
    expect(planned(known)).toEqual(expected);
  });
});

describe("by the source's type", () => {
  it.each([
    ["BIGINT", ["number", "0"]],
    ["UTINYINT", ["number", "0"]],
    ["DOUBLE", ["number", "General"]],
    ["DECIMAL(9,2)", ["number", "0.00"]],
    ["DECIMAL(38,2)", ["text", "@"]],
    ["BOOLEAN", ["boolean", "General"]],
    ["DATE", ["date", "yyyy-mm-dd"]],
    ["TIMESTAMP", ["datetime", "yyyy-mm-dd hh:mm:ss"]],
    ["TIMESTAMP WITH TIME ZONE", ["text", "@"]],
    ["VARCHAR", ["text", "@"]],
    ["STRUCT(a INTEGER)", ["text", "@"]],
  ])("%s", (type, expected) => {
    expect(planned({ numbers: 10, whole: 10 }, type)).toEqual(expected);
  });

  it("whole numbers of more than fifteen digits stay text", () => {
    expect(planned({ longest: 17 }, "BIGINT")).toEqual(["text", "@"]);
  });
});

it("as it is wanted, whatever the values", () => {
  expect(planned({ numbers: 10, whole: 10 }, null, "text")).toEqual(["text", "@"]);
  expect(planned({}, "VARCHAR", "currency")).toEqual(["number", "#,##0.00"]);
  expect(planned({}, null, "dd.mm.yyyy")).toEqual(["date", "dd.mm.yyyy"]);
});

it.each([
  ["X", 4, 8],
  ["X", 20, 23],
  ["a longer title than the values", 4, 33],
  ["X", 500, 60],
])("title %j and %d characters make a width of %d", (title, longest, width) => {
  const column = { name: "x", label: "X", sourceType: null };
  expect(plannedColumn(column, facts({ longest }), { title }, false).width).toBe(width);
});
