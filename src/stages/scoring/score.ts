/** How good is the table that a candidate yields, as a number a person can argue with? */
import { z } from "zod";

const Share = z.number().min(0).max(1);

/** One metric's contribution to a score. */
export const ScorePart = z.object({
  /** Name of a registered metric: `completeness`, `validity`, `consistency`, `uniqueness`, `economy`. */
  metric: z.string(),
  /** The metric on the table as loaded and on the candidate's; 1 is always good. */
  before: Share,
  after: Share,
  /** Weight as a fraction of all weights; the parts of a score sum to 1. */
  weight: Share,
  /** What was counted, in a sentence. */
  evidence: z.string(),
});
export type ScorePart = z.infer<typeof ScorePart>;

export const Score = z.object({
  version: z.literal(1),
  candidateId: z.string(),
  /** Σ after × weight over `parts`. */
  value: Share,
  /** Σ before × weight: the value of the table as loaded. */
  baseline: Share,
  parts: z.array(ScorePart),
  cost: z.object({
    cellsChanged: z.number().int().nonnegative(),
    steps: z.number().int().nonnegative(),
    /** Description length of the recipe and its exceptions, in bits. */
    descriptionBits: z.number().nonnegative(),
    /** Expected corrupted cells, from the verdict's risk test. */
    expectedCorruptions: z.number().nonnegative(),
  }),
});
export type Score = z.infer<typeof Score>;
