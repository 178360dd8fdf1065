/** The outcome of validating one candidate. */
import { z } from "zod";
import { Recipe, Step } from "../../recipe/index.ts";

const Count = z.number().int().nonnegative();

/** One rule and how the candidate's table keeps it. */
export const RuleOutcome = z.object({
  /** `row-accounting`, `idempotence`, or a user constraint's name. */
  rule: z.string(),
  /** A broken hard rule disqualifies; a broken soft one is a warning. */
  hard: z.boolean(),
  passed: z.boolean(),
  /** What was expected and what came, in a sentence. */
  message: z.string(),
  /** Violations in the table as loaded and in the candidate's. */
  before: Count.optional(),
  after: Count.optional(),
});
export type RuleOutcome = z.infer<typeof RuleOutcome>;

/** What the hold-out test found for one step. */
export const StepRisk = z.object({
  stepId: z.string(),
  /** Cells the step changes in this table. */
  changed: Count,
  /** Cells of its columns that look clean (majority-supported). */
  cleanCells: Count,
  /** Of those, the ones that it makes say something else. */
  cleanChanged: Count,
  /** Upper Wilson bound (95 %) of the share of clean cells it corrupts. */
  corruptionUpper: z.number().min(0).max(1),
  /** Noise put into clean cells, and how many of them came back right or wrong. */
  injected: Count,
  restored: Count,
  misrestored: Count,
  /** `write` stays in the recipe, `suggest` and `quarantine` leave it. */
  decision: z.enum(["write", "suggest", "quarantine"]),
  reason: z.string(),
});
export type StepRisk = z.infer<typeof StepRisk>;

/** What was counted in the table as loaded and in the candidate's; scoring builds on it. */
export const Measures = z.object({
  /** Rows that differ from the majority of their group, for each strong dependency. */
  dependencies: z.array(
    z.object({
      determinant: z.array(z.string()),
      dependent: z.string(),
      /** Rows with a determinant and a dependent. */
      rowsBefore: Count,
      rowsAfter: Count,
      before: Count,
      after: Count,
    }),
  ),
  /** Rows that share a key's value with another row. */
  keys: z.array(z.object({ columns: z.array(z.string()), before: Count, after: Count })),
  /** What the user's constraints found; `before` is null where the rule could not be asked then. */
  constraints: z.array(z.object({ rule: z.string(), before: Count.nullable(), after: Count })),
  /** What became of the changed cells of each column. */
  changes: z.array(
    z.object({
      column: z.string(),
      /** Empty cells that got a value. */
      filled: Count,
      /** Null tokens and blanks that became empty. */
      cleared: Count,
      /** Cells that say the same as before in another form, such as 7.0 → 7. */
      rerendered: Count,
      /** Cells that say something else than before. */
      repaired: Count,
    }),
  ),
});
export type Measures = z.infer<typeof Measures>;

export const Verdict = z.object({
  version: z.literal(1),
  candidateId: z.string(),
  /** Whether every hard rule holds; always true for "as is", which every other candidate has to beat. */
  passed: z.boolean(),
  rules: z.array(RuleOutcome),
  risks: z.array(StepRisk),
  /**
   * The recipe after demotion, with steps repeated until their result is settled: what is scored,
   * ranked and applied.
   */
  recipe: Recipe,
  /** Steps the risk test took out, for a person to look at. */
  suggestions: z.array(Step),
  measures: Measures,
  accounting: z.object({
    /** Input records: rows loaded and rejected ones. */
    recordsIn: Count,
    rowsOut: Count,
    rowsQuarantined: Count,
    duplicatesRemoved: Count,
    cellsChanged: Count,
    cellsQuarantined: Count,
  }),
});
export type Verdict = z.infer<typeof Verdict>;
