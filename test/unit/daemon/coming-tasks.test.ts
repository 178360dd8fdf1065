import { expect, test } from "vitest";
import type { Settings } from "../../../src/config/index.ts";
import { comingTasksOf } from "../../../src/daemon/coming-tasks.ts";
import { runRecord, taskRecord } from "../../helpers/store-records.ts";
import { taskDefinition, workflowDefinition } from "../../helpers/workflow-definition.ts";

/** 09:30 in Berlin. */
const SLOT = "2026-03-02T08:30:00.000Z";
const NOW_MS = Date.parse("2026-03-02T09:00:00.000Z");

const tasks = [
  taskDefinition("early", [], { at: "09:45" }),
  taskDefinition("excel", [], { at: "13:05" }),
  taskDefinition("restart", [], { at: "02:00" }),
  taskDefinition("whenever", [], {}),
];
const settings = {
  workflow: "daily",
  workflows: [workflowDefinition("daily", tasks)],
  timeZone: "Europe/Berlin",
} as Settings;

const run = runRecord("r1", { accounts: ["a"], schedule: "daily", scheduledAt: SLOT });

test("tasks with a time of the day are told before anything is known of them", () => {
  expect(comingTasksOf(run, [], settings, NOW_MS)).toEqual([
    {
      runId: "r1",
      account: "a",
      task: "excel",
      kind: "command",
      startAt: "2026-03-02T12:05:00.000Z",
      reason: "its time",
    },
    {
      runId: "r1",
      account: "a",
      task: "restart",
      kind: "command",
      // earlier than the slot's own time: the next day's
      startAt: "2026-03-03T01:00:00.000Z",
      reason: "its time",
    },
  ]);
});

test("a task that waits tells itself when, and what has ended does not come again", () => {
  const open = { endedAt: null, startedAt: null, durationMs: null };
  const records = [
    taskRecord("excel", {
      ...open,
      status: "NOT_STARTED",
      attempts: 0,
      nextAttemptAt: "2026-03-02T12:05:00.000Z",
    }),
    taskRecord("restart", { status: "SKIPPED" }),
    taskRecord("whenever", {
      ...open,
      status: "IN_PROGRESS",
      attempts: 2,
      nextAttemptAt: "2026-03-02T09:10:00.000Z",
    }),
  ];
  const coming = comingTasksOf(run, records, settings, NOW_MS);
  expect(coming.map(({ task, reason }) => [task, reason])).toEqual([
    ["excel", "its time"],
    ["whenever", "next attempt"],
  ]);
});

test("in a run that no schedule started, times of the day do not count", () => {
  const manual = { ...run, schedule: null };
  expect(comingTasksOf(manual, [], settings, NOW_MS)).toEqual([]);
  expect(comingTasksOf(run, [], undefined, NOW_MS)).toEqual([]);
});
