import { directRun, foreseenDefinitions } from "../../helpers/foreseen-tasks.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { workflowDefinition } from "../../helpers/workflow-definition.ts";
import { type Bench, goodTask, quantile, withRuns } from "./workbench.ts";

/** From a task's end being durable to the first line of the task that depends on it. */
export const startLatency: Bench = async ({ folder, quick, say }) => {
  const count = quick ? 100 : 501;
  const tasks = Array.from({ length: count }, (_, i) => goodTask(`t${i}`, i ? [`t${i - 1}`] : []));
  const durable = new Map<string, number>();
  const begun = new Map<string, number>();
  directRun("latency", async (task) => {
    begun.set(task, performance.now());
    await sleep(5);
  });
  await withRuns(folder, {}, (execute) =>
    execute({
      runId: "latency",
      workflow: workflowDefinition("latency", foreseenDefinitions(tasks)),
      accounts: ["acme"],
      onEvent: (event) => {
        if (event.type === "task-finished") durable.set(event.task, performance.now());
      },
    }),
  );
  const waits = tasks.flatMap(({ id, dependsOn: [before] }) => {
    const [from, to] = [durable.get(before ?? ""), begun.get(id)];
    return from === undefined || to === undefined ? [] : [to - from];
  });
  const [median, high] = [quantile(waits, 0.5), quantile(waits, 0.99)];
  say(`\nstart latency over ${waits.length} starts, the record of the start on disk included`);
  say(`  median ${median.toFixed(2)} ms, p99 ${high.toFixed(2)} ms`);
};
