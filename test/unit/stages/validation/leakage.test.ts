import { describe, expect, test } from "vitest";
import { Step } from "../../../../src/recipe/index.ts";
import { leaksOf } from "../../../../src/stages/validation/index.ts";

const vote = Step.parse({
  id: "vote",
  operation: "repair_by_dependency",
  columns: ["city"],
  args: {
    determinants: [
      { columns: ["zip"], weight: 1 },
      { columns: ["state", "price"], weight: 1 },
    ],
    minShare: 0.8,
    minSupport: 2,
    write: "any",
  },
});
const mapped = Step.parse({
  id: "mapped",
  operation: "map_by_key",
  columns: ["city"],
  args: { key: ["price"], map: [["1", "a", "b"]] },
});
const moved = Step.parse({
  id: "moved",
  operation: "move_token",
  columns: ["city", "state"],
  args: { position: "last", separator: " " },
});
const where = Step.parse({
  id: "where",
  operation: "set_value",
  columns: ["city"],
  args: { value: "x" },
  where: { not: { any: [{ column: "price", empty: true }] } },
});
const own = Step.parse({
  id: "own",
  operation: "set_value",
  columns: ["price"],
  args: { value: null },
  where: { column: "price", equals: "0" },
});

describe("a target column leaks", () => {
  test.each([
    [vote, "price", ["city"]],
    [mapped, "price", ["city"]],
    [moved, "city", ["state"]],
    [where, "price", ["city"]],
  ] as const)("through $id", (step, target, into) => {
    expect(leaksOf([step], [target])).toEqual([{ stepId: step.id, from: [target], into }]);
  });

  test("not into itself, nor through a step that does not look at it", () => {
    expect(leaksOf([own, vote], ["price"]).map(({ stepId }) => stepId)).toEqual(["vote"]);
    expect(leaksOf([vote, mapped], ["name"])).toEqual([]);
  });
});
