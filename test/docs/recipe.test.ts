import { expect, test } from "vitest";
import { docPath, pageWith } from "./generated.ts";
import { recipeReference } from "./recipe-reference.ts";

test("docs/recipe.md describes every operation as the registry has it", async () => {
  const page = await pageWith("recipe.md", recipeReference());
  await expect(page).toMatchFileSnapshot(docPath("recipe.md"));
});
