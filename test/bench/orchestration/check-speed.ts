import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { checkConfig } from "../../../src/config/index.ts";
import { findings } from "../../../src/orchestration/index.ts";
import { type Bench, quantile, timed } from "./workbench.ts";

/** Checking a workflow of 10,000 tasks and 50,000 dependencies. */
export const checkSpeed: Bench = async ({ folder, quick, say }) => {
  const count = quick ? 1_000 : 10_000;
  const tasks = Array.from({ length: count }, (_, i) => ({
    id: `t${i}`,
    trigger: "all_success" as const,
    dependsOn: i < 6 ? [] : [1, 2, 3, 4, 5].map((by) => `t${Math.floor(i / by) - 1}`),
  }));
  for (const task of tasks) task.dependsOn = [...new Set(task.dependsOn)];
  const edges = tasks.reduce((sum, { dependsOn }) => sum + dependsOn.length, 0);
  const path = join(folder, "big.yaml");
  const lines = tasks.map(({ id, dependsOn }) => {
    const after = dependsOn.length > 0 ? `, dependsOn: [${dependsOn.join(", ")}]` : "";
    return `      ${id}: { kind: command, command: [echo, ${id}]${after} }`;
  });
  const head = ["pipeline: { name: big }", "workflows:", "  default:", "    tasks:"];
  const text = [...head, ...lines, "accounts: [{ id: a }]", ""].join("\n");
  await writeFile(path, text);

  const runs: { graph: number; parse: number; all: number }[] = [];
  for (let i = 0; i < 5; i++) {
    const graph = await timed(async () => findings(tasks));
    const parse = await timed(async () => parseDocument(text).toJS());
    const all = await timed(() => checkConfig(path, { env: {}, cwd: folder }));
    runs.push({ graph: graph.wallMs, parse: parse.wallMs, all: all.wallMs });
  }
  const median = (key: keyof (typeof runs)[number]) =>
    quantile(
      runs.map((run) => run[key]),
      0.5,
    );
  say(`\nchecking ${count} tasks with ${edges} dependencies, median of 5`);
  say(`  the graph itself ${median("graph").toFixed(0)} ms`);
  say(`  parsing the YAML alone ${median("parse").toFixed(0)} ms`);
  say(`  check of the file, its parsing included ${median("all").toFixed(0)} ms`);
};
