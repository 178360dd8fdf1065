/**
 * Speed, growth and isolation of the orchestrator, as ratios within one run.
 *
 *   npm run bench:orchestration -- [--quick] [--only makespan,growth,latency,isolation,config]
 *
 * The graphs, the engine and the store are the real ones; next to them stands the same workflow as a
 * plain LangGraph graph with edges over its own SQLite saver, which flushes at each commit as ours does.
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkSpeed } from "./orchestration/check-speed.ts";
import { growth } from "./orchestration/growth.ts";
import { isolation } from "./orchestration/isolation.ts";
import { makespan } from "./orchestration/makespan.ts";
import { startLatency } from "./orchestration/start-latency.ts";
import type { Bench } from "./orchestration/workbench.ts";

const benches: Readonly<Record<string, Bench>> = {
  makespan,
  growth,
  latency: startLatency,
  isolation,
  config: checkSpeed,
};

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", default: Object.keys(benches).join(",") },
  },
});

const root = await mkdtemp(join(tmpdir(), "data-wrangler-bench-"));
try {
  for (const name of values.only.split(",")) {
    const bench = benches[name];
    if (!bench) throw new Error(`There is no bench "${name}".`);
    const folder = join(root, name);
    await mkdir(folder);
    await bench({
      folder,
      quick: values.quick,
      say: (text) => void process.stdout.write(`${text}\n`),
    });
  }
} finally {
  await rm(root, { recursive: true, force: true });
}
