import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import * as graphs from "../../graphs/index.ts";
import { systemClock } from "../../src/core/index.ts";
import { lockFolder } from "../../src/stores/index.ts";
import { taskDefinition, workflowDefinition } from "../helpers/workflow-definition.ts";

/** Nothing runs here: the graphs are only drawn. */
const unused = () => {
  throw new Error("not to be called");
};
const deps: graphs.GraphDeps = {
  toolVersion: "0",
  clock: systemClock,
  handOver: unused,
  engineOf: unused,
  closeEngine: unused,
  recorderOf: unused,
  lockFolder,
  settingsOf: unused,
  openAccount: unused,
  accountRun: unused,
};

/** A working day, as an account graph draws it. */
const day = workflowDefinition("day", [
  taskDefinition("morning"),
  taskDefinition("afternoon"),
  taskDefinition("prepare", ["morning", "afternoon"], { kind: "prepare" }),
  taskDefinition("report", ["prepare"], { kind: "module" }),
  taskDefinition("upload", ["prepare"]),
  taskDefinition("mail", ["report", "upload"], { kind: "module" }),
]);

test.each([
  ["master", (given: graphs.GraphDeps) => graphs.masterGraph(given, day)],
  ["account", (given: graphs.GraphDeps) => graphs.accountGraph(given, day)],
  ["datasets", graphs.datasetsGraph],
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
