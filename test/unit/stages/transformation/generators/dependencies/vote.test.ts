import { expect, test } from "vitest";
import {
  distributionOf,
  groupingOf,
} from "../../../../../../src/stages/transformation/generators/dependencies/index.ts";
import { voting } from "../../../../../../src/stages/transformation/generators/dependencies/vote.ts";
import { coded, column, times } from "./coded.ts";

const table = coded({
  branch: times([5, "n"], [5, "s"], [1, "w"]),
  phone: times([4, "11"], [1, "22"], [5, "22"], [1, "33"]),
  manager: times([4, "Ada"], [1, "Bob"], [4, "Bob"], [1, null], [1, "Cem"]),
});
const manager = column(table, "manager");
const voter = (name: string, weight: number) => ({
  distribution: distributionOf(groupingOf(column(table, name)), manager),
  weight,
});
const valueOf = (code: number | undefined) => manager.values[code ?? -1];

test("a cell's own row has no vote", () => {
  const vote = voting([voter("branch", 1)], manager, 2);
  expect(vote(4)).toMatchObject({ winnerShare: 1, ownShare: 0, support: 4 });
  expect(valueOf(vote(4)?.winner)).toBe("Ada");
  expect(vote(0)).toMatchObject({ winnerShare: 0.75, ownShare: 0.75 });
});

test("an empty cell gets the whole group's vote", () => {
  const vote = voting([voter("branch", 1)], manager, 2);
  expect(valueOf(vote(9)?.winner)).toBe("Bob");
  expect(vote(9)).toMatchObject({ winnerShare: 1, ownShare: 0, support: 4 });
});

test("determinants that disagree share the vote by weight", () => {
  const vote = voting([voter("branch", 1), voter("phone", 0.5)], manager, 2);
  const outcome = vote(4);
  expect(valueOf(outcome?.winner)).toBe("Ada");
  expect(outcome?.winnerShare).toBeCloseTo(2 / 3);
  expect(outcome?.ownShare).toBeCloseTo(1 / 3);
  expect(outcome?.votes).toBe(1.5);
});

test("a group too small has no vote", () => {
  expect(voting([voter("branch", 1)], manager, 2)(10)).toBeUndefined();
});
