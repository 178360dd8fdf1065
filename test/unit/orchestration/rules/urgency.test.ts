import { describe, expect, test } from "vitest";
import { urgencyIn } from "../../../../src/orchestration/rules/urgency.ts";
import { taskDefinition } from "../../../helpers/workflow-definition.ts";

const tasks = [
  taskDefinition("a"),
  taskDefinition("b", ["a"]),
  taskDefinition("c", ["b"]),
  taskDefinition("long"),
];

describe("how much hangs on a task", () => {
  test("is the number of tasks behind it when nothing is known of them", () => {
    const urgencyOf = urgencyIn(tasks);
    expect(["a", "b", "c", "long"].map(urgencyOf)).toEqual([3, 2, 1, 1]);
  });

  test("is the time they took before when that is known", () => {
    const urgencyOf = urgencyIn(
      tasks,
      new Map([
        ["a", 10],
        ["b", 20],
        ["c", 30],
        ["long", 900],
      ]),
    );
    expect(["a", "b", "c", "long"].map(urgencyOf)).toEqual([60, 50, 30, 900]);
  });

  test("takes a task that never ran for a usual one", () => {
    const urgencyOf = urgencyIn(
      tasks,
      new Map([
        ["a", 10],
        ["b", 40],
        ["long", 20],
      ]),
    );
    expect(urgencyOf("c")).toBe(20);
    expect(urgencyOf("a")).toBe(10 + 40 + 20);
  });
});
