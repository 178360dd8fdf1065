import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkFile } from "../../src/config/check.ts";
import { SourceDocument } from "../../src/config/document.ts";
import { environmentSubstitute } from "../../src/config/environment.ts";
import { loadSettings, pipelineReference, pipelineSchema } from "../../src/config/index.ts";
import { taskKinds } from "../../src/tasks/index.ts";
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

describe("the page's own examples", () => {
  it("hold", async () => {
    const page = await readFile(docPath("configuration.md"), "utf8");
    const blocks = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text!);
    expect(blocks.length).toBeGreaterThan(1);
    for (const block of blocks) {
      const source = new SourceDocument(block);
      expect(source.substitute(environmentSubstitute({ GLOBEX_FOLDER: "/g" }))).toEqual([]);
      expect(checkFile(source.toValue(), source).problems).toEqual([]);
    }
  });
});

describe("the schema", () => {
  const { $defs } = pipelineSchema();

  it("has a branch for each kind of task with its options, and one for kinds of users", () => {
    for (const entry of ["task", "step"]) {
      const branches = $defs?.[entry]?.anyOf ?? [];
      // A kind whose options have several forms has them below its branch.
      const kinds = branches.map(
        ({ properties, anyOf }) => (properties ?? anyOf?.[0]?.properties)?.["kind"]?.const,
      );
      expect(kinds).toEqual([...taskKinds().map(({ name }) => name), undefined]);
      const command = branches[kinds.indexOf("command")];
      expect(command).toMatchObject({ additionalProperties: false, required: ["command"] });
      expect(Object.keys(command?.properties ?? {})).toEqual(
        expect.arrayContaining(["timeout", "cwd"]),
      );
      expect(branches.at(-1)?.properties?.["kind"]?.not?.enum).toContain("command");
    }
  });

  it("lets a reference stand where no text is expected", () => {
    const branches = $defs?.["task"]?.anyOf ?? [];
    const command = branches.find(({ title }) => title === "command");
    expect(command?.properties?.["shell"]?.anyOf).toEqual([
      { type: "boolean" },
      { type: "string", pattern: "\\$\\{" },
    ]);
  });
});

describe("the examples", () => {
  /** What scripts of an example set before they run it. */
  const env = {
    WIFI_FOLDER: "/w",
    WIFI_BOOKS: "/w/books",
    WIFI_PORTAL: "http://127.0.0.1:80",
    WIFI_MAIL_PORT: "25",
  };

  const folder = fileURLToPath(new URL("../../examples", import.meta.url));

  it("are valid and name the schema", async () => {
    const files = await readdir(folder, { recursive: true });
    const configs = files.filter((file) => /^[^/]+\/pipeline\.yaml$/.test(file));
    expect(configs).toEqual(
      expect.arrayContaining(["isolation/pipeline.yaml", "quickstart/pipeline.yaml"]),
    );
    for (const config of configs) {
      const path = `${folder}/${config}`;
      const { accounts } = await loadSettings(path, { env, workflow: null });
      expect(accounts.length).toBeGreaterThan(0);
      const [first] = (await readFile(path, "utf8")).split("\n");
      expect(first).toBe("# yaml-language-server: $schema=../../docs/pipeline.schema.json");
    }
  });
});
