import { describe, expect, test } from "vitest";
import {
  criticalPath,
  decide,
  findings,
  isSettled,
  type TaskStatus,
  workflowStatus,
} from "../../../src/orchestration/index.ts";
import {
  type ForeseenTask,
  interpret,
  listSchedulingMakespan,
  randomDag,
} from "../../helpers/reference-interpreter.ts";

function task(id: string, dependsOn: string[], traits: Partial<ForeseenTask> = {}): ForeseenTask {
  const attempts = [{ durationMs: 10, succeeds: true }];
  return { id, dependsOn, trigger: "all_success", critical: false, attempts, ...traits };
}

const failing = { attempts: [{ durationMs: 10, succeeds: false }] };

function statuses(tasks: readonly ForeseenTask[], mode?: "cancel" | "finish") {
  return Object.fromEntries([...interpret(tasks, mode)].map(([id, { status }]) => [id, status]));
}

/** The final statuses by the real rules, settled one task at a time. */
function byDecide(tasks: readonly ForeseenTask[]): Record<string, TaskStatus> {
  const status = new Map<string, TaskStatus>(tasks.map(({ id }) => [id, "NOT_STARTED"]));
  while (![...status.values()].every(isSettled)) {
    for (const { id, trigger, dependsOn, attempts } of tasks) {
      if (isSettled(status.get(id)!)) continue;
      const { is } = decide(
        trigger,
        dependsOn.map((other) => ({ id: other, status: status.get(other)! })),
      );
      if (is === "skip") status.set(id, "SKIPPED");
      if (is === "run") status.set(id, attempts.some((a) => a.succeeds) ? "COMPLETED" : "FAILED");
    }
  }
  return Object.fromEntries(status);
}

describe("interpret", () => {
  test("agrees with the trigger rules on 200 random workflows without critical tasks", () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 200; seed++) {
      const tasks = randomDag(seed, 5 + (seed % 56));
      const ends = statuses(tasks);
      expect(ends).toEqual(byDecide(tasks));
      for (const status of Object.values(ends)) seen.add(status);
      seen.add(workflowStatus(Object.values(ends)));
    }
    expect([...seen].toSorted()).toEqual(["COMPLETED", "FAILED", "SKIPPED"]);
  });

  test("a critical failure skips what has not started and cancels what is at work, but for always", () => {
    const tasks = [
      task("bad", [], { ...failing, critical: true }),
      task("slow", [], { attempts: [{ durationMs: 50, succeeds: true }] }),
      task("next", ["slow"], { trigger: "all_done" }),
      task("clean", ["next", "bad"], { trigger: "always" }),
    ];
    expect(statuses(tasks)).toEqual({
      bad: "FAILED",
      slow: "CANCELED",
      next: "SKIPPED",
      clean: "COMPLETED",
    });
    expect(statuses(tasks, "finish")).toMatchObject({ slow: "COMPLETED", next: "SKIPPED" });
    expect(interpret(tasks).get("clean")).toMatchObject({ startMs: 10, endMs: 20 });
  });

  test("a task takes the time of all its attempts up to the good one", () => {
    const attempts = [false, true, true].map((succeeds) => ({ durationMs: 10, succeeds }));
    expect(interpret([task("a", [], { attempts })]).get("a")).toEqual({
      status: "COMPLETED",
      startMs: 0,
      endMs: 20,
    });
  });

  test("without failures the last end is the length of the critical path", () => {
    for (let seed = 0; seed < 50; seed++) {
      const tasks = randomDag(seed, 40, { failures: 0, triggers: 0 });
      const durations = new Map(tasks.map(({ id, attempts }) => [id, attempts[0]!.durationMs]));
      const last = Math.max(...[...interpret(tasks).values()].map(({ endMs }) => endMs));
      expect(last).toBe(criticalPath(tasks, durations).totalMs);
      expect(listSchedulingMakespan(tasks, durations, 40)).toBe(last);
    }
  });
});

describe("randomDag", () => {
  test("is the same for a seed, other for another, and holds no mistakes", () => {
    expect(randomDag(7, 60)).toEqual(randomDag(7, 60));
    expect(randomDag(7, 60)).not.toEqual(randomDag(8, 60));
    for (let seed = 0; seed < 100; seed++) expect(findings(randomDag(seed, 60))).toEqual([]);
  });
});

describe("listSchedulingMakespan", () => {
  const durations = new Map([
    ["a", 3],
    ["b", 2],
    ["c", 2],
    ["d", 2],
    ["long", 6],
  ]);
  const tasks = ["a", "b", "c", "d", "long"].map((id) => task(id, []));

  test("starts the longest remaining path first", () => {
    expect(listSchedulingMakespan(tasks, durations, 2)).toBe(8);
    expect(listSchedulingMakespan(tasks, durations, 2, "first-ready")).toBe(10);
  });

  test("with one place takes the sum, with room for all the longest path", () => {
    expect(listSchedulingMakespan(tasks, durations, 1)).toBe(15);
    expect(listSchedulingMakespan(tasks, durations, 5)).toBe(6);
  });
});
