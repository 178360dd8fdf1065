/**
 * Settings: a configuration file after defaults, overrides and path resolution. Plain JSON, so that
 * a run keeps the settings it was started with.
 *
 * @module
 */
import { z } from "zod";
import { Json, ReadOptions } from "../core/index.ts";
import { ParallelLimits, WorkflowDefinition } from "../orchestration/index.ts";
import { ScheduleDefinition } from "../schedule/index.ts";
import { ProfilingOptions } from "../stages/profiling/index.ts";
import { RankingOptions } from "../stages/ranking/index.ts";
import { QualityOptions } from "../stages/scoring/index.ts";
import { TransformationOptions } from "../stages/transformation/index.ts";
import { ValidationOptions } from "../stages/validation/index.ts";

/** Section `output` of a configuration. */
export const OutputOptions = z.strictObject({
  formats: z
    .array(z.enum(["source", "parquet", "csv"]))
    .min(1)
    .default(["source", "parquet"])
    .describe("Formats of the cleaned table; `source` is the input's own."),
  report: z.boolean().default(true).describe("Write `report.html`."),
});
export type OutputOptions = z.infer<typeof OutputOptions>;

/** Section `engine` of a configuration. */
export const EngineSettings = z.strictObject({
  memoryLimit: z
    .string()
    .regex(/^\d+(\.\d+)?\s?(KB|MB|GB|TB)$/i, 'expected a size such as "1GB"')
    .default("1GB")
    .describe(
      "DuckDB's buffer limit for one account; its process needs up to 0.7 GB more. It also bounds the columns of a table: about 2,500 for each GB.",
    ),
  threads: z.int().min(1).max(64).default(2).describe("Threads of a query."),
});
export type EngineSettings = z.infer<typeof EngineSettings>;

/** One dataset of an account. */
export const InputSettings = z.strictObject({
  /** Safe folder name, unique in its account. */
  name: z.string(),
  /** Absolute paths or glob patterns; the files of one input form one table. */
  paths: z.array(z.string()).min(1),
  read: ReadOptions,
});
export type InputSettings = z.infer<typeof InputSettings>;

/** One account with everything that applies to it. */
export const AccountSettings = z.strictObject({
  id: z.string(),
  /** None when no task reads them. */
  inputs: z.array(InputSettings),
  /** What `${vars.NAME}` stands for in options of tasks. */
  vars: z.record(z.string(), Json),
  /** Names of the environment variables or credentials that `${secrets.NAME}` stands for. */
  secrets: z.record(z.string(), z.string()),
  /** Absolute. Datasets are written to `<outputFolder>/<dataset>/`; with `flat`, straight into it. */
  outputFolder: z.string(),
  flat: z.boolean(),
  profiling: ProfilingOptions,
  transformation: TransformationOptions,
  validation: ValidationOptions,
  quality: QualityOptions,
  ranking: RankingOptions,
  output: OutputOptions,
  engine: EngineSettings,
});
export type AccountSettings = z.infer<typeof AccountSettings>;

/** Section `service` of a configuration. */
export const ServiceSettings = z.strictObject({
  host: z.string(),
  /** 0: any that is free; null: it does not listen. */
  port: z.int().nullable(),
  log: z.strictObject({
    /** Absolute; null: to standard error alone. */
    file: z.string().nullable(),
    maxSizeBytes: z.number().positive(),
    maxFiles: z.int().min(1),
  }),
  checks: z.strictObject({
    /** Less free space fails. */
    diskFreeBytes: z.number().nonnegative(),
    /** More memory of the service's own process fails. */
    memoryBytes: z.number().nonnegative(),
    /** A task at work for longer, without a time limit of its own, counts as stuck. */
    stuckAfterMs: z.number().positive(),
    /** A clock that was set by more is told. */
    clockStepMs: z.number().positive(),
  }),
  heartbeatMs: z.number().positive(),
});
export type ServiceSettings = z.infer<typeof ServiceSettings>;

export const Settings = z.strictObject({
  pipeline: z.strictObject({ name: z.string(), version: z.string() }),
  /** Absolute path of the file; null when there is none. */
  configPath: z.string().nullable(),
  /** Absolute folder that relative paths of the configuration start from. */
  configFolder: z.string(),
  /** Absolute folder of checkpoints, run logs and working files. */
  checkpointsFolder: z.string(),
  /** Absolute paths of user modules that register generators, operations, metrics … */
  modules: z.array(z.string()),
  workflows: z.array(WorkflowDefinition).min(1),
  /** Name of the workflow to run. */
  workflow: z.string(),
  limits: ParallelLimits,
  /** IANA name: of schedules, and of dates in names of files. */
  timeZone: z.string(),
  schedules: z.array(ScheduleDefinition),
  service: ServiceSettings,
  /** Ended runs that are older, or more, are forgotten. */
  retention: z.strictObject({ keepMs: z.number().positive(), keepRuns: z.int().min(1) }),
  accounts: z.array(AccountSettings),
});
export type Settings = z.infer<typeof Settings>;
