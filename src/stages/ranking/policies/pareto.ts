import type { Contender, RankingPolicy } from "../policy.ts";
import { lexicographic, score } from "./criteria.ts";

/** Candidates that no other one matches in every metric and beats in one come first, then by score. */
export const pareto: RankingPolicy = {
  name: "pareto",
  title: "First those that no other candidate beats in one metric without losing in another.",
  compare: (a, b, all) => {
    const [first, second] = [beaterOf(a, all), beaterOf(b, all)];
    if ((first === undefined) === (second === undefined)) return lexicographic(a, b, [score]);
    const better = first ?? second;
    const reason = `no rival that is as good in every metric, where the other one has ${better?.candidate.id}`;
    return { order: first === undefined ? -1 : 1, reason };
  },
};

/** A contender that is as good in every metric and better in one; the first by id. */
function beaterOf(contender: Contender, all: readonly Contender[]): Contender | undefined {
  return all
    .filter((other) => dominates(other, contender))
    .toSorted((a, b) => (a.candidate.id < b.candidate.id ? -1 : 1))[0];
}

/** Whether `a` is as good as `b` in every metric and better in at least one. */
function dominates(a: Contender, b: Contender): boolean {
  const pairs = a.score.parts.map(({ metric, after }) => ({
    mine: after,
    other: b.score.parts.find((part) => part.metric === metric)?.after ?? 0,
  }));
  return (
    pairs.every(({ mine, other }) => mine >= other) && pairs.some(({ mine, other }) => mine > other)
  );
}
