import { describe, expect, test } from "vitest";
import { criticalPathOf } from "../../../../src/reports/index.ts";
import { failedRunInput, NOT_BEGUN, taskRecord } from "../../../helpers/run-report-input.ts";
import { taskDefinition, workflowDefinition } from "../../../helpers/workflow-definition.ts";

const workflow = workflowDefinition("w", [
  taskDefinition("slow"),
  taskDefinition("quick"),
  taskDefinition("join", ["slow", "quick"]),
  taskDefinition("any", ["slow", "quick"], { trigger: "one_success" }),
]);

describe("the critical path", () => {
  test("goes back through the dependency that ended last", () => {
    const tasks = [
      taskRecord("a", "quick", [0, 0, 1]),
      taskRecord("a", "slow", [0, 1, 8]),
      taskRecord("a", "join", [8, 10, 20]),
    ];
    expect(criticalPathOf(tasks, workflow)).toEqual([
      {
        account: "a",
        task: "slow",
        kind: "command",
        status: "COMPLETED",
        waitMs: 1000,
        workMs: 7000,
        share: 0.4,
      },
      {
        account: "a",
        task: "join",
        kind: "command",
        status: "COMPLETED",
        waitMs: 2000,
        workMs: 10_000,
        share: 0.6,
      },
    ]);
  });

  test("leaves out what ended only after a task was ready", () => {
    const tasks = [
      taskRecord("a", "quick", [0, 0, 1]),
      taskRecord("a", "slow", [0, 0, 8]),
      taskRecord("a", "any", [1, 1, 20]),
    ];
    expect(criticalPathOf(tasks, workflow).map(({ task }) => task)).toEqual(["quick", "any"]);
  });

  test("stays in the account whose task ended last", () => {
    const tasks = [
      taskRecord("a", "slow", [0, 0, 9]),
      taskRecord("b", "slow", [0, 0, 4]),
      taskRecord("b", "join", [4, 4, 10]),
      taskRecord("a", "join", [9, 9, 9.5]),
    ];
    expect(criticalPathOf(tasks, workflow).map(({ account, task }) => [account, task])).toEqual([
      ["b", "slow"],
      ["b", "join"],
    ]);
  });

  test("goes through a skipped task, and ends at none that never began", () => {
    const chain = workflowDefinition("chain", [
      taskDefinition("one"),
      taskDefinition("two", ["one"]),
      taskDefinition("three", ["two"], { trigger: "always" }),
      taskDefinition("four", ["three"]),
    ]);
    const tasks = [
      taskRecord("a", "one", [0, 0, 5], { status: "FAILED" }),
      taskRecord("a", "two", [5, 5, 5], { ...NOT_BEGUN, status: "SKIPPED" }),
      taskRecord("a", "three", [5, 5, 6]),
      taskRecord("a", "four", [0, 0, 7], { ...NOT_BEGUN, status: "SKIPPED" }),
    ];
    expect(criticalPathOf(tasks, chain).map(({ task, workMs }) => [task, workMs])).toEqual([
      ["one", 5000],
      ["two", 0],
      ["three", 1000],
    ]);
  });

  test("counts nothing that was taken over from another run", () => {
    const tasks = [
      taskRecord("a", "slow", [0, 0, 8], { takenFrom: "earlier" }),
      taskRecord("a", "join", [9, 9, 10]),
    ];
    expect(criticalPathOf(tasks, workflow).map(({ task }) => task)).toEqual(["join"]);
  });

  test("is empty when nothing has ended, and ends where clocks were set back", () => {
    expect(criticalPathOf([], workflow)).toEqual([]);
    const at = taskRecord("a", "slow", [0, 0, 1], { endedAt: null, status: "IN_PROGRESS" });
    expect(criticalPathOf([at], workflow)).toEqual([]);
    const backwards = [taskRecord("a", "slow", [9, 9, 3]), taskRecord("a", "join", [9, 9, 10])];
    expect(criticalPathOf(backwards, workflow)).toMatchObject([
      { task: "slow", workMs: 0 },
      { task: "join", workMs: 1000 },
    ]);
  });

  test("has shares that add up to the whole", () => {
    const { tasks, workflow: daily } = failedRunInput();
    const path = criticalPathOf(tasks, daily);
    expect(path.map(({ task }) => task)).toEqual([
      "afternoon",
      "prepare",
      "excel",
      "upload",
      "restart",
      "clean-up",
    ]);
    expect(path.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    const length = path.reduce((sum, { waitMs, workMs }) => sum + waitMs + workMs, 0);
    expect(length).toBe(173_000);
  });
});
