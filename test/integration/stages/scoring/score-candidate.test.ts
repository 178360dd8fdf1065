import { describe, expect, test } from "vitest";
import type { Score } from "../../../../src/stages/scoring/index.ts";
import { defineMetric } from "../../../../src/stages/scoring/index.ts";
import { rankCandidates } from "../../../../src/stages/ranking/index.ts";
import { type Cells, type Draft, judgedTable, series } from "../../../helpers/judged-table.ts";
import { candidateOf, verdictOf } from "../../../helpers/stage-records.ts";

/** 300 rows with four kinds of errors. */
const parts: Cells = {
  code: series(300, (i) => `P-${100 + (i % 30)}`),
  maker: series(300, (i) => (i % 71 === 8 ? "Acxe" : ["Acme", "Bolt", "Cog"][(i % 30) % 3]!)),
  weight: series(300, (i) => (i % 9 === 0 ? `${i}.0 kg` : String(i))),
  stock: series(300, (i) => (i % 25 === 4 ? "N/A" : String(i % 17))),
};

const numbers: Draft = {
  operation: "parse_number",
  columns: ["weight"],
  args: { decimal: ".", units: ["kg"] },
};
const nulls: Draft = {
  operation: "clear_null_tokens",
  columns: ["stock"],
  args: { tokens: ["N/A"] },
};
const votes: Draft = {
  operation: "repair_by_dependency",
  columns: ["maker"],
  args: {
    determinants: [{ columns: ["code"], weight: 1 }],
    minShare: 0.8,
    minSupport: 2,
    write: "any",
  },
};
const part = (score: Score, metric: string) => score.parts.find((one) => one.metric === metric)!;

/** Winner and order of candidates of these steps, "as is" among them. */
async function ranked(cells: Cells, candidates: Readonly<Record<string, readonly Draft[]>>) {
  const table = await judgedTable(cells);
  const all = { "as-is": [], ...candidates };
  const scores: Score[] = [];
  for (const [id, steps] of Object.entries(all)) scores.push(await table.score(steps, {}, id));
  const ids = Object.keys(all);
  const ranking = rankCandidates({
    candidates: ids.map((id) => candidateOf(id)),
    verdicts: ids.map((id) => verdictOf(id)),
    scores,
    options: { policy: "composite_score", topK: 10 },
  });
  return { order: ranking.places.map(({ candidateId }) => candidateId), scores };
}

describe("on a table with errors of several kinds", () => {
  test("more right repairs beat fewer, and any beat none", async () => {
    const { order } = await ranked(parts, {
      conservative: [nulls],
      balanced: [nulls, numbers],
      thorough: [nulls, numbers, votes],
    });
    expect(order).toEqual(["thorough", "balanced", "conservative", "as-is"]);
  });

  test("the baseline is the same for every candidate, and the value of as is", async () => {
    const { scores } = await ranked(parts, { thorough: [nulls, numbers, votes] });
    const [asIs, thorough] = scores;
    expect(asIs?.value).toBe(asIs?.baseline);
    expect(thorough?.baseline).toBe(asIs?.baseline);
  });

  test("clearing a spelling of missing lifts validity and leaves completeness alone", async () => {
    const table = await judgedTable(parts);
    const score = await table.score([nulls]);
    expect(part(score, "completeness").after).toBe(part(score, "completeness").before);
    expect(part(score, "validity").after).toBeGreaterThan(part(score, "validity").before);
    expect(score.cost).toMatchObject({ cellsChanged: 12, steps: 1, expectedCorruptions: 0 });
  });

  test("a vote lifts consistency, and the parts add up to the value", async () => {
    const table = await judgedTable(parts);
    const score = await table.score([votes]);
    expect(part(score, "consistency").after).toBeGreaterThan(part(score, "consistency").before);
    const sum = score.parts.reduce((total, { after, weight }) => total + after * weight, 0);
    expect(score.value).toBeCloseTo(sum, 10);
    expect(score.parts.reduce((total, { weight }) => total + weight, 0)).toBeCloseTo(1, 10);
  });
});

describe("as is wins", () => {
  test("over writing a uniform column in another form", async () => {
    const prices: Cells = {
      price: series(200, (i) => `${i}.50`),
      day: series(200, (i) => `2024-01-${String(10 + (i % 20))}`),
    };
    const { order } = await ranked(prices, {
      numerals: [{ operation: "parse_number", columns: ["price"], args: { decimal: "." } }],
      dates: [
        { operation: "parse_date", columns: ["day"], args: { from: ["%Y-%m-%d"], to: "%d.%m.%Y" } },
      ],
    });
    expect(order[0]).toBe("as-is");
  });

  test("over a recipe that changes nothing", async () => {
    const { order, scores } = await ranked(parts, {
      idle: [{ operation: "trim", columns: ["code"] }],
    });
    expect(order).toEqual(["as-is", "idle"]);
    expect(scores[1]?.value).toBeLessThanOrEqual(scores[0]?.value ?? 0);
  });
});

test("the language of a mixed column becomes purer when it is written in one form", async () => {
  const mixed: Cells = { size: series(200, (i) => (i % 3 === 0 ? `${i}.0` : String(i))) };
  const { order, scores } = await ranked(mixed, {
    numerals: [{ operation: "parse_number", columns: ["size"], args: { decimal: "." } }],
  });
  expect(order[0]).toBe("numerals");
  expect(part(scores[1]!, "validity")).toMatchObject({ before: 0.665, after: 1 });
});

test.each([
  ["stray space", " Acme", "Acme"],
  ["an entity", "Bolt &amp; Nut", "Bolt & Nut"],
  ["another spelling", "ACME", "Acme"],
  ["a slip", "Acxe", "Acme"],
])("a word with %s is not valid", async (_name, dirty, clean) => {
  const words: Cells = {
    maker: series(200, (i) => (i === 7 ? dirty : i % 2 === 0 ? "Acme" : "Bolt & Nut")),
  };
  const table = await judgedTable(words);
  const score = await table.score([
    { operation: "map_values", columns: ["maker"], args: { map: [[dirty, clean]] } },
  ]);
  expect(part(score, "validity")).toMatchObject({ before: 0.995, after: 1 });
});

test("a metric of one's own takes part by its weight", async () => {
  defineMetric({
    name: "brevity",
    title: "How short the recipe is.",
    measure: ({ verdict }) => {
      const steps = verdict.recipe.steps.length;
      return { before: 1, after: 1 / (1 + steps), evidence: `${steps} steps.` };
    },
  });
  const table = await judgedTable(parts);
  const score = await table.score([nulls], { weights: { brevity: 1 } });
  expect(score).toMatchObject({ value: 0.5, baseline: 1 });
  expect(score.parts).toEqual([
    { metric: "brevity", before: 1, after: 0.5, weight: 1, evidence: "1 steps." },
  ]);
});
