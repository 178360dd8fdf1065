import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import * as graphs from "../../graphs/index.ts";
import { lockFolder } from "../../src/stores/index.ts";

/** Nothing runs here: the graphs are only drawn. */
const unused = () => {
  throw new Error("not to be called");
};
const deps: graphs.GraphDeps = {
  toolVersion: "0",
  engineOf: unused,
  closeEngine: unused,
  recorderOf: unused,
  lockFolder,
  accountSlot: unused,
};

test.each([
  ["master", graphs.masterGraph],
  ["account", graphs.accountGraph],
  ["prepare", graphs.prepareGraph],
  ["profiling", graphs.profilingGraph],
  ["transformation", graphs.transformationGraph],
  ["validation", graphs.validationGraph],
  ["scoring", graphs.scoringGraph],
  ["ranking", graphs.rankingGraph],
] as const)("%s is the picture in docs/graphs", async (name, graph) => {
  const picture = await graph(deps).getGraphAsync();
  const drawing = picture.drawMermaid();
  await expect(drawing).toMatchFileSnapshot(`../../docs/graphs/${name}.mmd`);
  const page = await readFile(new URL("../../docs/architecture.md", import.meta.url), "utf8");
  expect(page).toContain(`### ${name}\n\n\`\`\`mermaid\n${drawing.trimEnd()}\n\`\`\``);
});
