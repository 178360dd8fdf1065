/** Schedules: when workflows run by themselves, as data with every default filled in. */
import { z } from "zod";

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export const Weekday = z.enum(WEEKDAYS);
export type Weekday = z.infer<typeof Weekday>;

/** What makes the slots of a schedule. */
export const SlotRule = z.discriminatedUnion("by", [
  /** Times of the day, `HH:mm` or `HH:mm:ss`, in the schedule's zone; sorted, each once. */
  z.strictObject({ by: z.literal("times"), times: z.array(z.string()).min(1) }),
  /** A cron expression of 5 fields, or 6 with seconds first. */
  z.strictObject({ by: z.literal("cron"), expression: z.string() }),
  /** So often, counted from midnight of each day in the schedule's zone. */
  z.strictObject({ by: z.literal("interval"), everyMs: z.int().min(1_000) }),
]);
export type SlotRule = z.infer<typeof SlotRule>;

/** A slot that is due while the run of an earlier one goes on. */
export const OverlapPolicy = z.enum(["skip", "queue", "cancel_previous"]);
export type OverlapPolicy = z.infer<typeof OverlapPolicy>;

/** Slots that passed while nobody was there to run them. */
export const CatchUpPolicy = z.enum(["none", "last", "all"]);
export type CatchUpPolicy = z.infer<typeof CatchUpPolicy>;

export const ScheduleDefinition = z.strictObject({
  name: z.string(),
  workflow: z.string(),
  /** Only this task of it; null: all. */
  task: z.string().nullable(),
  /** Account ids; null: all of the configuration. */
  accounts: z.array(z.string()).nullable(),
  rule: SlotRule,
  /** IANA name, such as `Europe/Berlin`. */
  timeZone: z.string(),
  /** Days of the week that have slots; null: all. */
  days: z.array(Weekday).nullable(),
  /** Days without slots: `YYYY-MM-DD`, or `MM-DD` for each year; in the schedule's zone. */
  except: z.array(z.string()),
  overlap: OverlapPolicy,
  catchUp: CatchUpPolicy,
  /** A slot may be started so long after it was due; later it is missed. */
  windowMs: z.number().positive(),
  /** Slots start up to so much later, each by a share of its own that is always the same. */
  jitterMs: z.number().nonnegative(),
  /** By the file; people pause and resume besides. */
  paused: z.boolean(),
});
export type ScheduleDefinition = z.infer<typeof ScheduleDefinition>;

/** How a slot stands in the ledger. */
const Status = z.enum([
  /** To be started at `startAt`. */
  "DUE",
  /** Waits until the run of an earlier slot has ended. */
  "QUEUED",
  "STARTED",
  /** Its run has ended, however. */
  "ENDED",
  /** Left out by a policy or a pause. */
  "SKIPPED",
  /** Nobody was there in time. */
  "MISSED",
]);

/** One slot in the ledger: a schedule has one for each time. */
export const SlotRecord = z.object({
  schedule: z.string(),
  /** ISO 8601, UTC: the time that the schedule names. */
  dueAt: z.string(),
  /** `dueAt` with the slot's share of the jitter. */
  startAt: z.string(),
  status: Status,
  /** Why it was skipped, missed or queued. */
  reason: z.string().nullable(),
  runId: z.string().nullable(),
  /** When it got this status. */
  at: z.string(),
});
export type SlotRecord = z.infer<typeof SlotRecord>;
export type SlotStatus = SlotRecord["status"];

/** How a schedule stands, as the store keeps it. */
export const ScheduleState = z.object({
  definition: ScheduleDefinition,
  /** Absolute path of the configuration file that it comes from. */
  configPath: z.string(),
  /** By a person, with the command `schedule pause`. */
  pausedAt: z.string().nullable(),
  /** Every slot up to here is decided: no clock that steps back makes it due again. ISO 8601, UTC. */
  decidedUpTo: z.string(),
});
export type ScheduleState = z.infer<typeof ScheduleState>;
