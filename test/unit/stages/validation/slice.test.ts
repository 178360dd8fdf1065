import { describe, expect, test } from "vitest";
import { Recipe } from "../../../../src/recipe/index.ts";
import { sliceOf } from "../../../../src/stages/validation/slice.ts";

const columns = ["id", "zip", "city", "note", "amount"];
const vote = {
  id: "s2",
  operation: "repair_by_dependency",
  columns: ["city"],
  args: {
    determinants: [{ columns: ["zip"], weight: 1 }],
    minShare: 0.5,
    minSupport: 2,
    write: "any",
  },
};
const steps = [
  { id: "s1", operation: "trim", columns: ["zip"], args: {} },
  vote,
  { id: "s3", operation: "trim", columns: ["note"], args: {} },
  {
    id: "s4",
    operation: "trim",
    columns: ["amount"],
    args: {},
    where: { column: "note", equals: "x" },
  },
];

const recipeOf = (more: object[] = []) =>
  Recipe.parse({ version: 1, columns, steps: [...steps, ...more] });

const slice = (wanted: string[], more: object[] = []) => {
  const found = sliceOf(recipeOf(more), columns, new Set(wanted));
  return { columns: found.columns, steps: found.recipe.steps.map(({ id }) => id) };
};

describe("the part of a recipe that has to do with some columns", () => {
  test("holds what they depend on and what depends on them", () => {
    expect(slice(["city"])).toEqual({ columns: ["zip", "city"], steps: ["s1", "s2"] });
    expect(slice(["zip"])).toEqual({ columns: ["zip", "city"], steps: ["s1", "s2"] });
    expect(slice(["note"])).toEqual({ columns: ["note", "amount"], steps: ["s3", "s4"] });
  });

  test("is nothing where no step is concerned", () => {
    expect(slice([])).toEqual({ columns: [], steps: [] });
    expect(slice(["id"])).toEqual({ columns: ["id"], steps: [] });
  });

  test("is the whole where rows may leave", () => {
    const removal = { id: "s5", operation: "remove_duplicates", columns: [], args: { by: "row" } };
    expect(slice(["id"], [removal])).toEqual({
      columns,
      steps: ["s1", "s2", "s3", "s4", "s5"],
    });
  });
});
