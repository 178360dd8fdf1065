import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { eventsOf, historyOf, statuses, taskOf, workflowApp } from "./workflow-app.ts";

/** State of a process as `ps` tells it: nothing when it is gone, Z when only its exit status is left. */
function stateOf(pid: number): string {
  return spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).stdout.trim();
}

test("time limits end an attempt, all attempts, and the wait for a place", async () => {
  const made = await workflowApp();
  const kept = await historyOf(
    made,
    `each: { kind: module, path: work.mjs, export: hang, timeout: 40ms, retry: { attempts: 2, initial: 0ms } }
all: { kind: module, path: work.mjs, export: hang, totalTimeout: 90ms, retry: { attempts: 99, initial: 0ms } }
deaf: { kind: module, path: work.mjs, export: deaf, with: { ms: 1500 }, timeout: 30ms, grace: 30ms }
tree: { kind: command, command: [sh, -c, "sleep 1000 & echo $! > '${made.path("pid")}'; wait"], timeout: 1s, killAfter: 100ms, uncertain: skip }`,
  );
  expect(taskOf(kept, "each")).toMatchObject({
    attempts: 2,
    failure: { code: "TASK_TIMEOUT", class: "TimeoutError" },
  });
  expect(taskOf(kept, "all")).toMatchObject({ attempts: 1, failure: { code: "TASK_TIMEOUT" } });
  expect(taskOf(kept, "deaf").failure?.message).toContain("abandoned");
  expect(taskOf(kept, "tree")).toMatchObject({
    status: "FAILED",
    failure: { code: "TASK_TIMEOUT" },
  });
  expect(kept.effects).toMatchObject([{ task: "tree", wasUncertain: true }]);
  const pid = Number(await readFile(made.path("pid"), "utf8"));
  expect(stateOf(pid)).not.toMatch(/^[^Z]/);
});

test("a place that is not free in time fails the task that waits for it", async () => {
  const made = await workflowApp();
  const { path, write, app, config } = made;
  const { tasks, run } = await app.run(
    await config(`
limits: { portal: 1 }
workflows:
  daily:
    tasks:
      first: { kind: module, path: work.mjs, with: { gate: "${path("open")}" }, limits: portal }
      second: { kind: module, path: work.mjs, limits: portal, queueTimeout: 50ms }
accounts: [{ id: one }]
`),
    {
      onEvent: (event) => {
        if (event.type === "task-finished" && event.task === "second") void write("open", "");
      },
    },
  );
  expect(taskOf({ tasks }, "second")).toMatchObject({
    status: "FAILED",
    attempts: 0,
    failure: { code: "QUEUE_TIMEOUT" },
  });
  expect(taskOf({ tasks }, "first").status).toBe("COMPLETED");
  const { events } = await app.history(run.runId);
  expect(eventsOf(events, "task-ready")).toMatchObject([{ task: "second" }]);
});

test("when the deadline passes, what is at work fails and what is not is skipped", async () => {
  const made = await workflowApp();
  const kept = await historyOf(
    made,
    `long: { kind: module, path: work.mjs, export: hang }
after: { kind: module, path: work.mjs, dependsOn: long, trigger: all_done }
always: { kind: module, path: work.mjs, dependsOn: long, trigger: always }`,
    "deadline: 1s",
  );
  expect(statuses(kept)).toEqual({ long: "FAILED", after: "SKIPPED", always: "COMPLETED" });
  expect(taskOf(kept, "long").failure).toMatchObject({ code: "RUN_DEADLINE" });
  expect(taskOf(kept, "after").reason).toContain("deadline");
});
