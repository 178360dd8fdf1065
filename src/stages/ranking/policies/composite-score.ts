import type { RankingPolicy } from "../policy.ts";
import { lexicographic, score } from "./criteria.ts";

export const compositeScore: RankingPolicy = {
  name: "composite_score",
  title: "The higher weighted score is better.",
  compare: (a, b) => lexicographic(a, b, [score]),
};
