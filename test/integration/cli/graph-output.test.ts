import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { main } from "../../../src/cli/index.ts";
import { withFolder } from "../../helpers/engine.ts";
import { fakeHost } from "../../unit/cli/fake-host.ts";

const app = { graph: () => Promise.resolve("digraph {}") };

it("a drawing is written whole to the file named, from the working folder", async () => {
  const cwd = await withFolder();
  const host = { ...fakeHost(app), cwd };
  const argv = ["graph", "-c", "p.yaml", "--format", "dot", "-o", "drawings/daily.dot"];
  expect(await main(argv, host)).toBe(0);
  expect(await readFile(join(cwd, "drawings", "daily.dot"), "utf8")).toBe("digraph {}\n");
  expect(host.stdout.text).toBe("written: drawings/daily.dot\n");
});

it("a file that cannot be written is told as such", async () => {
  const cwd = await withFolder();
  await mkdir(join(cwd, "taken"));
  const host = { ...fakeHost(app), cwd };
  expect(await main(["graph", "-c", "p.yaml", "-o", "taken"], host)).toBe(75);
  expect(host.stderr.text).toContain("error OUTPUT_UNWRITABLE");
});
