import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { recipeReference } from "./recipe-reference.ts";

const FILE = new URL("../../docs/recipe.md", import.meta.url);

describe("docs/recipe.md", () => {
  it("describes every operation as the registry has it", async () => {
    const text = await readFile(FILE, "utf8");
    const mark = "<!-- operations -->";
    expect(text).toContain(mark);
    const [, operations = ""] = text.split(mark);
    // To renew the file, put what is expected here in its place.
    expect(plain(operations)).toBe(plain(recipeReference()));
  });
});

/** Text without what a formatter may set otherwise: white space and the length of table rules. */
function plain(text: string): string {
  return text.replaceAll(/\s+/g, "").replaceAll(/-{3,}/g, "---");
}
