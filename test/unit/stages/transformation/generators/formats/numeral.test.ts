import { expect, test } from "vitest";
import {
  plainBody,
  readNumeral,
  shiftLeft,
  shortest,
  withoutNoise,
} from "../../../../../../src/stages/transformation/generators/formats/numeral.ts";

test.each([
  ["12.0 oz.", { body: "12.0", unit: "oz." }],
  ["$1,234.50", { body: "1,234.50", currency: "$" }],
  ["12,50 €", { body: "12,50", currency: "€" }],
  ["(1,200.00)", { body: "1,200.00", negative: true, parentheses: true }],
  ["-5 %", { body: "5", negative: true, percent: true }],
  ["EUR 7", { body: "7", currency: "EUR" }],
  ["12 m2", { body: "12", unit: "m2" }],
])("%s is a number", (text, parts) => {
  expect(readNumeral(text)).toMatchObject(parts);
});

test.each(["", "abc", "1-2", "(5", "-(5)", "1/2", "3 Mar 2024", "10:30", "A12", "12 3B 4"])(
  "%j is none",
  (text) => {
    expect(readNumeral(text)).toBeUndefined();
  },
);

test("a body is plain only where it follows the separators", () => {
  expect(plainBody("1.234,56", { decimal: ",", thousands: "." })).toBe("1234.56");
  expect(plainBody("1,23,456", { decimal: ".", thousands: "," })).toBeUndefined();
  expect(plainBody(".5", { decimal: "." })).toBe("0.5");
});

test("numerals are shortened and shifted as text", () => {
  expect(["7.0", "0.050", "100", "-0.0"].map(shortest)).toEqual(["7", "0.05", "100", "0"]);
  expect([shiftLeft("5", 2), shiftLeft("-123.4", 2)]).toEqual(["0.05", "-1.234"]);
});

test("float noise is told from precision", () => {
  expect(withoutNoise("0.055999999999999994")).toBe("0.056");
  expect(withoutNoise("0.30000000000000004")).toBe("0.3");
  expect(withoutNoise("2.718281828459045")).toBeUndefined();
  expect(withoutNoise("0.1234567")).toBeUndefined();
});
