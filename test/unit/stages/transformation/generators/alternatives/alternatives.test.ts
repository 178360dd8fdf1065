import { expect, test } from "vitest";
import { settled } from "../../../../../../src/stages/transformation/generators/alternatives/alternatives.ts";

test("another column settles which value is meant", () => {
  expect(settled("2010 2011 2012", "Nov 11, 2011 Wide")).toBe("2011");
  expect(settled("A1|B2", "lot B2")).toBe("B2");
});

test("nothing is settled by none, by several, or for unlike parts", () => {
  expect(settled("2010 2011", "Nov 11, 2013")).toBeUndefined();
  expect(settled("2010 2011", "2010 to 2011")).toBeUndefined();
  expect(settled("Kansas City", "City Hall")).toBeUndefined();
  expect(settled("2010", "2010")).toBeUndefined();
});
