/** A candidate: a recipe proposed for a dataset. */
import { z } from "zod";
import { Recipe } from "../../recipe/index.ts";

export const Candidate = z.object({
  version: z.literal(1),
  /** Safe file name: `balanced`, `only-formats`, `as-is`. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  title: z.string(),
  /** One sentence on what sets it apart from the others. */
  description: z.string(),
  /** Fingerprint of the dataset it was made for. */
  fingerprint: z.string(),
  recipe: Recipe,
  /** Steps that were found but are not worth the risk of writing: shown to a person. */
  suggestions: Recipe.shape.steps,
});
export type Candidate = z.infer<typeof Candidate>;

/** The id of the candidate that changes nothing; it always takes part. */
export const AS_IS = "as-is";
