import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";

/** Packages that a module and those it imports load at once, types and lazy imports apart. */
async function eagerPackages(file: URL, seen = new Set<string>()): Promise<string[]> {
  if (seen.has(file.href)) return [];
  seen.add(file.href);
  const text = await readFile(file, "utf8");
  const found: string[] = [];
  for (const [statement, specifier] of text.matchAll(
    /^(?:import|export)\b[^;]*?from "([^"]+)";/gms,
  )) {
    if (/^(?:import|export) type\b/.test(statement)) continue;
    if (specifier!.startsWith("."))
      found.push(...(await eagerPackages(new URL(specifier!, file), seen)));
    else if (!specifier!.startsWith("node:")) found.push(specifier!);
  }
  return found;
}

it("the command line loads nothing but commander before it knows what to do", async () => {
  const packages = await eagerPackages(new URL("../../../src/main.ts", import.meta.url));
  expect([...new Set(packages)]).toEqual(["commander"]);
});

it("would notice a heavy import", async () => {
  const packages = await eagerPackages(new URL("../../../src/config/index.ts", import.meta.url));
  expect(packages).toEqual(expect.arrayContaining(["zod", "yaml"]));
});
