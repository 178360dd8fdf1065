import { describe, expect, it } from "vitest";
import { flawOfFormat, kindOfFormat } from "../../../../src/tasks/excel/workbook/index.ts";

describe("flawOfFormat", () => {
  it.each([
    "General",
    "0",
    "0.00",
    "#,##0.00",
    '#,##0.00 "EUR"',
    "€ #,##0",
    "0.0%",
    "0.00E+00",
    "dd.mm.yyyy",
    "yyyy-mm-dd hh:mm:ss",
    "h:mm AM/PM",
    "[h]:mm",
    "[Red]-0;[Blue]0;\\z",
    "@",
    "# ?/?",
    '0_);(0);"-"??;@',
    "[$-409]d-mmm-yy",
  ])("takes %s", (code) => {
    expect(flawOfFormat(code)).toBeUndefined();
  });

  it.each([
    ["nubmer", "letters of its own have to stand in double quotes"],
    ["0 EUR", "letters of its own have to stand in double quotes"],
    ['0 "EUR', "a quote or bracket is not closed"],
    ["[Red 0", "a quote or bracket is not closed"],
    ["0;0;0;0;0", "it has more than four sections"],
    ["0\u0001", "it holds a control character"],
    ["0".repeat(256), "it has 256 characters, more than 255"],
  ])("refuses %j", (code, flaw) => {
    expect(flawOfFormat(code)).toBe(flaw);
  });
});

it.each([
  ["0", "number"],
  ["General", "number"],
  ['#,##0.00 "dm"', "number"],
  ["0.0%", "number"],
  ["[Red]0", "number"],
  ["dd.mm.yyyy", "date"],
  ["mmm", "date"],
  ["[$-407]d. mmmm yyyy", "date"],
  ["yyyy-mm-dd hh:mm", "datetime"],
  ["hh:mm", "datetime"],
  ["[h]:mm", "datetime"],
  ["@", "text"],
  ['0;0;0;"text "@', "number"],
] as const)("kindOfFormat(%j) is %s", (code, kind) => {
  expect(kindOfFormat(code)).toBe(kind);
});
