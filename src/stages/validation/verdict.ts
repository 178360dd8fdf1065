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
  /** Cells that look clean (majority-supported) and of those the ones the step would change. */
  cleanCells: Count,
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

export const Verdict = z.object({
  version: z.literal(1),
  candidateId: z.string(),
  /** Whether every hard rule holds. */
  passed: z.boolean(),
  rules: z.array(RuleOutcome),
  risks: z.array(StepRisk),
  /** The recipe after demotion: what is scored, ranked and applied. */
  recipe: Recipe,
  /** Steps the risk test took out, for a person to look at. */
  suggestions: z.array(Step),
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
