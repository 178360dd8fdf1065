import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { loadSettings, pipelineReference, pipelineSchema } from "../../src/config/index.ts";
import { docPath, pageWith } from "./generated.ts";

describe("the configuration's documents", () => {
  it("docs/pipeline.schema.json is the schema", async () => {
    const text = `${JSON.stringify(pipelineSchema(), null, 2)}\n`;
    await expect(text).toMatchFileSnapshot(docPath("pipeline.schema.json"));
  });

  it("docs/configuration.md describes every setting", async () => {
    const page = await pageWith("configuration.md", pipelineReference());
    await expect(page).toMatchFileSnapshot(docPath("configuration.md"));
  });

  it("every setting outside a constraint has a description", () => {
    const [sections] = pipelineReference().split("## Constraint");
    const rows = sections!.split("\n").filter((line) => line.startsWith("| `"));
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.filter((row) => / \|\s+\|$/.test(row))).toEqual([]);
  });
});

describe("the examples", () => {
  const folder = fileURLToPath(new URL("../../examples", import.meta.url));

  it("are valid and name the schema", async () => {
    const files = await readdir(folder, { recursive: true });
    const configs = files.filter((file) => /^[^/]+\/pipeline\.yaml$/.test(file));
    expect(configs).toEqual(
      expect.arrayContaining(["isolation/pipeline.yaml", "quickstart/pipeline.yaml"]),
    );
    for (const config of configs) {
      const path = `${folder}/${config}`;
      const { accounts } = await loadSettings(path, { env: {} });
      expect(accounts.length).toBeGreaterThan(0);
      const [first] = (await readFile(path, "utf8")).split("\n");
      expect(first).toBe("# yaml-language-server: $schema=../../docs/pipeline.schema.json");
    }
  });
});
