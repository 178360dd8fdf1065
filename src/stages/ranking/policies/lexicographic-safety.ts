import type { RankingPolicy } from "../policy.ts";
import { corruptions, descriptionLength, gain, lexicographic, violations } from "./criteria.ts";

export const lexicographicSafety: RankingPolicy = {
  name: "lexicographic_safety",
  title:
    "First the fewest expected corruptions, then the fewest violations, the highest gain, the shortest recipe.",
  compare: (a, b) => lexicographic(a, b, [corruptions, violations, gain, descriptionLength]),
};
