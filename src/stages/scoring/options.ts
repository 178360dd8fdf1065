import { z } from "zod";

/** Section `quality` of a configuration. */
export const QualityOptions = z.strictObject({
  weights: z
    .record(z.string(), z.number().nonnegative())
    .default({ completeness: 2, validity: 4, consistency: 4, uniqueness: 1, economy: 1 })
    .describe(
      "Relative importance of each metric by name; only ratios matter, 0 switches one off.",
    ),
});
export type QualityOptions = z.infer<typeof QualityOptions>;
