/** Ranking policies: what it means to be better. */
import type { Candidate } from "../transformation/index.ts";
import type { Score } from "../scoring/index.ts";
import type { Verdict } from "../validation/index.ts";

/** A candidate with what the stages before found of it. */
export interface Contender {
  readonly candidate: Candidate;
  readonly verdict: Verdict;
  readonly score: Score;
}

/** A better-to-worse comparison, with the difference in words. */
export interface Difference {
  /** Below 0 when the first is better, above 0 when the second is, 0 when this criterion cannot tell. */
  readonly order: number;
  /** What the better one has, with numbers, to follow "it has": `a higher score (0.913 against 0.907)`. */
  readonly reason: string;
}

export interface RankingPolicy {
  /** What the configuration calls it. */
  readonly name: string;
  /** What it prefers, as a sentence. */
  readonly title: string;
  /**
   * Compare two qualified contenders by the first criterion that tells them apart. It must be a
   * consistent order; a tie is broken by fewer changed cells, then by id.
   *
   * @param all - All qualified contenders.
   */
  compare(a: Contender, b: Contender, all: readonly Contender[]): Difference;
}
