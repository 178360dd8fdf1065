import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import * as graphs from "../../graphs/index.ts";
import {
  DEFAULT_RETRY,
  type TaskDefinition,
  type WorkflowDefinition,
} from "../../src/orchestration/index.ts";
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
  settingsOf: unused,
  openAccount: unused,
  accountRun: unused,
};

const task = (id: string, kind: string, dependsOn: string[]): TaskDefinition => ({
  id,
  kind,
  options: {},
  dependsOn,
  trigger: "all_success",
  critical: false,
  retry: DEFAULT_RETRY,
  timeoutMs: null,
  totalTimeoutMs: null,
  queueTimeoutMs: null,
  graceMs: 10_000,
  limits: [],
  recover: [],
  onFailure: [],
  finally: [],
  uncertain: "ask",
});

/** A working day, as an account graph draws it. */
const day: WorkflowDefinition = {
  name: "day",
  maxParallel: null,
  deadlineMs: null,
  onCriticalFailure: "cancel",
  tasks: [
    task("morning", "command", []),
    task("afternoon", "command", []),
    task("prepare", "prepare", ["morning", "afternoon"]),
    task("report", "module", ["prepare"]),
    task("upload", "command", ["prepare"]),
    task("mail", "module", ["report", "upload"]),
  ],
};

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
