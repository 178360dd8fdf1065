/** What is kept of tasks, their attempts and their effects. */
import { z } from "zod";
import { Failure, Json } from "../core/index.ts";
import { TaskStatus } from "./status.ts";

/** Results of a task by name: what others refer to as `${tasks.ID.NAME}`. */
export const TaskResults = z.record(z.string(), Json);
export type TaskResults = z.infer<typeof TaskResults>;

/** One task of one account in a run. Times are ISO 8601, UTC. */
export const TaskRecord = z.object({
  account: z.string(),
  /** Its id; within a nested workflow `outer/inner`, a step of another task `id/finally.1`. */
  task: z.string(),
  kind: z.string(),
  status: TaskStatus,
  /** Why it was skipped or canceled, or what it waits for. */
  reason: z.string().nullable(),
  /** Raised each time a person has it run again after its end; attempts of earlier rounds do not count. */
  round: z.int().positive(),
  /** Attempts begun in this round. */
  attempts: z.int().nonnegative(),
  /** When its predecessors had let it start. */
  readyAt: z.string().nullable(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  durationMs: z.number().nonnegative().nullable(),
  /** When the next attempt is due, between attempts. */
  nextAttemptAt: z.string().nullable(),
  results: TaskResults,
  failure: Failure.nullable(),
  /** Run that this result was taken over from, when it was not made in this one. */
  takenFrom: z.string().nullable(),
});
export type TaskRecord = z.infer<typeof TaskRecord>;

/** One try of a task. An attempt IN_PROGRESS of which no process is left was lost with its process. */
export const AttemptRecord = z.object({
  account: z.string(),
  task: z.string(),
  round: z.int().positive(),
  /** 1-based within its round. */
  attempt: z.int().positive(),
  status: z.enum(["IN_PROGRESS", "COMPLETED", "FAILED", "CANCELED"]),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  failure: Failure.nullable(),
  results: TaskResults,
  /** What was decided after it failed, such as `retry in 4.0 s` or `restart`. */
  next: z.string().nullable(),
  /** Position of the recovery rule that was applied after it, and of its alternative. */
  rule: z.int().nonnegative().nullable(),
  alternative: z.int().nonnegative().nullable(),
});
export type AttemptRecord = z.infer<typeof AttemptRecord>;

/** An effect outside: a mail, an upload, a command. Written before it, and after. */
export const EffectRecord = z.object({
  account: z.string(),
  task: z.string(),
  /** Name of the effect within its task. */
  effect: z.string(),
  /** Sent along where the other side can tell repetitions by it. */
  key: z.string(),
  round: z.int().positive(),
  status: z.enum(["INTENDED", "DONE", "NOT_DONE", "UNCERTAIN"]),
  /** What the effect gave back, when DONE. */
  outcome: Json,
  /** Why it is UNCERTAIN and who settled it: `probe`, `policy retry`, `person: done`. */
  reason: z.string().nullable(),
  /** Whether it was uncertain at any time. */
  wasUncertain: z.boolean(),
  intendedAt: z.string(),
  settledAt: z.string().nullable(),
});
export type EffectRecord = z.infer<typeof EffectRecord>;
