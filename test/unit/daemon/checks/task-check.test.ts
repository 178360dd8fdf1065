import { expect, test } from "vitest";
import { taskCheck, type TaskTerms } from "../../../../src/daemon/checks/index.ts";
import type { TaskAtWork } from "../../../../src/daemon/tasks-at-work.ts";

const HOUR_MS = 3_600_000;
const NOW_MS = 100 * HOUR_MS;

function atWork(hours: number, task = "fetch"): TaskAtWork {
  const sinceMs = NOW_MS - hours * HOUR_MS;
  return { runId: "r1", account: "acme", task, kind: "command", sinceMs };
}

function check(tasks: readonly TaskAtWork[], terms: Partial<TaskTerms> = {}) {
  return taskCheck(tasks, {
    nowMs: NOW_MS,
    stuckAfterMs: 2 * HOUR_MS,
    termsOf: () => ({ hasTimeout: false, waits: false, usualMs: undefined, ...terms }),
  });
}

test("tasks at work for a while are well", () => {
  expect(check([atWork(1), atWork(2)])).toEqual({
    name: "tasks",
    level: "ok",
    text: "2 tasks at work.",
    remedy: null,
  });
});

test("a task at work for too long is told, the longest of several", () => {
  expect(check([atWork(2.1, "a"), atWork(30, "b"), atWork(0.1, "c")])).toEqual({
    name: "tasks",
    level: "warning",
    text: "Task b of acme in run r1 has been at work for 1 d 6 h. So is 1 more.",
    remedy: "See what it does; data-wrangler cancel r1 ends it, a `timeout` would.",
  });
});

test.each([
  ["has a time limit of its own", { hasTimeout: true }],
  ["only waits for others", { waits: true }],
  ["usually takes that long", { usualMs: 0.5 * HOUR_MS }],
])("a task that %s is not stuck", (_, terms) => {
  expect(check([atWork(2.4)], terms).level).toBe("ok");
});

test("a task that takes more than five times as long as it used to is stuck", () => {
  expect(check([atWork(2.6)], { usualMs: 0.5 * HOUR_MS }).level).toBe("warning");
});
