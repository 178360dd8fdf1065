import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isNullToken, readNumberFormat } from "../../../../src/stages/profiling/index.ts";
import { maskOf } from "../../../../src/stages/profiling/mask.ts";
import { numberValue, readNumber } from "../../../../src/stages/profiling/number-reading.ts";
import { patternsOf } from "../../../../src/stages/profiling/pattern-part.ts";
import { readingOf } from "../../../../src/stages/profiling/reading.ts";
import { shapeFor } from "../../../../src/stages/profiling/value-shape.ts";

test.each(["N/A", " null ", "-", "?", "NaN", "Unknown", "#N/A", "not available"])(
  "%j can mean missing",
  (text) => {
    expect(isNullToken(text)).toBe(true);
  },
);

test("a word does not mean missing unless it is named", () => {
  expect(isNullToken("empty")).toBe(false);
  expect(isNullToken("empty", ["EMPTY"])).toBe(true);
});

test.each([
  ["", ""],
  ["AB-12 x", "A-9 a"],
  ["Émile Zola 1840", "Aa Aa 9"],
  ["x".repeat(5) + "!".repeat(80), `a${"!".repeat(59)}…`],
])("the mask of %j is %j", (text, mask) => {
  expect(maskOf(text)).toBe(mask);
});

test.each([
  ["1,234.5", 1234.5],
  ["$1,234", 1234],
  ["-5", -5],
  ["(5)", -5],
  ["5 %", 5],
  ["1 234", 1234],
  ["1'234.5", 1234.5],
  ["1.5e3", 1500],
  [".5", 0.5],
  ["12.0 oz.", 12],
])("%j is the number %d", (text, value) => {
  expect(readNumber(text)).not.toBeNull();
  expect(numberValue(text, ".")).toBe(value);
});

test.each(["", "-", "1.2.3", "1,23,4", "abc", "1-2", "--1", "(1", "0x1F", "1_000", "12 34"])(
  "%j is no number",
  (text) => {
    expect(readNumber(text)).toBeNull();
  },
);

test("a number format's text says what it means", () => {
  expect(readNumberFormat("$ number.thousands decimal, USD")).toEqual({
    decimal: ",",
    thousands: ".",
    percent: false,
    currency: "$",
    unit: "USD",
    parentheses: false,
  });
  expect(readNumberFormat("%Y-%m-%d")).toBeNull();
});

function sum(list: readonly { count: number }[]): number {
  return list.reduce((all, { count }) => all + count, 0);
}

const cells = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.integer().map(String),
  fc.constantFrom("N/A", "-", "2020-01-02", "1/2/2020", "1,234.5", "7:30", "a@b.org", "no", "yes"),
);

test("counts add up whatever the values", () => {
  fc.assert(
    fc.property(fc.uniqueArray(cells, { maxLength: 30 }), (values) => {
      const found = patternsOf(
        values.map((value, index) => ({ value, count: index + 1 })),
        [],
      );
      const rows = values.reduce(
        (all, value, index) => all + (value.trim() === "" ? 0 : index + 1),
        0,
      );
      const filled = rows - sum(found.nullTokens);
      expect(found.exceptions).toBeLessThanOrEqual(filled);
      expect(sum(found.formats)).toBeLessThanOrEqual(filled - found.exceptions);
      expect(sum(found.patterns)).toBeLessThanOrEqual(rows);
      expect(found.kindShare).toBeGreaterThanOrEqual(0);
      expect(found.kindShare).toBeLessThanOrEqual(1);
    }),
  );
});

test("a value's shape is a pattern that the value meets", () => {
  const numbers = fc.tuple(
    fc.constantFrom("", "-", "$", "€ "),
    fc.constantFrom("7", "007", "1,234", "1.234", "1,234.5", "1.234,5", "0.25", "12,5"),
    fc.constantFrom("", "%", " kg"),
  );
  expect(() =>
    fc.assert(
      fc.property(numbers, (parts) => {
        const text = parts.join("");
        const shape = shapeFor(text, readingOf(text));
        return shape === null || new RegExp(`^(?:${shape.pattern})$`, "u").test(text);
      }),
    ),
  ).not.toThrow();
});
