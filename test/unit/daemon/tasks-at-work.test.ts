import { expect, test } from "vitest";
import { TasksAtWork } from "../../../src/daemon/tasks-at-work.ts";
import type { ProgressEvent, RunHappening } from "../../../src/orchestration/index.ts";

function event(runId: string, happening: RunHappening): ProgressEvent {
  return { ...happening, runId, seq: 1, at: "2026-03-02T08:30:00.000Z" };
}

function started(runId: string, task: string, attempt = 1): ProgressEvent {
  const about = { account: "acme", task, kind: "command", attempt };
  return event(runId, { type: "task-started", ...about });
}

const ENDS: readonly RunHappening[] = [
  {
    type: "task-finished",
    account: "acme",
    task: "a",
    status: "FAILED",
    attempts: 1,
    durationMs: 1,
    reason: null,
  },
  { type: "task-waiting", account: "acme", task: "a", reason: "x" },
  {
    type: "task-retrying",
    account: "acme",
    task: "a",
    attempt: 1,
    delayMs: 1,
    next: "retry",
    message: "x",
  },
];

test.each(ENDS)("a task is at work until its attempt ends: $type", (end) => {
  const tasks = new TasksAtWork();
  tasks.hear(started("r1", "a"), 5);
  tasks.hear(started("r1", "b"), 6);
  tasks.hear(started("r2", "a"), 7);
  expect(tasks.get({ runId: "r1", account: "acme", task: "a" })).toEqual({
    runId: "r1",
    account: "acme",
    task: "a",
    kind: "command",
    sinceMs: 5,
  });
  tasks.hear(event("r1", end), 8);
  expect(tasks.all().map(({ runId, task }) => [runId, task])).toEqual([
    ["r1", "b"],
    ["r2", "a"],
  ]);
});

test("a further attempt counts from its own start, and with the run all end", () => {
  const tasks = new TasksAtWork();
  tasks.hear(started("r1", "a"), 5);
  tasks.hear(started("r1", "a", 2), 9);
  expect(tasks.all()).toMatchObject([{ sinceMs: 9 }]);
  tasks.hear(event("r1", { type: "run-finished", status: "WAITING", durationMs: 1 }), 10);
  expect(tasks.all()).toEqual([]);
});
