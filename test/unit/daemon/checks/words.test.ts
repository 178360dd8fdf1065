import { expect, test } from "vitest";
import { bytesInWords, counted } from "../../../../src/daemon/checks/words.ts";

test.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1_000, "1 kB"],
  [1_540_000, "1.5 MB"],
  [123_456_789, "123 MB"],
  [2e9, "2 GB"],
  [5e15, "5000 TB"],
])("%d bytes are %s", (bytes, words) => {
  expect(bytesInWords(bytes)).toBe(words);
});

test("things are counted", () => {
  expect([counted(0, "run"), counted(1, "run"), counted(1_234, "run")]).toEqual([
    "0 runs",
    "1 run",
    "1,234 runs",
  ]);
});
