import { describe, expect, it } from "vitest";
import { sheetShape } from "../../../../src/engine/load/sheet-shape.ts";

/** What it says of a text that comes in pieces of a size. */
function flawOf(text: string, size = text.length): string | undefined {
  const watch = sheetShape();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) {
    const flaw = watch(bytes.subarray(at, at + size));
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

const row = (cells: number, cell = "<c/>") => `<row r="1">${cell.repeat(cells)}</row>`;

describe("what a reader has to hold at once", () => {
  it("is little in a sheet as programs write it, wherever it is cut", () => {
    const sheet = `<?xml version="1.0"?><x:worksheet><x:sheetData><x:row a=">"><x:c r='A1' t="s"><x:v>1 > 0</x:v></x:c></x:row></x:sheetData></x:worksheet>`;
    for (let size = 1; size < 40; size++) expect(flawOf(sheet, size)).toBeUndefined();
  });

  it.each([1, 7, 65_536])("is at most 16,384 cells of a row, in pieces of %d", (size) => {
    expect(flawOf(row(16_384).repeat(2), size)).toBeUndefined();
    expect(flawOf(row(16_385), size)).toBe("more than 16384 cells in a row");
    expect(flawOf(row(16_385, '<x:c r="A1"/>'), size)).toBe("more than 16384 cells in a row");
  });

  it("is at most 1,048,576 rows", () => {
    expect(flawOf("<row/>".repeat(1_048_576))).toBeUndefined();
    expect(flawOf("<row/>".repeat(1_048_577))).toBe("more than 1048576 rows");
  });

  it("is at most four million texts", () => {
    expect(flawOf("<si/>".repeat(4_000_000))).toBeUndefined();
    expect(flawOf("<si/>".repeat(4_000_001))).toBe("more than 4000000 texts");
  });

  it.each([
    ["a text", `<row><c><v>${"x".repeat(5 << 20)}</v></c></row>`],
    ["an attribute", `<row a="${"x".repeat(5 << 20)}">`],
    ["other tags", `<row>${"<x/>".repeat(2 << 20)}</row>`],
    ["a name", `<${"x".repeat(5 << 20)}>`],
  ])("is no run of bytes without an end, of %s", (_, text) => {
    for (const size of [1 << 16, text.length])
      expect(flawOf(text, size)).toBe("more than 4194304 bytes without a row, cell or text");
  });

  it("is not counted anew by what only looks like a row", () => {
    const cells = "<c/>".repeat(16_000);
    const flaw = "more than 16384 cells in a row";
    expect(flawOf(`<row>${cells}</row2><c/>${cells}`)).toBe(flaw);
    expect(flawOf(`<row>${cells}<rows/>${cells}`)).toBe(flaw);
    expect(flawOf(`<row>${cells}<row2/>${cells}`)).toBe(flaw);
    expect(flawOf(`<row>${cells}<v>row</v>${cells}`)).toBe(flaw);
    expect(flawOf(`<row>${cells}<v a="'" b='"'/>${cells}`)).toBe(flaw);
  });

  it.each([
    ["<row><!-- <row> --></row>", "a comment or a section of raw characters"],
    ["<row><![CDATA[<row>]]></row>", "a comment or a section of raw characters"],
    ['<!DOCTYPE x [<!ENTITY a "aaaa">]>', "a comment or a section of raw characters"],
    ['<row a="<row>">', "a tag within a tag"],
    ["<row <row>", "a tag within a tag"],
    ["<?x <row> ?>", "a tag within a tag"],
  ])("is never hidden: %s", (text, flaw) => {
    for (const size of [1, 3, text.length]) expect(flawOf(text, size)).toBe(flaw);
  });
});
