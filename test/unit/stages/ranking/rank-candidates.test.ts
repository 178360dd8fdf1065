import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  defineRankingPolicy,
  rankCandidates,
  type RankingRequest,
} from "../../../../src/stages/ranking/index.ts";
import type { Score } from "../../../../src/stages/scoring/index.ts";
import { candidateOf, scoreOf, verdictOf } from "../../../helpers/stage-records.ts";

function request(
  scores: readonly Score[],
  policy = "composite_score",
  broken: readonly string[] = [],
): RankingRequest {
  const ids = scores.map(({ candidateId }) => candidateId);
  return {
    candidates: ids.map((id) => candidateOf(id)),
    verdicts: ids.map((id) =>
      broken.includes(id)
        ? verdictOf(id, {
            passed: false,
            rules: [{ rule: "schema", hard: true, passed: false, message: "Column b is gone." }],
          })
        : verdictOf(id),
    ),
    scores,
    options: { policy, topK: 10 },
  };
}

const order = (scores: readonly Score[], policy?: string, broken?: readonly string[]) =>
  rankCandidates(request(scores, policy, broken)).places.map(({ candidateId }) => candidateId);

describe("by composite score", () => {
  test("the highest value wins", () => {
    const scores = [scoreOf("as-is", 0.5), scoreOf("b", 0.7), scoreOf("c", 0.9)];
    expect(order(scores)).toEqual(["c", "b", "as-is"]);
  });

  test("as is wins when nothing is better", () => {
    expect(order([scoreOf("b", 0.5), scoreOf("as-is", 0.5)])).toEqual(["as-is", "b"]);
  });

  test("equal values go by changed cells, then by id", () => {
    const scores = [
      scoreOf("c", 0.9),
      scoreOf("b", 0.9),
      scoreOf("d", 0.9, { cost: { cellsChanged: 3 } }),
      scoreOf("as-is", 0.5),
    ];
    expect(order(scores)).toEqual(["d", "b", "c", "as-is"]);
  });

  test("each place says what differs, with numbers", () => {
    const scores = [scoreOf("as-is", 0.5), scoreOf("b", 0.7004), scoreOf("c", 0.7005)];
    const [first, second, third] = rankCandidates(request(scores)).places;
    expect(first?.reason).toContain(
      "Best, ahead of b with a higher score (0.701 against 0.700, mostly for its validity): ",
    );
    expect(second?.reason).toContain(
      "Behind c, which has a higher score (0.701 against 0.700, mostly for its validity): ",
    );
    expect(second?.reason).toContain("move validity most, from 0.500 to 0.700");
    expect(third?.reason).toContain("it changes nothing");
  });
});

test("a disqualified candidate comes last, with the rule that it broke", () => {
  const scores = [scoreOf("as-is", 0.5), scoreOf("b", 0.9)];
  const ranking = rankCandidates(request(scores, "composite_score", ["b"]));
  expect(ranking.winner).toBe("as-is");
  expect(ranking.places.at(-1)).toMatchObject({
    candidateId: "b",
    qualified: false,
    rank: 2,
    reason: 'Out of the ranking: it breaks the rule "schema". Column b is gone.',
  });
});

test("lexicographic safety puts fewer expected corruptions before a higher score", () => {
  const risky = scoreOf("risky", 0.9, { cost: { expectedCorruptions: 2 } });
  const scores = [risky, scoreOf("safe", 0.6), scoreOf("as-is", 0.5)];
  expect(order(scores, "lexicographic_safety")).toEqual(["safe", "as-is", "risky"]);
});

test("what is no better than as is stays behind it under any policy", () => {
  const scores = [scoreOf("as-is", 0.5), scoreOf("b", 0.4, { cost: { descriptionBits: 1 } })];
  for (const policy of ["composite_score", "lexicographic_safety", "pareto"])
    expect(order(scores, policy)).toEqual(["as-is", "b"]);
});

const parts = (validity: number, economy: number) => ({
  parts: [
    { metric: "validity", before: 0, after: validity, weight: 0.9, evidence: "" },
    { metric: "economy", before: 0, after: economy, weight: 0.1, evidence: "" },
  ],
});

test("pareto puts those first that nothing beats throughout", () => {
  const scores = [
    scoreOf("beaten", 0.85, parts(0.9, 0.4)),
    scoreOf("best", 0.86, parts(0.9, 0.5)),
    scoreOf("frugal", 0.73, parts(0.75, 0.6)),
    scoreOf("as-is", 0.5, parts(0.5, 0.5)),
  ];
  const { places } = rankCandidates(request(scores, "pareto"));
  expect(places.map(({ candidateId }) => candidateId)).toEqual([
    "best",
    "frugal",
    "beaten",
    "as-is",
  ]);
  expect(places[1]?.reason).toContain("Behind best");
});

describe("any ranking", () => {
  const contenders = fc.uniqueArray(
    fc.record({
      id: fc.stringMatching(/^[a-z]{1,3}$/),
      value: fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
      cells: fc.integer({ min: 1, max: 3 }),
      risk: fc.integer({ min: 0, max: 2 }),
    }),
    { selector: ({ id }) => id, minLength: 1, maxLength: 8 },
  );
  const policies = fc.constantFrom("composite_score", "lexicographic_safety", "pareto");

  test("is the same for any order of its input", () => {
    fc.assert(
      fc.property(contenders, policies, fc.infiniteStream(fc.nat()), (some, policy, dice) => {
        const scores = [
          scoreOf("as-is", 0.5),
          ...some.map(({ id, value, cells, risk }) =>
            scoreOf(id, value, { cost: { cellsChanged: cells, expectedCorruptions: risk } }),
          ),
        ];
        const keyed = scores.map((score) => ({ score, key: dice.next().value }));
        const shuffled = keyed.toSorted((a, b) => a.key - b.key).map(({ score }) => score);
        expect(order(shuffled, policy)).toEqual(order(scores, policy));
      }),
    );
  });

  test("never lets a candidate win whose value does not exceed that of as is", () => {
    fc.assert(
      fc.property(contenders, policies, (some, policy) => {
        const scores = [scoreOf("as-is", 0.5), ...some.map(({ id, value }) => scoreOf(id, value))];
        const { winner, places } = rankCandidates(request(scores, policy));
        const value = places.find(({ candidateId }) => candidateId === winner)?.value ?? 0;
        expect(winner === "as-is" || value > 0.5).toBe(true);
      }),
    );
  });
});

test("an unknown policy is refused with the nearest known one", () => {
  expect(() => order([scoreOf("as-is", 0.5)], "parto")).toThrow(
    expect.objectContaining({
      code: "CONFIG_INVALID",
      message: expect.stringContaining('Did you mean "pareto"?'),
    }),
  );
});

test("a policy of one's own decides", () => {
  defineRankingPolicy({
    name: "worst_first",
    title: "The lower score is better.",
    compare: (a, b) => ({ order: a.score.value - b.score.value, reason: "the lower score" }),
  });
  const scores = [scoreOf("as-is", 0.5), scoreOf("b", 0.7), scoreOf("c", 0.9)];
  expect(order(scores, "worst_first")).toEqual(["as-is", "b", "c"]);
});

test("a candidate without a score is named", () => {
  const { scores, ...rest } = request([scoreOf("as-is", 0.5), scoreOf("b", 0.7)]);
  expect(() => rankCandidates({ ...rest, scores: scores.slice(0, 1) })).toThrow(
    expect.objectContaining({ code: "ARTIFACT_INVALID", details: { candidate: "b" } }),
  );
});

test("when all are out there is no winner", () => {
  expect(() => order([scoreOf("b", 0.7)], "composite_score", ["b"])).toThrow(
    expect.objectContaining({ code: "NO_CANDIDATE" }),
  );
});
