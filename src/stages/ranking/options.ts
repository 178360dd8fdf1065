import { z } from "zod";

/** Section `ranking` of a configuration. */
export const RankingOptions = z.strictObject({
  policy: z
    .string()
    .default("composite_score")
    .describe("Name of a registered policy: `composite_score`, `lexicographic_safety`, `pareto`."),
  topK: z.int().min(1).max(100).default(10).describe("Places listed in reports."),
});
export type RankingOptions = z.infer<typeof RankingOptions>;
