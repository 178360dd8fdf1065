import { expect, test } from "vitest";
import { nullTokenClass } from "../../../../../../src/stages/transformation/generators/nulls/null-tokens.ts";
import { nullConfidence } from "../../../../../../src/stages/transformation/generators/nulls/nulls.ts";

const confidence = (token: string, others: readonly string[], emptyElsewhere = true) =>
  nullConfidence(token, nullTokenClass(token) ?? "mark", {
    others: others.map((value) => ({ value, count: 10 })),
    emptyElsewhere,
  }) ?? 0;

test.each([
  ["N/A", ["12", "13.5", "70"]],
  ["unknown", ["12", "13.5", "70"]],
  ["-", ["2024-01-02", "2024-01-03"]],
  ["Not Available", ["7:10 a.m.", "8:20 p.m."]],
  ["N/A", ["red", "green", "blue"]],
  ["NULL", ["Smith", "Jones"]],
])("%s among %j is a missing value", (token, others) => {
  expect(confidence(token, others)).toBeGreaterThanOrEqual(0.8);
});

test.each([
  ["None", ["Nuts", "Milk"]],
  ["NA", ["DE", "FR"]],
  ["Null", ["Smith", "Jones"]],
  ["not available", ["available", "sold out"]],
  ["-", ["1187-9", "283-4", "17-8"]],
  ["Nan", ["Ann", "Bob"]],
])("%s among %j may be a value", (token, others) => {
  expect(confidence(token, others)).toBeLessThan(0.5);
});

test("a word is the table's own way to say it where no cell is empty", () => {
  expect(confidence("empty", ["98%", "100%"], false)).toBeLessThan(0.5);
  expect(confidence("empty", ["98%", "100%"], true)).toBeGreaterThanOrEqual(0.8);
});

test("a handful of cells proves nothing", () => {
  const few = { others: [{ value: "Mordor", count: 3 }], emptyElsewhere: true };
  expect(nullConfidence("N/A", "mark", few)).toBeLessThan(0.8);
});
