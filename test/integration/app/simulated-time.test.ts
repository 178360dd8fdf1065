import { join } from "node:path";
import { onTestFinished, expect, test } from "vitest";
import { createApp, simulatedClock } from "../../../src/index.ts";
import { taskOf, workflowApp } from "./workflow-app.ts";

const HOUR_MS = 3_600_000;
const wait = (hours: number) =>
  `retry: { attempts: 2, backoff: fixed, jitter: none, initial: ${hours}h, max: 24h, maxElapsed: 48h }`;
const fails = "kind: module, path: work.mjs, with: { fail: 1, ms: 30, errorClass: NetworkError }";
const works = "kind: module, path: work.mjs, with: { ms: 30 }";

test("waits of hours pass at once, and nothing that is done takes any of their time", async () => {
  const { folder, config } = await workflowApp();
  const startMs = Date.parse("2026-03-28T22:00:00.000Z");
  const clock = simulatedClock(startMs);
  const app = createApp({ checkpointsFolder: join(folder, "simulated"), cwd: folder, clock });
  onTestFinished(() => app.close());
  const request = await config(`
workflows:
  daily:
    tasks:
      a: { ${fails}, ${wait(1)} }
      inner: { kind: workflow, workflow: inner, dependsOn: a, timeout: 20h }
      later: { ${works}, dependsOn: inner, finally: [{ ${works} }] }
      beside: { ${fails}, ${wait(2)} }
  inner:
    tasks:
      b: { ${fails}, ${wait(3)} }
      c: { ${fails}, ${wait(4)}, dependsOn: b }
accounts: [{ id: one }, { id: two }, { id: three }]
`);
  let isOver = false;
  const running = app.run({ ...request, workflow: "daily" }).finally(() => (isOver = true));
  running.catch(() => undefined);
  await clock.advance(startMs + 100 * HOUR_MS, () => isOver);
  const { run, tasks } = await running;
  const hours = (at: string | null) => (Date.parse(at ?? "") - startMs) / HOUR_MS;

  expect(run.status).toBe("COMPLETED");
  expect(hours(run.startedAt)).toBe(0);
  expect(hours(run.endedAt)).toBe(8);
  for (const account of ["one", "two", "three"]) {
    const ended = ["a", "beside", "inner/b", "inner/c", "inner", "later"].map((task) =>
      hours(taskOf({ tasks }, task, account).endedAt),
    );
    expect(ended).toEqual([1, 2, 4, 8, 8, 8]);
  }
  const { events } = await app.history(run.runId);
  expect(hours(events.at(-1)?.at ?? "")).toBe(8);
});

test("work that hangs is ended by real time, in which it hangs", async () => {
  const { folder, config } = await workflowApp();
  const clock = simulatedClock(Date.parse("2026-03-28T22:00:00.000Z"));
  const app = createApp({ checkpointsFolder: join(folder, "simulated"), cwd: folder, clock });
  onTestFinished(() => app.close());
  const hang = "kind: module, path: work.mjs, export: hang, timeout: 50ms";
  const request = await config(
    `workflows: { daily: { tasks: { a: { ${hang} } } } }\naccounts: [{ id: one }]`,
  );
  const { tasks } = await app.run(request);
  expect(taskOf({ tasks }, "a").failure?.code).toBe("TASK_TIMEOUT");
});
