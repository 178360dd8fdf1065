import { expect, test } from "vitest";
import {
  findSpill,
  splitToken,
} from "../../../../../../src/stages/transformation/generators/spills/spill-evidence.ts";

const of = (...values: string[]) => values.map((value) => ({ value, count: 2 }));
const domain = new Set(["OR", "CA", "NY"]);

test("a token that stands in the other column's domain is a spill", () => {
  const spill = findSpill({
    whereEmpty: of("Portland OR", "Fresno CA"),
    whereFilled: of("Portland", "Fresno", "Salem"),
    domain,
  });
  expect(spill).toMatchObject({
    position: "last",
    separator: " ",
    tokens: ["CA", "OR"],
    support: 4,
    confidence: 0.97,
  });
  expect(spill?.changes[0]).toEqual({ old: "Portland OR", new: "Portland", count: 2 });
});

test("tokens in front are found too", () => {
  expect(
    findSpill({
      whereEmpty: of("OR, Portland", "CA, Fresno"),
      whereFilled: of("Portland"),
      domain,
    }),
  ).toMatchObject({ position: "first", separator: ", " });
});

test.each([
  ["one case alone", [{ value: "Portland OR", count: 1 }], of("Portland")],
  [
    "endings that are natural",
    of("Portland OR", "Fresno CA"),
    of("Alpha OR", "Beta CA", "Gamma NY"),
  ],
  ["tokens of another domain", of("Portland XX", "Fresno YY"), of("Portland")],
])("%s is no spill", (_why, whereEmpty, whereFilled) => {
  expect(findSpill({ whereEmpty, whereFilled, domain })).toBeUndefined();
});

test("a lone digit tells nothing", () => {
  expect(
    findSpill({
      whereEmpty: of("Main St 5", "High St 7"),
      whereFilled: of("Mill St"),
      domain: new Set(["5", "7"]),
    }),
  ).toBeUndefined();
});

test("a text of one token has none to give", () => {
  expect(splitToken("OR", " ", "last")).toBeUndefined();
  expect(splitToken(" OR", " ", "last")).toBeUndefined();
});
