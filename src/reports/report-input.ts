/** All that a report tells, from the stages' nouns and from what was collected of the output files. */
import { z } from "zod";
import type { Dataset, Manifest } from "../core/index.ts";
import type { Recipe, Step } from "../recipe/index.ts";
import type { Profile } from "../stages/profiling/index.ts";
import type { Ranking } from "../stages/ranking/index.ts";
import type { Score } from "../stages/scoring/index.ts";
import type { Candidate } from "../stages/transformation/index.ts";
import type { Verdict } from "../stages/validation/index.ts";

const Count = z.number().int().nonnegative();

/** A change that a step made, at its first cell, and how many cells of the column it was made in. */
export const ChangedCell = z.object({
  /** 1-based input record. */
  row: Count,
  column: z.string(),
  old: z.string().nullable(),
  new: z.string().nullable(),
  reason: z.string().nullable(),
  /** Cells of this column that the step changed in the same way. */
  cells: Count.optional(),
  /** Characters of the whole values, where `old` and `new` are only their beginnings. */
  oldLength: Count.nullish(),
  newLength: Count.nullish(),
});
export type ChangedCell = z.infer<typeof ChangedCell>;

/** What one step changed. */
export const StepChanges = z.object({
  stepId: z.string(),
  cells: Count,
  /** Columns it changed something in. */
  columns: Count,
  /** At most ten, taken from different columns, most frequent first. */
  samples: z.array(ChangedCell),
});
export type StepChanges = z.infer<typeof StepChanges>;

/** A column and how many of its cells were changed. */
export const ColumnChanges = z.object({ column: z.string(), cells: Count });
export type ColumnChanges = z.infer<typeof ColumnChanges>;

/** Rows and cells that were set aside for one reason. */
export const QuarantineGroup = z.object({
  code: z.string(),
  /** The most frequent reason among them. */
  reason: z.string(),
  /** Different reasons of this code. */
  reasons: Count,
  /** Whole records. */
  rows: Count,
  /** Single cells, which keep their value in the cleaned table. */
  cells: Count,
  samples: z.array(
    z.object({
      /** Null for lines outside of the table. */
      row: Count.nullable(),
      /** Null when the whole record is set aside. */
      column: z.string().nullable(),
      /** The original bytes as text; bytes that are no text are shown as U+FFFD. */
      rawText: z.string(),
      /** Size of the original, of which `rawText` may be the beginning. */
      sizeBytes: Count,
      reason: z.string(),
    }),
  ),
});
export type QuarantineGroup = z.infer<typeof QuarantineGroup>;

/** Light statistics of a column of the cleaned table. */
export const AfterColumn = z.object({
  name: z.string(),
  rows: Count,
  nulls: Count,
  distinct: Count,
  /** Most frequent values, ties in text order. */
  top: z.array(z.object({ value: z.string(), count: Count, length: Count.optional() })),
});
export type AfterColumn = z.infer<typeof AfterColumn>;

/** What is collected of the output files for a report. */
export interface ReportFacts {
  /** Only the steps that changed something. */
  readonly samples: readonly StepChanges[];
  /** The most changed columns, at most 200. */
  readonly changedColumns: readonly ColumnChanges[];
  /** All columns with a change. */
  readonly changedColumnCount: number;
  readonly quarantine: readonly QuarantineGroup[];
  readonly duplicates: {
    /** Rows listed as repeating another one, removed or not. */
    readonly count: number;
    readonly samples: readonly { readonly row: number; readonly keptRow: number | null }[];
  };
  /** The columns that the report shows one by one. */
  readonly after: readonly AfterColumn[];
}

/** All that a report tells. */
export interface ReportInput extends ReportFacts {
  /** Version of data-wrangler. */
  readonly tool: string;
  readonly account: string;
  readonly dataset: Dataset;
  /** Of the rows as loaded. */
  readonly profile: Pick<Profile, "columns" | "duplicates">;
  readonly candidates: readonly Pick<Candidate, "id" | "description">[];
  readonly verdicts: readonly Pick<Verdict, "candidateId" | "rules" | "risks">[];
  readonly scores: readonly Score[];
  readonly ranking: Ranking;
  /** The recipe that was applied. */
  readonly recipe: Recipe;
  /** Steps that were found and not applied. */
  readonly suggestions: readonly Step[];
  readonly counts: Manifest["counts"];
  /** Left out where the report must have the same bytes every time. */
  readonly timings?: readonly { readonly stage: string; readonly durationMs: number }[];
  /** Neighbours of the report, by file name, with what they hold. */
  readonly files: readonly { readonly name: string; readonly title: string }[];
}
