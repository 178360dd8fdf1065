/** Runs the task kind `excel` with options from its command line; prints results and peak memory. */
import { readdirSync, readFileSync } from "node:fs";
import { excel } from "../../src/tasks/index.ts";
import { taskContext } from "../helpers/task-context.ts";

const [, , folder = "", options = "{}"] = process.argv;

/** Peaks of the processes that were started from here, by their number; Linux alone tells them. */
const peaks = new Map<number, number>();
const watch = setInterval(() => {
  if (process.platform !== "linux") return;
  for (const pid of readdirSync("/proc").map(Number)) {
    if (!Number.isInteger(pid)) continue;
    try {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      if (!status.includes(`PPid:\t${process.pid}\n`)) continue;
      const peak = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
      peaks.set(pid, Math.max(peak, peaks.get(pid) ?? 0));
    } catch {
      // It ended between the look at the list and the look at it.
    }
  }
}, 100);

const startedMs = performance.now();
const checked = excel.options.parse(JSON.parse(options));
const results = await excel.run(taskContext({ options: checked, folder }));
clearInterval(watch);
const report = {
  results,
  ms: Math.round(performance.now() - startedMs),
  peakBytes: process.resourceUsage().maxRSS * 1024,
  enginePeakBytes: Math.max(0, ...peaks.values()),
};
process.stdout.write(`${JSON.stringify(report)}\n`);
