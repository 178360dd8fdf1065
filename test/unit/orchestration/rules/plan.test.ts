import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ancestorsOf,
  criticalPath,
  descendantsOf,
  findings,
  type PlannedTask,
  topologicalOrder,
  type TriggerRule,
  wavesOf,
} from "../../../../src/orchestration/index.ts";

/** Tasks by id with what they depend on. */
function tasksOf(
  graph: Record<string, string>,
  trigger: TriggerRule = "all_success",
): PlannedTask[] {
  return Object.entries(graph).map(([id, parents]) => ({
    id,
    dependsOn: parents.split(" ").filter(Boolean),
    trigger,
  }));
}

function textsOf(tasks: readonly PlannedTask[]): string[] {
  return findings(tasks).map(({ text }) => text);
}

/** Random tasks; dependencies only on tasks before them when there may be no circles. */
function graphs(circles: boolean): fc.Arbitrary<PlannedTask[]> {
  return fc.integer({ min: 1, max: 14 }).chain((size) =>
    fc.tuple(
      ...Array.from({ length: size }, (_, i) => {
        const others = Array.from({ length: size }, (__, j) => j).filter((j) =>
          circles ? j !== i : j < i,
        );
        return fc.subarray(others, { maxLength: Math.min(3, others.length) }).map((parents) => ({
          id: `t${i}`,
          dependsOn: parents.map((j) => `t${j}`),
          trigger: "all_success" as const,
        }));
      }),
    ),
  );
}

/** Whether one task comes after another, by trying all ways (Floyd and Warshall). */
function reachable(tasks: readonly PlannedTask[]): (from: string, to: string) => boolean {
  const reach = new Set(tasks.flatMap(({ id, dependsOn }) => dependsOn.map((p) => `${p} ${id}`)));
  for (const { id: via } of tasks) {
    for (const { id: a } of tasks) {
      for (const { id: b } of tasks) {
        if (reach.has(`${a} ${via}`) && reach.has(`${via} ${b}`)) reach.add(`${a} ${b}`);
      }
    }
  }
  return (from, to) => reach.has(`${from} ${to}`);
}

describe("findings", () => {
  test("a workflow without mistakes has none", () => {
    expect(findings(tasksOf({ a: "", b: "a", c: "a", d: "b c" }))).toEqual([]);
    expect(findings([])).toEqual([]);
  });

  test("all mistakes are told in one pass, in the order of the file", () => {
    const tasks: PlannedTask[] = [
      ...tasksOf({ download: "", prepare: "downlaod", loop: "loop", twice: "download download" }),
      ...tasksOf({ few: "download" }, { atLeast: 2 }),
      ...tasksOf({ a: "download c", b: "a", c: "b", after: "b", later: "after" }),
      ...tasksOf({ download: "" }),
      ...tasksOf({ behind: "loop" }),
    ];
    expect(findings(tasks)).toEqual([
      {
        code: "unknown-dependency",
        task: "prepare",
        position: 1,
        index: 0,
        text: '"prepare" depends on "downlaod", which is no task of the workflow. Did you mean "download"?',
      },
      {
        code: "self-dependency",
        task: "loop",
        position: 2,
        index: 0,
        text: '"loop" depends on itself.',
      },
      {
        code: "repeated-dependency",
        task: "twice",
        position: 3,
        index: 1,
        text: '"twice" lists "download" twice.',
      },
      {
        code: "impossible-trigger",
        task: "few",
        position: 4,
        index: null,
        text: 'Trigger "at least 2" can never fire: "few" has 1 dependency.',
      },
      {
        code: "cycle",
        task: "a",
        position: 5,
        index: 1,
        text: "Tasks wait for each other, each for the one before it: a → b → c → a. Remove one of these dependencies.",
      },
      {
        code: "unreachable",
        task: "after",
        position: 8,
        index: null,
        text: '"after" can never start: it comes after the circle a → b → c → a.',
      },
      {
        code: "unreachable",
        task: "later",
        position: 9,
        index: null,
        text: '"later" can never start: it comes after the circle a → b → c → a.',
      },
      {
        code: "duplicate-task",
        task: "download",
        position: 10,
        index: null,
        text: 'There is another task "download"; ids are unique in a workflow.',
      },
      {
        code: "unreachable",
        task: "behind",
        position: 11,
        index: null,
        text: '"behind" can never start: it comes after the circle loop → loop.',
      },
    ]);
  });

  test("each group of tasks that wait for each other is told once, by a shortest circle", () => {
    const texts = textsOf(tasksOf({ a: "d b", b: "a", c: "b", d: "c", x: "y", y: "x a" }));
    expect(texts.map((text) => /: (\S+(?: → \S+)+)\./.exec(text)?.[1])).toEqual([
      "a → b → a",
      "x → y → x",
    ]);
  });

  test("what comes after a long circle refers to it in short", () => {
    const texts = textsOf(tasksOf({ a: "e", b: "a", c: "b", d: "c", e: "d", f: "e" }));
    expect(texts).toEqual([
      expect.stringContaining(": a → b → c → d → e → a."),
      '"f" can never start: it comes after the circle a → b → … → e → a.',
    ]);
  });

  test("a dependency that is listed twice does not lift a quorum", () => {
    const codes = findings(tasksOf({ a: "", b: "a a" }, { atLeast: 2 })).map(({ code }) => code);
    expect(codes).toEqual(["impossible-trigger", "impossible-trigger", "repeated-dependency"]);
  });

  test("circles and what is behind them are exactly those that trying all ways finds", () => {
    fc.assert(
      fc.property(graphs(true), (tasks) => {
        const reaches = reachable(tasks);
        const inCircle = tasks.filter(({ id }) => reaches(id, id)).map(({ id }) => id);
        const behind = tasks
          .filter(({ id }) => !reaches(id, id) && inCircle.some((other) => reaches(other, id)))
          .map(({ id }) => id);
        const groups = new Set(
          inCircle.map((id) =>
            inCircle.find((a) => a === id || (reaches(a, id) && reaches(id, a))),
          ),
        );
        const found = findings(tasks);
        const of = (code: string) => found.filter((f) => f.code === code);
        expect(of("unreachable").map(({ task }) => task)).toEqual(behind);
        expect(of("cycle").map(({ task }) => task)).toEqual([...groups]);
        for (const { text } of of("cycle")) {
          const path = /: (\S+(?: → \S+)+)\./.exec(text)![1]!.split(" → ");
          expect(path.at(-1)).toBe(path[0]);
          for (const [i, id] of path.slice(1).entries()) {
            expect(tasks.find((task) => task.id === id)!.dependsOn).toContain(path[i]);
          }
        }
      }),
    );
  });

  test("a chain of 10,000 tasks is walked, closed to a circle too", () => {
    const chain = Array.from({ length: 10_000 }, (_, i): PlannedTask => ({
      id: `t${i}`,
      dependsOn: i === 0 ? [] : [`t${i - 1}`],
      trigger: "all_success",
    }));
    expect(findings(chain)).toEqual([]);
    const closed = [{ ...chain[0]!, dependsOn: ["t9999"] }, ...chain.slice(1)];
    const [finding, ...others] = findings(closed);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code: "cycle", task: "t0", index: 0 });
    expect(finding!.text.split(" → ")).toHaveLength(10_001);
  });
});

describe("order", () => {
  test("each task comes after all it depends on, and every task once", () => {
    fc.assert(
      fc.property(graphs(false), (tasks) => {
        const shuffled = tasks.toReversed();
        const order = topologicalOrder(shuffled);
        expect(order.toSorted()).toEqual(tasks.map(({ id }) => id).toSorted());
        for (const { id, dependsOn } of tasks) {
          for (const other of dependsOn)
            expect(order.indexOf(other)).toBeLessThan(order.indexOf(id));
        }
      }),
    );
  });

  test("a wave is one more than the highest before it", () => {
    expect(wavesOf(tasksOf({ d: "b c", a: "", b: "a", c: "b", e: "" }))).toEqual(
      new Map([
        ["d", 3],
        ["a", 0],
        ["b", 1],
        ["c", 2],
        ["e", 0],
      ]),
    );
  });

  test("tasks that are not in the list are left out of account", () => {
    expect(topologicalOrder(tasksOf({ b: "a", c: "b" }))).toEqual(["b", "c"]);
  });

  test("tasks that wait for each other have no order", () => {
    expect(() => topologicalOrder(tasksOf({ a: "b", b: "a" }))).toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        message: expect.stringContaining("a → b → a"),
      }),
    );
  });
});

describe("ancestors and descendants", () => {
  test("are those that trying all ways finds", () => {
    fc.assert(
      fc.property(graphs(false), (tasks) => {
        const reaches = reachable(tasks);
        const ids = tasks.map(({ id }) => id);
        for (const id of ids) {
          expect([...ancestorsOf(tasks, id)].toSorted()).toEqual(
            ids.filter((o) => reaches(o, id)).toSorted(),
          );
          expect([...descendantsOf(tasks, id)].toSorted()).toEqual(
            ids.filter((o) => reaches(id, o)).toSorted(),
          );
        }
      }),
    );
  });

  test("of an unknown task are refused, with the nearest name", () => {
    expect(() => descendantsOf(tasksOf({ upload: "" }), "uplaod")).toThrow(
      expect.objectContaining({
        code: "TASK_UNKNOWN",
        message: expect.stringContaining('"upload"'),
      }),
    );
  });
});

/** The length of the longest path, by trying all. */
function longest(tasks: readonly PlannedTask[], ms: (id: string) => number): number {
  const until = (id: string): number =>
    ms(id) + Math.max(0, ...tasks.find((task) => task.id === id)!.dependsOn.map(until));
  return Math.max(...tasks.map(({ id }) => until(id)));
}

describe("criticalPath", () => {
  test("is the path that takes longest", () => {
    const tasks = tasksOf({ a: "", b: "a", c: "a", d: "b c", e: "" });
    const durations = new Map([
      ["a", 5],
      ["b", 1],
      ["c", 3],
      ["d", 2],
      ["e", 9],
    ]);
    expect(criticalPath(tasks, durations)).toEqual({ path: ["a", "c", "d"], totalMs: 10 });
    expect(criticalPath(tasks, new Map([["e", 1]]))).toEqual({ path: ["e"], totalMs: 1 });
    expect(criticalPath([], new Map())).toEqual({ path: [], totalMs: 0 });
  });

  test("no path is longer", () => {
    fc.assert(
      fc.property(
        graphs(false),
        fc.array(fc.nat(100), { minLength: 14, maxLength: 14 }),
        (tasks, all) => {
          const durations = new Map(tasks.map(({ id }, i) => [id, all[i]!]));
          const { path, totalMs } = criticalPath(tasks, durations);
          expect(totalMs).toBe(longest(tasks, (id) => durations.get(id)!));
          expect(path.reduce((sum, id) => sum + durations.get(id)!, 0)).toBe(totalMs);
        },
      ),
    );
  });
});
