import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  attributeText,
  cellText,
  cutToCell,
  keepsSpace,
  looksLikeFormula,
} from "../../../../src/tasks/excel/workbook/cell-text.ts";

/** What a reader makes of it: entities first, then characters by their codes. */
function readBack(xml: string): string {
  return xml
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
}

describe("cellText", () => {
  it.each([
    ["a & b < c > d", "a &amp; b &lt; c &gt; d"],
    ["bell\u0007 and nul\u0000", "bell_x0007_ and nul_x0000_"],
    ["line\nand\ttab stay", "line\nand\ttab stay"],
    ["return\r\n", "return_x000D_\n"],
    ["_x0041_ is no A", "_x005F_x0041_ is no A"],
    ["_x00_ and _xyzzy_", "_x00_ and _xyzzy_"],
    ["half \uD83D a pair", "half _xD83D_ a pair"],
    ["whole 😀 pair", "whole 😀 pair"],
    ["not a character \uFFFF", "not a character _xFFFF_"],
    ["עברית العربية", "עברית العربية"],
  ])("writes %j", (text, xml) => {
    expect(cellText(text)).toBe(xml);
  });

  it("comes back whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(readBack(cellText(text))).toBe(text);
      }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("_", "x", "0", "041_", "_x0041_", "&lt;", "\r")),
        (parts) => {
          const text = parts.join("");
          expect(readBack(cellText(text))).toBe(text);
        },
      ),
    );
  });
});

it("an attribute has no codes: what XML cannot hold is left out", () => {
  expect(attributeText('a"b\u0001 & c')).toBe("a&quot;b &amp; c");
});

it.each([
  [" a", true],
  ["a ", true],
  ["a  b", true],
  ["a\nb", true],
  ["a b", false],
  ["", false],
])("keepsSpace(%j) is %s", (text, kept) => {
  expect(keepsSpace(text)).toBe(kept);
});

it.each([
  ["=1", true],
  ["+1", true],
  ["-1", true],
  ["@x", true],
  ["\t=1", true],
  ["\r=1", true],
  ["\n=1", true],
  ["＝1", true],
  ["＋1", true],
  ["－1", true],
  ["＠x", true],
  ["a=1", false],
  [" =1", false],
  ["'=1", false],
  ["", false],
])("looksLikeFormula(%j) is %s", (text, is) => {
  expect(looksLikeFormula(text)).toBe(is);
});

it("cuts to 32,767 units and leaves no half of a pair", () => {
  expect(cutToCell("a".repeat(40_000))).toHaveLength(32_767);
  expect(cutToCell("a".repeat(32_767))).toHaveLength(32_767);
  expect(cutToCell(`${"a".repeat(32_766)}😀`)).toBe("a".repeat(32_766));
});
