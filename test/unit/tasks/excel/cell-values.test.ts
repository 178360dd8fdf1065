import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cellOf } from "../../../../src/tasks/excel/tables/cell-values.ts";

const zone = "Europe/Berlin";

describe("a number", () => {
  it.each([
    ["0", 0],
    ["1.50", 1.5],
    [" 12 ", 12],
    ["-3.25", -3.25],
    ["+7", 7],
    ["007", 7],
    ["1e3", 1_000],
    ["2.5E-2", 0.025],
    ["12.5%", 0.125],
    ["1e2%", 1],
    ["123456789012345", 123_456_789_012_345],
    ["0.30000000000000004", 0.300_000_000_000_000_04],
    ["12345678901234500000", 12_345_678_901_234_500_000],
  ])("%j is %d", (text, number) => {
    expect(cellOf(text, "number", zone)).toBe(number);
  });

  it.each([
    ["a word", "n/a"],
    ["nothing", ""],
    ["of sixteen digits that would lose its end", "1234567890123456789"],
    ["of too many decimals", "0.1234567890123456789"],
    ["with separators", "1,234"],
    ["of another program", "0x10"],
    ["beyond all", "1e999"],
    ["not even one", "NaN"],
    ["minus nothing", "-0"],
    ["two", "1 2"],
  ])("%s stays what it is", (_, text) => {
    expect(cellOf(text, "number", zone)).toBeUndefined();
  });

  it("is exact or none", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        // Text does not tell minus nothing from nothing.
        expect(cellOf(String(number), "number", zone)).toBe(number === 0 ? 0 : number);
      }),
    );
  });
});

it.each([
  ["true", true],
  ["FALSE", false],
  ["yes", undefined],
  ["1", undefined],
])("the truth value %j is %s", (text, value) => {
  expect(cellOf(text, "boolean", zone)).toBe(value);
});

it("text is text", () => {
  expect(cellOf("=1+1", "text", zone)).toBe("=1+1");
});

describe("a day", () => {
  it.each([
    ["1900-03-01", 61],
    ["1970-01-01", 25_569],
    ["2024-02-29", 45_351],
    ["9999-12-31", 2_958_465],
  ])("%s is day %d", (text, number) => {
    expect(cellOf(text, "date", zone)).toBe(number);
  });

  it.each([
    "2023-02-29",
    "2024-13-01",
    "2024-00-10",
    "1900-02-28",
    "1899-12-31",
    "29.02.2024",
    "2024-2-9",
    "2024-02-29 12:00",
    "infinity",
    "",
  ])("%j is none", (text) => {
    expect(cellOf(text, "date", zone)).toBeUndefined();
  });
});

describe("a time", () => {
  it.each([
    ["2024-02-29", 45_351],
    ["2024-02-29 12:00", 45_351.5],
    ["2024-02-29T06:00:00", 45_351.25],
    ["2024-02-29 00:00:01.5", 45_351 + 1.5 / 86_400],
    ["2024-02-29T11:00:00Z", 45_351.5],
    ["2024-07-01T10:00:00Z", 45_474.5],
    ["2024-02-29T12:00:00+01:00", 45_351.5],
    ["2024-02-29 06:00:00-05", 45_351.5],
    ["2024-02-29 16:30:00+0530", 45_351.5],
  ])("%s is %d", (text, number) => {
    expect(cellOf(text, "datetime", zone)).toBeCloseTo(number, 9);
  });

  it.each(["2024-02-29 24:00", "2024-02-29 12:60", "2024-02-29 12:00:61", "2024-02-30 12:00"])(
    "%j is none",
    (text) => {
      expect(cellOf(text, "datetime", zone)).toBeUndefined();
    },
  );
});
