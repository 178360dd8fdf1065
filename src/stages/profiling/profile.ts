/** What is known of a dataset before anything is changed. */
import { z } from "zod";

const Count = z.number().int().nonnegative();
const Share = z.number().min(0).max(1);

/** What kind of values a column holds, decided on all its rows. */
export const ColumnKind = z.enum([
  "empty",
  "integer",
  "decimal",
  "date",
  "time",
  "datetime",
  "boolean",
  "email",
  "phone",
  "url",
  /** Identifier-like text: digits with leading zeros, fixed-shape codes. Never a number. */
  "code",
  "category",
  "text",
]);
export type ColumnKind = z.infer<typeof ColumnKind>;

/** A value and how many rows hold it. */
export const ValueCount = z.object({ value: z.string(), count: Count });
export type ValueCount = z.infer<typeof ValueCount>;

/** A way of writing a value that part of a column follows, such as `number`, `number,thousands`, `number %`, `%Y-%m-%d`. */
export const FormatCount = z.object({
  format: z.string(),
  count: Count,
  examples: z.array(z.string()).max(5),
});
export type FormatCount = z.infer<typeof FormatCount>;

export const ColumnProfile = z.object({
  name: z.string(),
  /** 0-based. */
  position: Count,
  rows: Count,
  /** Empty cells (NULL; an empty text in the file). */
  nulls: Count,
  /** Cells of white space only. */
  blanks: Count,
  /** Spellings that stand for "missing", such as N/A, with their counts. */
  nullTokens: z.array(ValueCount),
  /** Exact number of different values, empty ones not counted. */
  distinct: Count,
  /** Values that stand exactly once. */
  singletons: Count,
  /** Least and greatest value, as text. */
  min: z.string().nullable(),
  max: z.string().nullable(),
  /** Characters. */
  minLength: Count,
  maxLength: Count,
  meanLength: z.number().nonnegative(),
  /** Most frequent values, at most 20; ties in text order. */
  top: z.array(ValueCount),
  /** Shapes of values: 9 for digits, A and a for letters, runs folded; most frequent first, at most 20. */
  patterns: z.array(FormatCount),
  kind: ColumnKind,
  /** Share of filled cells, null tokens apart, that are of `kind`. */
  kindShare: Share,
  /** Filled cells, null tokens apart, that are not. */
  exceptions: Count,
  /** How values of `kind` are written. */
  formats: z.array(FormatCount),
  /** For numbers: all that parse, in their own unit. */
  numbers: z
    .object({
      min: z.number(),
      max: z.number(),
      mean: z.number(),
      deviation: z.number().nonnegative(),
      quantiles: z.object({
        p01: z.number(),
        p05: z.number(),
        p25: z.number(),
        p50: z.number(),
        p75: z.number(),
        p95: z.number(),
        p99: z.number(),
      }),
      /** Equal-width bins over p01 … p99, at most 20; the rest is in the outer bins. */
      histogram: z.array(z.object({ from: z.number(), to: z.number(), count: Count })),
    })
    .nullable(),
});
export type ColumnProfile = z.infer<typeof ColumnProfile>;

/** Columns that (nearly) identify a row. */
export const Key = z.object({
  columns: z.array(z.string()).min(1),
  /** Share of rows whose key value stands once. */
  share: Share,
  /** Rows that share their key value with another row. */
  violations: Count,
});
export type Key = z.infer<typeof Key>;

/** An approximate functional dependency: rows that agree on `determinant` mostly agree on `dependent`. */
export const Dependency = z.object({
  determinant: z.array(z.string()).min(1),
  dependent: z.string(),
  /** mu+ in [0, 1] (Parciak et al., arXiv 2312.06296): 1 is exact, 0 is chance. */
  strength: Share,
  /** Rows in groups of two or more, on which the claim rests. */
  support: Count,
  /** Rows that differ from the majority of their group. */
  violations: Count,
});
export type Dependency = z.infer<typeof Dependency>;

export const Profile = z.object({
  version: z.literal(1),
  dataset: z.string(),
  /** The dataset's fingerprint. */
  fingerprint: z.string(),
  /** The files it was loaded from, so that a later command finds them. */
  files: z.array(z.string()).optional(),
  rows: Count,
  columns: z.array(ColumnProfile),
  keys: z.array(Key),
  duplicates: z.object({
    /** Rows that repeat an earlier row in all columns. */
    rows: Count,
    groups: Count,
  }),
  dependencies: z.array(Dependency),
  /** Sets of columns that are empty together, with the rows; most frequent first, at most 20. */
  missingness: z.array(z.object({ columns: z.array(z.string()), rows: Count })),
  /** First assessment, each in [0, 1]. */
  quality: z.object({
    completeness: Share,
    validity: Share,
    consistency: Share,
    uniqueness: Share,
  }),
});
export type Profile = z.infer<typeof Profile>;
