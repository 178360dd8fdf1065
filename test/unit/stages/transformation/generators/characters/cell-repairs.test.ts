import { expect, test } from "vitest";
import { CELL_REPAIRS } from "../../../../../../src/stages/transformation/generators/characters/cell-repairs.ts";

const repaired = (text: string) => CELL_REPAIRS.reduce((now, one) => one.repair(now), text);
const means = (name: string, text: string) =>
  CELL_REPAIRS.find(({ what }) => what.includes(name))?.means?.(text);

test.each([
  ["  a\u00A0b\t", "a b"],
  ["a\u200Bb\u0007", "ab"],
  ["Marks &amp; Sons &#39;s", "Marks & Sons 's"],
  ["O''Boyle", "O'Boyle"],
  [String.raw`O\'Boyle`, "O'Boyle"],
  ["CafÃ©", "Café"],
])("%j becomes %j", (text, clean) => {
  expect(repaired(text)).toBe(clean);
});

test.each(["a & b", "&Craig;", "5' 6''", "C:\\temp", "rock 'n' roll", "line one\nline two", "क्‍ष"])(
  "%j stays",
  (text) => {
    expect(repaired(text)).toBe(text);
  },
);

test("a column that means its marks is left alone", () => {
  expect(means("entities", "<b>x &amp; y</b>")).toBe(true);
  expect(means("entities", "x &amp;amp; y")).toBe(true);
  expect(means("apostrophes", "the ''big'' one")).toBe(true);
  expect(means("apostrophes", "O''Boyle")).toBe(false);
});
