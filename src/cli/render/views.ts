/** What summaries read of the stages' artifacts: the stages' own nouns are out of the command line's reach. */
import { z } from "zod";

const Value = z.object({ value: z.string(), count: z.number() });

export const ProfileView = z.object({
  dataset: z.string(),
  rows: z.number(),
  columns: z.array(
    z.object({
      name: z.string(),
      kind: z.string(),
      kindShare: z.number(),
      nulls: z.number(),
      nullTokens: z.array(Value),
      distinct: z.number(),
      min: z.string().nullable(),
      max: z.string().nullable(),
      numbers: z.object({ min: z.number(), max: z.number() }).nullable(),
      top: z.array(Value),
    }),
  ),
  keys: z.array(
    z.object({ columns: z.array(z.string()), share: z.number(), violations: z.number() }),
  ),
  duplicates: z.object({ rows: z.number(), groups: z.number() }),
  dependencies: z.array(
    z.object({
      determinant: z.array(z.string()),
      dependent: z.string(),
      strength: z.number(),
      violations: z.number(),
    }),
  ),
  quality: z.record(z.string(), z.number()),
});
export type ProfileView = z.infer<typeof ProfileView>;

const Steps = z.array(z.object({ operation: z.string() }));

export const CandidatesView = z.array(
  z.object({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    recipe: z.object({ steps: Steps }),
    suggestions: Steps,
  }),
);
export type CandidatesView = z.infer<typeof CandidatesView>;

export const VerdictsView = z.array(
  z.object({
    candidateId: z.string(),
    passed: z.boolean(),
    rules: z.array(
      z.object({ rule: z.string(), hard: z.boolean(), passed: z.boolean(), message: z.string() }),
    ),
    recipe: z.object({ steps: Steps }),
    suggestions: Steps,
    accounting: z.object({
      rowsQuarantined: z.number(),
      cellsChanged: z.number(),
      cellsQuarantined: z.number(),
    }),
  }),
);
export type VerdictsView = z.infer<typeof VerdictsView>;

export const ScoresView = z.array(
  z.object({
    candidateId: z.string(),
    value: z.number(),
    baseline: z.number(),
    parts: z.array(z.object({ metric: z.string(), before: z.number(), after: z.number() })),
    cost: z.object({ cellsChanged: z.number(), steps: z.number() }),
  }),
);
export type ScoresView = z.infer<typeof ScoresView>;

export const RankingView = z.object({
  policy: z.string(),
  winner: z.string(),
  places: z.array(
    z.object({
      rank: z.number(),
      candidateId: z.string(),
      title: z.string(),
      value: z.number(),
      qualified: z.boolean(),
      reason: z.string(),
    }),
  ),
});
export type RankingView = z.infer<typeof RankingView>;
