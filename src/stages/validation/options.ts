import { z } from "zod";
import { Json } from "../../core/index.ts";

const Name = {
  name: z.string().optional().describe("Names the rule in verdicts and reports."),
  hard: z
    .boolean()
    .default(true)
    .describe("A broken hard rule disqualifies a candidate; a soft one is a warning."),
};
const columns = z.array(z.string()).min(1).describe("Columns that the rule is about.");

/**
 * A rule that the cleaned table must keep. A candidate whose table breaks a hard one is out, even
 * if the table as loaded broke it too; a broken soft one is a warning. "As is" is never out.
 */
export const Constraint = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("not_null"), columns, ...Name }),
  z.strictObject({ kind: z.literal("unique"), columns, ...Name }),
  z.strictObject({
    kind: z.literal("type"),
    columns,
    type: z.enum(["integer", "decimal", "date", "datetime", "boolean", "email", "url"]),
    ...Name,
  }),
  z.strictObject({
    kind: z.literal("range"),
    columns,
    min: z.union([z.number(), z.string()]).optional(),
    max: z.union([z.number(), z.string()]).optional(),
    ...Name,
  }),
  z.strictObject({
    kind: z.literal("pattern"),
    columns,
    pattern: z.string().describe("RE2 pattern that a whole cell must match."),
    ...Name,
  }),
  z.strictObject({
    kind: z.literal("allowed_values"),
    columns,
    values: z.array(z.string()).min(1),
    ...Name,
  }),
  z.strictObject({
    kind: z.literal("comparison"),
    left: z.string(),
    operator: z.enum(["<", "<=", "=", "!=", ">=", ">"]),
    right: z.string(),
    ...Name,
  }),
  z.strictObject({
    kind: z.literal("dependency"),
    determinant: columns,
    dependent: z.string(),
    ...Name,
  }),
  z.strictObject({
    kind: z.literal("row_count"),
    min: z.int().nonnegative().optional(),
    max: z.int().nonnegative().optional(),
    ...Name,
  }),
  z.strictObject({
    kind: z.literal("sql"),
    condition: z.string().describe("SQL over the columns that must hold for every row."),
    ...Name,
  }),
  z.strictObject({
    kind: z.literal("custom"),
    use: z.string().describe("Name of a kind of rule that a module of yours registers."),
    columns,
    args: z.record(z.string(), Json).default({}).describe("What that kind asks for."),
    ...Name,
  }),
]);
export type Constraint = z.infer<typeof Constraint>;

/** Section `validation` of a configuration. */
export const ValidationOptions = z.strictObject({
  checkLeakage: z.boolean().default(true).describe("Refuse to fill a value from a target column."),
  targetColumns: z
    .array(z.string())
    .default([])
    .describe("Columns to be predicted later: nothing may be filled from them."),
  preserveSchema: z
    .boolean()
    .default(true)
    .describe("Refuse recipes that add, drop, rename or reorder columns."),
  rowCountTolerance: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe("Share of rows that may leave the table (quarantine, duplicates)."),
  constraints: z.array(Constraint).default([]).describe("Rules that the cleaned table must keep."),
  riskTest: z
    .strictObject({
      enabled: z.boolean().default(true).describe("Whether the test is made."),
      maxCorruption: z
        .number()
        .min(0)
        .max(1)
        .default(0.001)
        .describe("Greatest upper bound of the share of clean cells that a step may corrupt."),
      minPrecision: z
        .number()
        .min(0)
        .max(1)
        .default(0.95)
        .describe(
          "Least lower bound of the share of noisy cells that it restores rightly, of those it writes.",
        ),
      seed: z.int().default(1).describe("Chooses the cells that noise is put into."),
    })
    .prefault({})
    .describe("The hold-out risk test; its decisions take steps out of a recipe."),
});
export type ValidationOptions = z.infer<typeof ValidationOptions>;
