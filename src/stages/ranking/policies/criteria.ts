/** Criteria that policies are made of. */
import type { Contender, Difference } from "../policy.ts";

/** One thing to compare by. */
export interface Criterion {
  /** `score`, `violations`. */
  readonly noun: string;
  readonly better: "more" | "less";
  readonly of: (contender: Contender) => number;
}

/** Compare by each criterion in turn. */
export function lexicographic(
  a: Contender,
  b: Contender,
  criteria: readonly Criterion[],
): Difference {
  for (const { noun, better, of } of criteria) {
    const [first, second] = [of(a), of(b)];
    if (first === second) continue;
    const order = better === "more" ? second - first : first - second;
    const [winner, loser] = order < 0 ? [first, second] : [second, first];
    return {
      order,
      reason: `its ${noun} is ${shown(winner, loser)} against ${shown(loser, winner)}`,
    };
  }
  return { order: 0, reason: "" };
}

/** A number with as many digits as it takes to tell it from another one. */
export function shown(value: number, other: number): string {
  for (let digits = 3; digits < 15; digits++) {
    const [mine, others] = [value, other].map((x) => Number(x.toPrecision(digits)));
    if (mine !== others) return String(mine);
  }
  return String(value);
}

export const score: Criterion = {
  noun: "score",
  better: "more",
  of: (contender) => contender.score.value,
};

export const corruptions: Criterion = {
  noun: "number of expected corruptions",
  better: "less",
  of: (contender) => contender.score.cost.expectedCorruptions,
};

export const violations: Criterion = {
  noun: "number of violated dependencies and rules",
  better: "less",
  of: ({ verdict: { measures } }) =>
    [...measures.dependencies, ...measures.constraints].reduce((sum, { after }) => sum + after, 0),
};

export const gain: Criterion = {
  noun: "gain in score over the table as loaded",
  better: "more",
  of: (contender) => Math.round((contender.score.value - contender.score.baseline) * 1e12) / 1e12,
};

export const descriptionLength: Criterion = {
  noun: "description length in bits",
  better: "less",
  of: (contender) => contender.score.cost.descriptionBits,
};

export const cellsChanged: Criterion = {
  noun: "number of changed cells",
  better: "less",
  of: (contender) => contender.score.cost.cellsChanged,
};
