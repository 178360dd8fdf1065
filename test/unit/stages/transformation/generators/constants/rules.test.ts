import { expect, test } from "vitest";
import { confirmationOf } from "../../../../../../src/stages/transformation/generators/constants/culprit.ts";
import {
  brokenRules,
  fulfils,
  predicateOf,
} from "../../../../../../src/stages/transformation/generators/constants/rules.ts";
import { coded, column } from "../dependencies/coded.ts";

const rows = Array.from({ length: 2000 }, (_, i) => i);
const member = (row: number) => row % 2 === 0;
const tier = (row: number) => (row * 7) % 10;

/** Members of a tier get the tier's discount; guests get none. `wrong` rows call a member a guest. */
function sales(wrong: (row: number) => boolean) {
  return coded({
    discount: rows.map((row) => (member(row) ? `${5 + tier(row)}` : "0")),
    status: rows.map((row) => (member(row) && !wrong(row) ? "member" : "guest")),
    tier: rows.map((row) => `tier ${tier(row)}`),
    till: rows.map((row) => `till ${(row * 13) % 17}`),
  });
}
const strayed = sales((row) => row % 202 === 0);

test("a rule that nearly all rows keep is found in both directions", () => {
  const rules = brokenRules(strayed).map(({ condition, column: { name }, kept, broken }) => [
    condition.column.name,
    condition.kind,
    name,
    kept,
    broken,
  ]);
  expect(rules).toContainEqual(["discount", "differs", "status", 990, 10]);
  expect(rules).toContainEqual(["status", "equals", "discount", 1000, 10]);
});

test("rules without violations, or with too many, are none", () => {
  expect(brokenRules(sales(() => false))).toEqual([]);
  expect(brokenRules(sales((row) => row % 20 === 0))).toEqual([]);
});

test("conditions hold for filled cells only, in rows and in the recipe's terms", () => {
  const table = coded({ fee: ["0", "5", null] });
  const fee = column(table, "fee");
  const differs = { column: fee, kind: "differs", code: 0 } as const;
  expect([0, 1, 2].map((row) => fulfils(differs, row))).toEqual([false, true, false]);
  expect(predicateOf(differs)).toEqual({
    not: {
      any: [
        { column: "fee", equals: "0" },
        { column: "fee", empty: true },
      ],
    },
  });
  expect(predicateOf({ ...differs, kind: "equals" })).toEqual({ column: "fee", equals: "0" });
});

test("a third column confirms the cell that it determines where the rule is kept", () => {
  const [discount, status] = [column(strayed, "discount"), column(strayed, "status")];
  const broken = rows.filter((row) => row % 202 === 0);
  const kept = rows.filter((row) => row % 2 === 0 && row % 202 !== 0);
  expect(confirmationOf(strayed, discount, status, kept, broken)).toEqual({
    by: "tier",
    share: 1,
    usual: 1,
  });
  expect(confirmationOf(strayed, status, discount, kept, broken)).toBeUndefined();
});
