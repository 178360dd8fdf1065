import { z } from "zod";

/** Section `transformation` of a configuration. */
export const TransformationOptions = z.strictObject({
  /** Whole-table candidates at most, "as is" included. */
  maxCandidates: z.int().min(2).max(50).default(6),
  /** Operations that recipes may use; all when left out. */
  allowedOperations: z.array(z.string()).optional(),
  /** Generators to run, by name; all when left out. */
  generators: z.array(z.string()).optional(),
  /** Rewrite right values to one style; by default only wrong values are touched. */
  restyle: z
    .strictObject({
      /** Dates and times in ISO 8601. */
      dates: z.boolean().default(false),
      /** Column names in snake_case. */
      headers: z.boolean().default(false),
      /** Letter case of category columns by their majority. */
      case: z.boolean().default(false),
    })
    .prefault({}),
  /** How "missing" is written: made empty, or left as found. */
  nullTokens: z.enum(["empty", "keep"]).default("empty"),
  /** Canonical numerals (7.0 → 7, 1,234 → 1234) where a whole column agrees on a meaning, or left as found. */
  numerals: z.enum(["canonical", "keep"]).default("canonical"),
  /** Digits with leading zeros are codes and stay; `strip` makes them numbers. */
  leadingZeros: z.enum(["keep", "strip"]).default("keep"),
  /** Exact duplicate rows: listed only, or removed. */
  duplicates: z.enum(["list", "remove"]).default("list"),
});
export type TransformationOptions = z.infer<typeof TransformationOptions>;
