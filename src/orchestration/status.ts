/** Statuses of tasks, stages and runs. */
import { z } from "zod";
import { Failure } from "../core/index.ts";

export const TaskStatus = z.enum([
  "NOT_STARTED",
  "IN_PROGRESS",
  "COMPLETED",
  "FAILED",
  "SKIPPED",
  "CANCELED",
  "WAITING",
]);
export type TaskStatus = z.infer<typeof TaskStatus>;

export const RunStatus = z.enum(["IDLE", "RUNNING", "COMPLETED", "FAILED", "CANCELED", "WAITING"]);
export type RunStatus = z.infer<typeof RunStatus>;

/** The stages of `prepare`, in order. */
export const Stage = z.enum([
  "loading",
  "profiling",
  "transformation",
  "validation",
  "scoring",
  "ranking",
  "apply",
]);
export type Stage = z.infer<typeof Stage>;

/** What a stage counted: rows, candidates, cells. */
export const Counts = z.record(z.string(), z.number());
export type Counts = z.infer<typeof Counts>;

/** One stage of one dataset in a run. */
export const StageRecord = z.object({
  account: z.string(),
  /** The task that it belongs to. */
  task: z.string(),
  dataset: z.string(),
  stage: Stage,
  status: TaskStatus,
  /** ISO 8601, UTC. */
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  durationMs: z.number().nonnegative().nullable(),
  counts: Counts,
  failure: Failure.nullable(),
});
export type StageRecord = z.infer<typeof StageRecord>;

/** How one dataset of an account ended. */
export const DatasetSummary = z.object({
  account: z.string(),
  dataset: z.string(),
  status: TaskStatus,
  /** True when input, config and version were those of an earlier run and its outputs stand. */
  reused: z.boolean(),
  outputFolder: z.string(),
  /** The report page, once written. */
  reportPath: z.string().nullable(),
  recordsIn: z.number(),
  rowsOut: z.number(),
  rowsQuarantined: z.number(),
  duplicatesRemoved: z.number(),
  cellsChanged: z.number(),
  cellsQuarantined: z.number(),
  winner: z.string().nullable(),
  /** Quality of the table as loaded and as written, in [0, 1]. */
  qualityBefore: z.number().nullable(),
  qualityAfter: z.number().nullable(),
  durationMs: z.number(),
  failure: Failure.nullable(),
});
export type DatasetSummary = z.infer<typeof DatasetSummary>;

/** How one account ended. */
export const AccountSummary = z.object({
  account: z.string(),
  status: TaskStatus,
  /** How many of its tasks ended in which status. */
  tasks: z.partialRecord(TaskStatus, z.number()),
  datasets: z.array(DatasetSummary),
  /** A failure of the account itself, outside its datasets. */
  failure: Failure.nullable(),
});
export type AccountSummary = z.infer<typeof AccountSummary>;

/** What is known of one run. */
export const RunRecord = z.object({
  runId: z.string(),
  pipeline: z.string(),
  workflow: z.string(),
  /** Absolute path of the configuration file; null for `run --input`. */
  configPath: z.string().nullable(),
  accounts: z.array(z.string()),
  status: RunStatus,
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  /** How often it was taken up: 1 unless it was resumed. */
  attempts: z.number().int().positive(),
  /** Raised each time its failed tasks are run again after its end. */
  round: z.number().int().positive(),
  /** Run that finished tasks were taken over from. */
  forkedFrom: z.string().nullable(),
  /** ISO 8601, UTC: the slot that it was due at; when it was started, where no schedule did. */
  scheduledAt: z.string(),
  /** The schedule that started it; null: a person or a script did. */
  schedule: z.string().nullable(),
  /** Why it is WAITING: for an answer, for `resume` after a pause, to be taken up after an interruption. */
  waitsFor: z.enum(["person", "resume", "process"]).nullable(),
  logPath: z.string(),
});
export type RunRecord = z.infer<typeof RunRecord>;
