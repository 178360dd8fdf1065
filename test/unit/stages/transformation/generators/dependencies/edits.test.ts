import { expect, test } from "vitest";
import {
  editDistance,
  editsBetween,
} from "../../../../../../src/stages/transformation/generators/dependencies/index.ts";

test("distance counts characters, not bytes, and a swap once", () => {
  expect(editDistance("José", "Jose", 3)).toBe(1);
  expect(editDistance("berlin", "berlni", 3)).toBe(1);
  expect(editDistance("kitten", "sitting", 5)).toBe(3);
  expect(editDistance("", "ab", 5)).toBe(2);
});

test("distance stops beyond its limit", () => {
  expect(editDistance("abcdefgh", "hgfedcba", 2)).toBe(3);
  expect(editDistance("a", "abcdef", 2)).toBe(3);
});

test("edits tell what was found and what was meant", () => {
  expect(editsBetween("muxch", "munch")).toEqual([{ kind: "substitute", found: "x", meant: "n" }]);
  expect(editsBetween("mu*nch", "munch")).toEqual([{ kind: "delete", found: "*", meant: "" }]);
  expect(editsBetween("mnch", "munch")).toEqual([{ kind: "insert", found: "", meant: "u" }]);
  expect(editsBetween("mnuch", "munch")).toEqual([{ kind: "transpose", found: "nu", meant: "un" }]);
  expect(editsBetween("same", "same")).toEqual([]);
});
