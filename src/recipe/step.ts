/**
 * The recipe: a versioned list of steps over a table, as plain JSON.
 *
 * @module
 */
import { z } from "zod";
import { Json } from "../core/index.ts";

/** Which rows a step may touch. Columns are compared as text; NULL is an empty cell. */
export type Predicate =
  | { readonly all: readonly Predicate[] }
  | { readonly any: readonly Predicate[] }
  | { readonly not: Predicate }
  | { readonly column: string; readonly empty: true }
  | { readonly column: string; readonly equals: string }
  | { readonly column: string; readonly in: readonly string[] }
  /** RE2 pattern that must match the whole cell. */
  | { readonly column: string; readonly matches: string };

export const Predicate: z.ZodType<Predicate> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(Predicate) }),
    z.strictObject({ any: z.array(Predicate) }),
    z.strictObject({ not: Predicate }),
    z.strictObject({ column: z.string(), empty: z.literal(true) }),
    z.strictObject({ column: z.string(), equals: z.string() }),
    z.strictObject({ column: z.string(), in: z.array(z.string()) }),
    z.strictObject({ column: z.string(), matches: z.string() }),
  ]),
);

/** What a person needs to judge a step. */
export const Evidence = z.object({
  /** One or two sentences: why this step is proposed. */
  because: z.string(),
  /** Cells (or rows) that speak for it. */
  support: z.number().int().nonnegative(),
  /** Cells (or rows) that speak against it. */
  counterExamples: z.number().int().nonnegative(),
  /** Cells it is expected to change. */
  affected: z.number().int().nonnegative(),
  /** At most ten sample changes, most frequent first. */
  samples: z
    .array(z.object({ old: z.string().nullable(), new: z.string().nullable(), count: z.number() }))
    .max(10),
});
export type Evidence = z.infer<typeof Evidence>;

/** What happens to a cell on which a step fails (a number that does not parse, say). */
export const OnFail = z.enum(["keep", "null", "quarantine"]);
export type OnFail = z.infer<typeof OnFail>;

export const Step = z.strictObject({
  /** Unique in its recipe, such as `s3`. */
  id: z.string().min(1),
  /** Name of a registered operation. */
  operation: z.string().min(1),
  /** Columns in scope; what an empty list means is the operation's to say (a row or table step). */
  columns: z.array(z.string()),
  /** Arguments, as the operation's schema has them. */
  args: z.record(z.string(), Json).default({}),
  /** Rows in scope; all when left out. */
  where: Predicate.optional(),
  /** RE2 pattern that a whole cell must match before the step touches it. */
  guard: z.string().optional(),
  onFail: OnFail.default("keep"),
  evidence: Evidence.optional(),
  /** Who proposed it. */
  provenance: z
    .strictObject({
      generator: z.string(),
      seed: z.number().optional(),
      model: z.string().optional(),
    })
    .optional(),
});
export type Step = z.infer<typeof Step>;

export const Recipe = z.strictObject({
  version: z.literal(1),
  /** Names of the columns the recipe was made for, in order. */
  columns: z.array(z.string()),
  steps: z.array(Step),
});
export type Recipe = z.infer<typeof Recipe>;
