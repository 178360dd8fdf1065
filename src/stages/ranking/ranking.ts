/** Candidates in order, with why. */
import { z } from "zod";

export const Place = z.object({
  /** 1 is best. */
  rank: z.number().int().positive(),
  candidateId: z.string(),
  title: z.string(),
  value: z.number().min(0).max(1),
  /** Whether its verdict passed; a candidate that did not is listed last and never wins. */
  qualified: z.boolean(),
  /** Why it stands here, in a sentence. */
  reason: z.string(),
});
export type Place = z.infer<typeof Place>;

export const Ranking = z.object({
  version: z.literal(1),
  policy: z.string(),
  places: z.array(Place),
  /** Candidate that is applied. */
  winner: z.string(),
});
export type Ranking = z.infer<typeof Ranking>;
