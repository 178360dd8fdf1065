import { z } from "zod";

const Name = { name: z.string().optional(), hard: z.boolean().default(true) };
const columns = z.array(z.string()).min(1);

/** A rule that the cleaned table must keep. */
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
  /** RE2 pattern that a whole cell must match. */
  z.strictObject({ kind: z.literal("pattern"), columns, pattern: z.string(), ...Name }),
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
  /** A condition over the columns that must hold for every row. */
  z.strictObject({ kind: z.literal("sql"), condition: z.string(), ...Name }),
]);
export type Constraint = z.infer<typeof Constraint>;

/** Section `validation` of a configuration. */
export const ValidationOptions = z.strictObject({
  /** Refuse to fill a value from a target column. */
  checkLeakage: z.boolean().default(true),
  /** Columns to be predicted later: nothing may be filled from them. */
  targetColumns: z.array(z.string()).default([]),
  /** Refuse recipes that add, drop, rename or reorder columns. */
  preserveSchema: z.boolean().default(true),
  /** Share of rows that may leave the table (quarantine, duplicates). */
  rowCountTolerance: z.number().min(0).max(1).default(0.05),
  constraints: z.array(Constraint).default([]),
  /** The hold-out risk test; its decisions take steps out of a recipe. */
  riskTest: z
    .strictObject({
      enabled: z.boolean().default(true),
      /** Greatest upper bound of the share of clean cells that a step may corrupt. */
      maxCorruption: z.number().min(0).max(1).default(0.001),
      /** Least lower bound of the share of noisy cells that it restores rightly, of those it writes. */
      minPrecision: z.number().min(0).max(1).default(0.95),
      seed: z.int().default(1),
    })
    .prefault({}),
});
export type ValidationOptions = z.infer<typeof ValidationOptions>;
