import { expect, test } from "vitest";
import {
  fingerprintKey,
  spellingsOf,
} from "../../../../../../src/stages/transformation/generators/clusters/spellings.ts";

test("a fingerprint forgets accents, case, punctuation and the order of words", () => {
  expect(fingerprintKey(" Müller, Ana-María ")).toBe("ana maria muller");
  expect(fingerprintKey("ana maria MULLER")).toBe("ana maria muller");
});

test("rare spellings join the frequent one; case alone is kept apart", () => {
  const found = spellingsOf([
    { value: "St. Gallen", count: 50 },
    { value: "ST. GALLEN", count: 2 },
    { value: "St Gallen", count: 3 },
    { value: "StGallen", count: 1 },
  ]);
  expect(found.map(({ from, caseOnly }) => [caseOnly, from.map(({ value }) => value)])).toEqual([
    [false, ["St Gallen", "StGallen"]],
    [true, ["ST. GALLEN"]],
  ]);
});

test("two frequent spellings, other digits, and numbers stay apart", () => {
  expect(
    spellingsOf([
      { value: "key board", count: 50 },
      { value: "keyboard", count: 40 },
      { value: "model 12-3", count: 50 },
      { value: "model 1-23", count: 1 },
      { value: "7.1", count: 50 },
      { value: "71", count: 1 },
    ]).flatMap(({ from }) => from.map(({ value }) => value)),
  ).toEqual(["model 1-23"]);
});
