/** Criteria that policies are made of. */
import type { Contender, Difference } from "../policy.ts";

/** One thing to compare by. */
export interface Criterion {
  /** What the better one has: `a higher score`, `fewer violations`. */
  readonly words: string;
  readonly better: "more" | "less";
  readonly of: (contender: Contender) => number;
  /** What the difference comes from, to follow the figures. */
  readonly because?: (winner: Contender, loser: Contender) => string;
}

/** Compare by each criterion in turn. */
export function lexicographic(
  a: Contender,
  b: Contender,
  criteria: readonly Criterion[],
): Difference {
  for (const { words, better, of, because } of criteria) {
    const [first, second] = [of(a), of(b)];
    if (first === second) continue;
    const order = better === "more" ? second - first : first - second;
    const [winner, loser] = order < 0 ? [a, b] : [b, a];
    const why = because?.(winner, loser) ?? "";
    const [mine, other] = [of(winner), of(loser)];
    return {
      order,
      reason: `${words} (${shown(mine, other)} against ${shown(other, mine)}${why})`,
    };
  }
  return { order: 0, reason: "" };
}

/** A number to three places, or as many as it takes to tell it from another one; counts in groups of three. */
export function shown(value: number, other: number): string {
  if (Number.isInteger(value) && Number.isInteger(other) && Math.max(value, other) > 1)
    return value.toLocaleString("en");
  for (let digits = 3; digits < 15; digits++)
    if (value.toFixed(digits) !== other.toFixed(digits)) return value.toFixed(digits);
  return String(value);
}

export const score: Criterion = {
  words: "a higher score",
  better: "more",
  of: (contender) => contender.score.value,
  because: mostly,
};

/** The metric by which the winner is ahead most, where there is one. */
function mostly({ score: { parts } }: Contender, loser: Contender): string {
  const leads = parts.map(({ metric, after, weight }) => {
    const other = loser.score.parts.find((part) => part.metric === metric)?.after ?? 0;
    return { metric, by: (after - other) * weight };
  });
  const [most] = leads.toSorted((a, b) => b.by - a.by);
  return most && most.by > 0 ? `, mostly for its ${most.metric}` : "";
}

export const corruptions: Criterion = {
  words: "fewer expected corruptions",
  better: "less",
  of: (contender) => contender.score.cost.expectedCorruptions,
};

export const violations: Criterion = {
  words: "fewer violations of dependencies and rules",
  better: "less",
  of: ({ verdict: { measures } }) =>
    [...measures.dependencies, ...measures.constraints].reduce((sum, { after }) => sum + after, 0),
};

export const gain: Criterion = {
  words: "a larger gain in score over the table as loaded",
  better: "more",
  of: (contender) => Math.round((contender.score.value - contender.score.baseline) * 1e12) / 1e12,
};

export const descriptionLength: Criterion = {
  words: "a shorter description in bits",
  better: "less",
  of: (contender) => contender.score.cost.descriptionBits,
};

export const cellsChanged: Criterion = {
  words: "fewer changed cells",
  better: "less",
  of: (contender) => contender.score.cost.cellsChanged,
};
