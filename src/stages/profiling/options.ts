import { z } from "zod";

/** Section `profiling` of a configuration. */
export const ProfilingOptions = z.strictObject({
  /** Most frequent values kept for each column. */
  topValues: z.int().min(1).max(100).default(20),
  /** Look for approximate functional dependencies. */
  dependencies: z.boolean().default(true),
  /** Tables with more columns than this are searched for dependencies only among the first ones. */
  maxDependencyColumns: z.int().min(2).max(200).default(50),
  /** Further spellings that mean "missing", besides the built-in ones. */
  nullTokens: z.array(z.string()).default([]),
});
export type ProfilingOptions = z.infer<typeof ProfilingOptions>;
