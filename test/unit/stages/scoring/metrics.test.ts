import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Dataset } from "../../../../src/core/index.ts";
import type { Profile } from "../../../../src/stages/profiling/index.ts";
import { costOf, recipeBits, worthOf } from "../../../../src/stages/scoring/cost.ts";
import type { ColumnCells, MetricContext } from "../../../../src/stages/scoring/index.ts";
import { builtInMetrics } from "../../../../src/stages/scoring/metrics/index.ts";
import { weightedMetrics } from "../../../../src/stages/scoring/registry.ts";
import { candidateOf, verdictOf } from "../../../helpers/stage-records.ts";
import type { Verdict } from "../../../../src/stages/validation/index.ts";

const column = (changes: Partial<ColumnCells> = {}): ColumnCells => ({
  name: "a",
  filled: 100,
  tokens: 0,
  valid: 100,
  ...changes,
});

const table = (rows: number, cells: Partial<ColumnCells> | undefined) => ({
  from: "t",
  columns: ["a"],
  cells: { rows, columns: [column(cells)] },
});

const dependency = (before: number, after: number, rowsAfter = 100) => ({
  determinant: ["a"],
  dependent: "b",
  rowsBefore: 100,
  rowsAfter,
  before,
  after,
});

const risk = (cleanChanged: number) => ({
  stepId: "s1",
  changed: 50,
  cleanCells: 1000,
  cleanChanged,
  corruptionUpper: 0,
  injected: 100,
  restored: 90,
  misrestored: 10,
  decision: "write" as const,
  reason: "",
});

interface Facts {
  readonly before?: Partial<ColumnCells>;
  readonly after?: Partial<ColumnCells>;
  readonly rowsAfter?: number;
  readonly verdict?: Partial<Verdict>;
  readonly duplicates?: number;
}

/** A table of 100 rows and one column. */
function context({
  before,
  after,
  rowsAfter = 100,
  verdict,
  duplicates = 0,
}: Facts): MetricContext {
  return {
    candidate: candidateOf("c"),
    verdict: verdictOf("c", verdict),
    dataset: { rows: 100, columns: [] } as unknown as Dataset,
    profile: { duplicates: { rows: duplicates, groups: duplicates } } as unknown as Profile,
    before: table(100, before),
    after: table(rowsAfter, after ?? before),
    ask: () => Promise.reject(new Error("not asked")),
    signal: undefined,
  };
}

const metric = (name: string, facts: Facts) => {
  const found = builtInMetrics.find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found.measure(context(facts));
};

const changes = (counts: Partial<Verdict["measures"]["changes"][number]>) => ({
  measures: {
    dependencies: [],
    keys: [],
    constraints: [],
    changes: [{ column: "a", filled: 0, cleared: 0, rerendered: 0, repaired: 0, ...counts }],
  },
});

describe("completeness", () => {
  test("does not fall when a spelling of missing is cleared", async () => {
    const facts = {
      before: { filled: 80, tokens: 20, valid: 80 },
      after: { filled: 80, tokens: 0, valid: 80 },
    };
    expect(await metric("completeness", facts)).toMatchObject({ before: 0.8, after: 0.8 });
  });

  test("does not rise when incomplete rows are set aside", async () => {
    const facts = { before: { filled: 80 }, after: { filled: 80 }, rowsAfter: 80 };
    expect(await metric("completeness", facts)).toMatchObject({ before: 0.8, after: 0.8 });
  });

  test("rises with filled cells, and says how many", async () => {
    const measured = await metric("completeness", {
      before: { filled: 80 },
      after: { filled: 95 },
    });
    expect(measured).toMatchObject({ before: 0.8, after: 0.95 });
    expect(measured.evidence).toBe("95 of 100 cells have a value, 80 as loaded.");
  });
});

describe("validity", () => {
  test("holds a spelling of missing against a table until it is cleared", async () => {
    const facts = {
      before: { filled: 80, tokens: 20, valid: 80 },
      after: { filled: 80, tokens: 0, valid: 80 },
    };
    expect(await metric("validity", facts)).toMatchObject({ before: 0.8, after: 1 });
  });
});

describe("consistency", () => {
  test("is the mean over dependencies and rules", async () => {
    const measures = {
      dependencies: [dependency(10, 0)],
      constraints: [{ rule: "r", before: 20, after: 10 }],
      keys: [],
      changes: [],
    };
    const measured = await metric("consistency", { verdict: { measures } });
    expect(measured.before).toBeCloseTo(0.85, 10);
    expect(measured.after).toBeCloseTo(0.95, 10);
    expect(measured.evidence).toContain("10 violations of 1 dependency and 1 rule, 30 as loaded");
  });

  test("is perfect where there is nothing to hold against", async () => {
    expect(await metric("consistency", {})).toMatchObject({ before: 1, after: 1 });
  });
});

test("uniqueness rises when duplicates go, not when repairs reveal more", async () => {
  const removed = { ...verdictOf("c").accounting, duplicatesRemoved: 10 };
  expect(await metric("uniqueness", { duplicates: 10 })).toMatchObject({ before: 0.9, after: 0.9 });
  expect(
    await metric("uniqueness", { duplicates: 10, verdict: { accounting: removed } }),
  ).toMatchObject({ before: 0.9, after: 1 });
});

describe("economy", () => {
  test("is one half for the table as it is", async () => {
    expect(await metric("economy", {})).toMatchObject({ before: 0.5, after: 0.5 });
  });

  test("falls for cells written anew in a uniform column, not in a mixed one", async () => {
    const rewritten = { verdict: changes({ rerendered: 100 }) };
    const uniform = await metric("economy", { ...rewritten, before: { valid: 100 } });
    const mixed = await metric("economy", { ...rewritten, before: { valid: 60 } });
    expect(uniform.after).toBeLessThan(0.5);
    expect(mixed.after).toBe(0.5);
  });

  test("one more repair never lowers it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(99), fc.nat(100), async (repaired, rerendered) => {
        const at = (count: number) =>
          metric("economy", { verdict: changes({ repaired: count, rerendered }) });
        expect((await at(repaired + 1)).after).toBeGreaterThan((await at(repaired)).after);
      }),
    );
  });

  test("a corruption costs more than a repair gains", () => {
    const step = { id: "s1", operation: "trim", columns: ["a"], args: {}, onFail: "keep" as const };
    const verdict = verdictOf("c", {
      ...changes({ repaired: 50 }),
      risks: [risk(2)],
      recipe: { version: 1, columns: ["a"], steps: [step] },
    });
    const cells = { rows: 100, columns: [column()] };
    expect(worthOf(verdict, cells)).toEqual({ repairs: 43, needless: 0, corruptions: 7 });
    expect(costOf(verdict, cells, cells)).toMatchObject({
      cellsChanged: 0,
      steps: 1,
      expectedCorruptions: 7,
      descriptionBits: recipeBits(verdict.recipe),
    });
  });
});

describe("weights", () => {
  test("become fractions of their sum, and 0 switches a metric off", () => {
    const chosen = weightedMetrics({ weights: { validity: 3, completeness: 1, economy: 0 } });
    expect(chosen.map(({ metric: { name }, weight }) => [name, weight])).toEqual([
      ["completeness", 0.25],
      ["validity", 0.75],
    ]);
  });

  test.each([
    [{ completness: 1 }, 'Did you mean "completeness"?'],
    [{ validity: 0 }, "every weight is 0"],
  ])("%o are refused", (weights, message) => {
    expect(() => weightedMetrics({ weights })).toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        message: expect.stringContaining(message),
      }),
    );
  });
});
