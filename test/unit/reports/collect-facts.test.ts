import { expect, test } from "vitest";
import { textOf } from "../../../src/reports/collect-facts.ts";
import { shownColumns } from "../../../src/reports/shown-columns.ts";

test("original bytes are read as UTF-8 where they are, else in the input's encoding", () => {
  expect(textOf(Buffer.from("ä€"), "windows-1252")).toBe("ä€");
  expect(textOf(Buffer.from([0xe4, 0x80]), "windows-1252")).toBe("ä€");
  expect(textOf(Buffer.from([0xe4, 0x41]), "latin-1")).toBe("äA");
  expect(textOf(Buffer.from("ab", "utf16le"), "utf-16le")).toBe("ab");
  expect(textOf(Buffer.from([0, 97, 0, 98]), "utf-16be")).toBe("ab");
});

test("a character cut by the end of a sample is left off, bytes that are no text are marked", () => {
  expect(textOf(Buffer.from("a€").subarray(0, 3), "utf-8", true)).toBe("a");
  expect(textOf(Buffer.from([0x61, 0xff, 0x62]))).toBe("a\uFFFDb");
});

test("changed columns are shown first, in table order", () => {
  const names = Array.from({ length: 300 }, (_, i) => `c${i}`);
  const shown = shownColumns(names, [...names, "new"], ["new", "c299", "unknown"]);
  expect(shown).toHaveLength(200);
  expect(shown.slice(-3)).toEqual(["c197", "c299", "new"]);
});
