import { z } from "zod";

/** Section `transformation` of a configuration. */
export const TransformationOptions = z.strictObject({
  maxCandidates: z
    .int()
    .min(2)
    .max(50)
    .default(6)
    .describe('Whole-table candidates at most, "as is" included.'),
  allowedOperations: z
    .array(z.string())
    .optional()
    .describe("Operations that recipes may use; all when left out."),
  generators: z
    .array(z.string())
    .optional()
    .describe("Generators to run, by name; all when left out."),
  restyle: z
    .strictObject({
      dates: z.boolean().default(false).describe("Dates and times in ISO 8601."),
      headers: z.boolean().default(false).describe("Column names in snake_case."),
      case: z
        .boolean()
        .default(false)
        .describe("Letter case of category columns by their majority."),
    })
    .prefault({})
    .describe("Rewrite right values to one style; by default only wrong values are touched."),
  nullTokens: z
    .enum(["empty", "keep"])
    .default("empty")
    .describe('How "missing" is written: made empty, or left as found.'),
  numerals: z
    .enum(["canonical", "keep"])
    .default("canonical")
    .describe(
      "Canonical numerals (7.0 → 7, 1,234 → 1234) where a whole column agrees on a meaning, or left as found.",
    ),
  leadingZeros: z
    .enum(["keep", "strip"])
    .default("keep")
    .describe("Digits with leading zeros are codes and stay; `strip` makes them numbers."),
  duplicates: z
    .enum(["list", "remove"])
    .default("list")
    .describe("Exact duplicate rows: listed only, or removed."),
});
export type TransformationOptions = z.infer<typeof TransformationOptions>;
