import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  canFire,
  decide,
  type Decision,
  TaskStatus,
  TriggerName,
  type TriggerRule,
  triggerText,
} from "../../../../src/orchestration/index.ts";

const RULES: readonly TriggerRule[] = [
  ...TriggerName.options,
  ...[1, 2, 3, 4, 5].map((atLeast) => ({ atLeast })),
];
const SETTLED = ["COMPLETED", "FAILED", "SKIPPED", "CANCELED"] as const;

function settled(status: TaskStatus): boolean {
  return (SETTLED as readonly TaskStatus[]).includes(status);
}

/** All lists of so many statuses. */
function lists<Item>(items: readonly Item[], length: number): Item[][] {
  if (length === 0) return [[]];
  return lists(items, length - 1).flatMap((list) => items.map((item) => [...list, item]));
}

function parentsOf(statuses: readonly TaskStatus[]) {
  return statuses.map((status, i) => ({ id: `t${i}`, status }));
}

/** Whether a rule lets a task run given how ALL its predecessors ended: their counts by end. */
const FINAL: Record<TriggerName, (ends: readonly TaskStatus[]) => boolean> = {
  all_success: (ends) => new Set(ends).size === 1 && ends[0] === "COMPLETED",
  all_failed: (ends) => new Set(ends).size === 1 && ends[0] === "FAILED",
  all_done: () => true,
  always: () => true,
  one_success: (ends) => new Set(ends).has("COMPLETED"),
  one_failed: (ends) => new Set(ends).has("FAILED"),
  none_failed: (ends) => !new Set(ends).has("FAILED"),
  none_skipped: (ends) => !new Set(ends).has("SKIPPED"),
};

function runsFinally(rule: TriggerRule, ends: readonly TaskStatus[]): boolean {
  if (typeof rule === "string") return FINAL[rule](ends);
  return ends.filter((end) => end === "COMPLETED").length >= rule.atLeast;
}

/** The rules that wait for all although what they say is certain before. */
const PATIENT = new Set<TriggerRule>(["all_done", "always"]);

/**
 * The oracle: every way in which the open predecessors may still end is tried. If all of them say
 * the same, that is the decision; else it waits.
 */
function oracle(rule: TriggerRule, statuses: readonly TaskStatus[]): Decision["is"] {
  const known = statuses.filter(settled);
  const open = statuses.length - known.length;
  if (open > 0 && PATIENT.has(rule)) return "wait";
  const outcomes = new Set(
    lists<TaskStatus>(SETTLED, open).map((ends) => runsFinally(rule, [...known, ...ends])),
  );
  if (outcomes.size === 2) return "wait";
  return outcomes.has(true) ? "run" : "skip";
}

describe("decide", () => {
  test.each(RULES.map((rule) => [triggerText(rule), rule] as const))(
    "%s decides as early as it is certain, for up to 4 predecessors in any status",
    (_, rule) => {
      for (const count of [1, 2, 3, 4]) {
        for (const statuses of lists(TaskStatus.options, count)) {
          const { is } = decide(rule, parentsOf(statuses));
          expect([statuses, is]).toEqual([statuses, oracle(rule, statuses)]);
        }
      }
    },
  );

  test("without predecessors a task runs", () => {
    for (const rule of RULES) expect(decide(rule, [])).toEqual({ is: "run" });
  });

  const rule = fc.constantFrom(...RULES);
  const status = fc.constantFrom(...TaskStatus.options);
  const end = fc.constantFrom(...SETTLED);

  test("a decision stays when more predecessors settle", () => {
    fc.assert(
      fc.property(rule, fc.array(fc.tuple(status, end), { maxLength: 12 }), (r, pairs) => {
        const steps = pairs.map(([now]) => now);
        const decisions = [decide(r, parentsOf(steps)).is];
        for (const [i, [now, later]] of pairs.entries()) {
          if (!settled(now)) steps[i] = later;
          decisions.push(decide(r, parentsOf(steps)).is);
        }
        const made = decisions.filter((is) => is !== "wait");
        expect(decisions.slice(decisions.length - made.length)).toEqual(made);
        expect(new Set(made).size).toBe(1);
      }),
    );
  });

  test("the order of predecessors does not matter", () => {
    const shuffled = fc
      .array(status, { maxLength: 12 })
      .chain((list) =>
        fc.tuple(
          fc.constant(list),
          fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
        ),
      );
    fc.assert(
      fc.property(rule, shuffled, (r, [list, other]) => {
        expect(decide(r, parentsOf(other)).is).toBe(decide(r, parentsOf(list)).is);
      }),
    );
  });

  test.each<[TriggerRule, TaskStatus[], string]>([
    ["all_success", ["IN_PROGRESS", "FAILED"], "all_success: t1 FAILED"],
    ["all_success", ["CANCELED"], "all_success: t0 CANCELED"],
    ["all_failed", ["FAILED", "COMPLETED"], "all_failed: t1 COMPLETED"],
    ["one_success", ["FAILED", "SKIPPED"], "one_success: none of 2 COMPLETED"],
    ["one_failed", ["COMPLETED"], "one_failed: none of 1 FAILED"],
    ["none_failed", ["NOT_STARTED", "FAILED"], "none_failed: t1 FAILED"],
    ["none_skipped", ["SKIPPED"], "none_skipped: t0 SKIPPED"],
    [{ atLeast: 2 }, ["FAILED", "WAITING"], "at least 2: 1 of 2 can still be COMPLETED"],
  ])("%o over %o says why it is skipped", (r, statuses, reason) => {
    expect(decide(r, parentsOf(statuses))).toEqual({ is: "skip", reason });
  });
});

test("a rule can fire exactly when some end of its predecessors lets it run", () => {
  for (const rule of RULES) {
    for (const count of [1, 2, 3, 4]) {
      const runs = lists(SETTLED, count).some((ends) => decide(rule, parentsOf(ends)).is === "run");
      expect([rule, count, canFire(rule, count)]).toEqual([rule, count, runs]);
    }
  }
  expect(canFire({ atLeast: 1 }, 0)).toBe(false);
});
