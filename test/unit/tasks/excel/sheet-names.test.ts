import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  flawOfSheetName,
  foldedName,
  freeName,
  numberedName,
  sheetNameFrom,
} from "../../../../src/tasks/excel/workbook/index.ts";

describe("flawOfSheetName", () => {
  it.each(["Sales", "2024-03", "a".repeat(31), "Österreich", "日本", "O'Brien", "History 2", "😀"])(
    "takes %s",
    (name) => {
      expect(flawOfSheetName(name)).toBeUndefined();
    },
  );

  it.each([
    ["", "it is empty"],
    ["  ", "it is empty"],
    ["a".repeat(32), "it has 32 characters, more than 31"],
    ["😀".repeat(16), "it has 32 characters, more than 31"],
    ["a/b", 'it holds "/"; [ ] : * ? / \\ are not allowed'],
    ["a\\b", 'it holds "\\\\"; [ ] : * ? / \\ are not allowed'],
    ["[a]", 'it holds "["; [ ] : * ? / \\ are not allowed'],
    ["a]", 'it holds "]"; [ ] : * ? / \\ are not allowed'],
    ["a:b", 'it holds ":"; [ ] : * ? / \\ are not allowed'],
    ["a*", 'it holds "*"; [ ] : * ? / \\ are not allowed'],
    ["a?", 'it holds "?"; [ ] : * ? / \\ are not allowed'],
    ["a\u0007", 'it holds "\\u0007"; [ ] : * ? / \\ are not allowed'],
    ["'a", "it begins or ends with an apostrophe"],
    ["a'", "it begins or ends with an apostrophe"],
    ["history", 'Excel keeps "History" for itself'],
  ])("refuses %j", (name, flaw) => {
    expect(flawOfSheetName(name)).toBe(flaw);
  });
});

describe("sheetNameFrom", () => {
  it.each([
    ["sales", "sales"],
    ["a/b:c", "a_b_c"],
    ["", "Sheet"],
    ["   ", "Sheet"],
    ["'quoted'", "_quoted_"],
    ["HISTORY", "HISTORY_"],
    ["a".repeat(40), "a".repeat(31)],
    [`${"a".repeat(30)}😀`, "a".repeat(30)],
    [`${"a".repeat(30)}'b`, `${"a".repeat(30)}_`],
  ])("makes %j to %j", (text, name) => {
    expect(sheetNameFrom(text)).toBe(name);
  });

  it("is sound whatever it is made from", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        expect(flawOfSheetName(sheetNameFrom(text))).toBeUndefined();
      }),
    );
  });
});

describe("names beside others", () => {
  it("get the first free number, whatever their letter case", () => {
    const taken = new Set(["sales", "sales (2)"]);
    expect(freeName("Other", taken)).toBe("Other");
    expect(freeName("SALES", taken)).toBe("SALES (3)");
    expect(numberedName("Sales", 2, new Set(["sales"]))).toBe("Sales (2)");
  });

  it("are sound and never doubled", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme", maxLength: 40 }), { maxLength: 30 }),
        (texts) => {
          const taken = new Set<string>();
          for (const text of texts) {
            const name = freeName(sheetNameFrom(text), taken);
            expect(flawOfSheetName(name)).toBeUndefined();
            expect(taken.has(foldedName(name))).toBe(false);
            taken.add(foldedName(name));
          }
        },
      ),
    );
  });
});
