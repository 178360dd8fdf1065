/** The part of a recipe that some columns have to do with. */
import { findOperation, type Recipe } from "../../recipe/index.ts";
import { groupsOf, readsOf } from "./step-reads.ts";

/** Steps that can be run without the others, and the columns that they touch or look at. */
export interface Slice {
  readonly recipe: Recipe;
  readonly columns: readonly string[];
}

/**
 * The steps that write or read `wanted` columns, the columns that those write or read, the steps
 * of these, and so on: what is left out neither changes the result in `wanted` nor depends on it.
 * A step that removes rows or changes the columns has to do with everything.
 */
export function sliceOf(
  recipe: Recipe,
  columns: readonly string[],
  wanted: ReadonlySet<string>,
): Slice {
  const links = recipe.steps.map((step) => {
    const { scope } = findOperation(step.operation);
    const all = scope === "row" || scope === "schema";
    return all ? columns : [...step.columns, ...readsOf(step), ...groupsOf(step).flat()];
  });
  const inside = new Set(wanted);
  for (let before = -1; before < inside.size;) {
    before = inside.size;
    for (const names of links)
      if (names.some((name) => inside.has(name))) for (const name of names) inside.add(name);
  }
  const some = columns.filter((name) => inside.has(name));
  const steps = recipe.steps.filter((_, i) => links[i]?.some((name) => inside.has(name)));
  return { recipe: { ...recipe, columns: some, steps }, columns: some };
}
