import { expect, test } from "vitest";
import { numberProposals } from "../../../../../../src/stages/transformation/generators/formats/number-column.ts";

const options = { numerals: "canonical", leadingZeros: "keep" } as const;
const column = (...values: string[]) => ({
  column: "c",
  values: values.map((value) => ({ value, count: 10 })),
  complete: true,
});
const propose = (...values: string[]) => numberProposals(column(...values), options);
const args = (...values: string[]) =>
  propose(...values).map(({ step }) => [step.operation, step.args]);

test("one unit in several spellings is dropped", () => {
  expect(args("12 oz", "12.0 oz.", "16 ounce", "8.4 OZ", "24 oz can", "9 oz")).toEqual([
    ["parse_number", { decimal: ".", units: ["oz can", "ounce", "oz.", "OZ", "oz"] }],
  ]);
});

test("a percent sign goes by the scale of the numbers without one", () => {
  const bare = ["0.04", "0.05", "0.06", "0.07", "0.08"];
  expect(args(...bare, "0.05%")[0]?.[1]).toMatchObject({ percent: "strip" });
  expect(args(...bare, "5%")[0]?.[1]).toMatchObject({ percent: "divide" });
  expect(propose(...bare, "0.5%")).toEqual([]);
});

test.each([
  ["one form throughout", ["100%", "98%", "7%", "50%", "3%"]],
  ["one unit throughout", ["105 min", "90 min", "87 min", "120 min", "99 min"]],
  ["units that differ", ["1 kg", "500 g", "2 kg", "250 g", "3 kg"]],
  ["two currencies", ["5 €", "$6", "7", "8", "9"]],
  ["leading zeros", ["01907", "67131", "10032", "00501", "3563"]],
  ["too few numbers", ["1.0", "2.0", "x", "y", "z"]],
  ["padded prices", ["12.50", "3.00", "7.25", "9.90", "5.00"]],
  ["versions", ["1.0", "1.10", "1.20", "2.0", "3.0"]],
])("%s stays", (_why, values) => {
  expect(propose(...values)).toEqual([]);
});

test("a whole number as a program renders it is written short", () => {
  const [proposal] = propose("7.0", "5.3", "8.1", "6.25", "0.0");
  expect(proposal?.step.evidence?.samples).toEqual([
    { old: "0.0", new: "0", count: 10 },
    { old: "7.0", new: "7", count: 10 },
  ]);
  expect(proposal?.confidence).toBeGreaterThanOrEqual(0.8);
});

test("padded decimals survive the loss of their decorations", () => {
  expect(
    args("1,234.50", "12.00", "7.20", "9.90", "(3.10)").map(([operation]) => operation),
  ).toEqual(["strip_pattern", "replace_pattern"]);
});

test("noise is rounded to the digits of the others, unless they have as many", () => {
  expect(args("0.055999999999999994", "0.05", "0.065", "0.07", "0.08")).toEqual([
    ["parse_number", { decimal: ".", round: 3 }],
  ]);
  expect(
    propose("0.055999999999999994", "0.0512345678", "0.0612345678", "0.0712345679", "0.08"),
  ).toEqual([]);
});

test("leading zeros go when the option says so", () => {
  const strip = { numerals: "canonical", leadingZeros: "strip" } as const;
  const [proposal] = numberProposals(column("01907", "67131", "00501", "10032", "00012"), strip);
  expect(proposal?.step.args).toEqual({ decimal: ".", leadingZeros: "strip" });
});

test.each([
  ["house numbers", ["12", "14", "18", "22", "25", "31", "12A"]],
  ["a thousand and a million", ["12", "14", "18", "22", "25", "31", "12K"]],
])("a lone letter is no unit in %s", (_why, values) => {
  expect(propose(...values)).toEqual([]);
});

test("a unit on numbers unlike the bare ones is only suggested: months are not years", () => {
  const [proposal] = propose("20", "30", "35", "40", "50", "60", "18 months");
  expect(proposal?.confidence).toBeLessThan(0.8);
});
