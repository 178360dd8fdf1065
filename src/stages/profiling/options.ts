import { z } from "zod";

/** Section `profiling` of a configuration. */
export const ProfilingOptions = z.strictObject({
  topValues: z
    .int()
    .min(1)
    .max(100)
    .default(20)
    .describe("Most frequent values kept for each column."),
  dependencies: z.boolean().default(true).describe("Look for approximate functional dependencies."),
  maxDependencyColumns: z
    .int()
    .min(2)
    .max(200)
    .default(50)
    .describe(
      "Tables with more columns than this are searched for dependencies only among the first ones.",
    ),
  nullTokens: z
    .array(z.string())
    .default([])
    .describe('Further spellings that mean "missing", besides the built-in ones.'),
});
export type ProfilingOptions = z.infer<typeof ProfilingOptions>;
