import { expect, test } from "vitest";
import {
  columnSeparators,
  strayCommas,
} from "../../../../../../src/stages/transformation/generators/formats/separators.ts";

const of = (...bodies: string[]) => bodies.map((body) => ({ body, count: 1 }));

test.each([
  [["1,234,567", "12"], { decimal: ".", thousands: "," }],
  [["1,234", "987", "12"], { decimal: ".", thousands: "," }],
  [["1,234", "0.5"], { decimal: ".", thousands: "," }],
  [["12,5", "7"], { decimal: "," }],
  [["1.234,56", "7,5"], { decimal: ",", thousands: "." }],
  [["1.234.567", "12"], { decimal: ",", thousands: "." }],
  [["1 234", "12 345", "987"], { decimal: ".", thousands: " " }],
  [["1'234", "12'345", "987"], { decimal: ".", thousands: "'" }],
  [["1.5", "2"], { decimal: "." }],
])("%j follows %j", (bodies, separators) => {
  expect(columnSeparators(of(...bodies))).toEqual(separators);
});

test.each([
  ["a thousand or a little more than one", ["1,234", "2,345"]],
  ["whole numbers too long to have no separator", ["1,234", "5678", "9999", "12"]],
  ["both meanings of a comma", ["1,234,567", "12,5"]],
  ["decimal commas and decimal points", ["12,5", "12.5"]],
])("nothing is settled by %s", (_why, bodies) => {
  expect(columnSeparators(of(...bodies))).toBeUndefined();
});

test("equally long numbers in groups may be phone numbers", () => {
  expect(columnSeparators(of("800 123 456", "800 124 457"))).toEqual({ decimal: "." });
});

test("a few decimal commas among points are strays", () => {
  expect(strayCommas(of("1.5", "2.5", "3.5", "4.25", "5,5"))).toBe(true);
  expect(strayCommas(of("1.5", "2,5"))).toBe(false);
  expect(strayCommas(of("1.5", "2.5", "3.5", "4.25", "1,500"))).toBe(false);
});
