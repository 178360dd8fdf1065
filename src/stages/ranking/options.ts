import { z } from "zod";

/** Section `ranking` of a configuration. */
export const RankingOptions = z.strictObject({
  /** Name of a registered policy: `composite_score`, `lexicographic_safety`, `pareto`. */
  policy: z.string().default("composite_score"),
  /** Places listed in reports. */
  topK: z.int().min(1).max(100).default(10),
});
export type RankingOptions = z.infer<typeof RankingOptions>;
