/** What users write below `schedules:`. */
import { z } from "zod";
import { Duration, durationMs } from "../core/index.ts";
import { CatchUpPolicy, OverlapPolicy, TimeOfDay } from "../schedule/index.ts";
import { LongerThanZero } from "./duration-entry.ts";

const Name = z.string().min(1);

const DAY_MS = 86_400_000;

const Interval = Duration.refine(
  (text) => {
    const ms = durationMs(text);
    return (ms >= 1_000 && ms <= DAY_MS) || !Duration.safeParse(text).success;
  },
  { error: "expected a duration from 1s to 24h" },
);

const DatesFile = z.strictObject({ file: Name.describe("File with one date a line.") });

export const ScheduleEntry = z
  .strictObject({
    workflow: Name.optional().describe(
      "The workflow that it runs; the only one, or `default`, when left out.",
    ),
    task: Name.optional().describe("Run only this task of it."),
    accounts: z
      .union([Name, z.array(Name).min(1)])
      .optional()
      .describe("Ids of the accounts that it runs for; all when left out."),
    at: z
      .union([TimeOfDay, z.array(TimeOfDay).min(1)])
      .optional()
      .describe('Times of the day, such as `"09:30"`, one or a list.'),
    cron: z
      .string()
      .optional()
      .describe(
        "A cron expression of 5 fields, or 6 with seconds first. Give one of `at`, `cron` and `every`.",
      ),
    every: Interval.optional().describe(
      "So often, counted in real time from midnight of each day; at most `24h`.",
    ),
    timeZone: Name.optional().describe(
      "IANA name of the time zone; `timeZone` at the top when left out.",
    ),
    days: z
      .union([Name, z.array(Name).min(1)])
      .optional()
      .describe("Days of the week, such as `mon`, `mon-fri` or a list; all when left out."),
    except: z
      .union([z.string(), DatesFile, z.array(z.union([z.string(), DatesFile]))])
      .default([])
      .describe(
        'Days without slots: dates such as `"2026-12-25"`, each year `"12-25"`, or `{ file: holidays.txt }` with one date a line.',
      ),
    overlap: OverlapPolicy.default("skip").describe(
      "When a slot is due while the run of an earlier one goes on: leave it out, have it wait, or cancel the earlier run.",
    ),
    catchUp: CatchUpPolicy.default("last").describe(
      "Which slots are run that passed while the service was not there.",
    ),
    window: LongerThanZero.default("6h").describe(
      "A slot is started at most so long after it was due; later it is missed.",
    ),
    jitter: Duration.default("0s").describe(
      "Slots start up to so much later, each by a share that is always the same.",
    ),
    paused: z.boolean().default(false).describe("Whether its slots are left out for now."),
  })
  .meta({
    id: "schedule",
    description: "When a workflow runs by itself. Give exactly one of `at`, `cron` and `every`.",
  });
export type ScheduleEntry = z.infer<typeof ScheduleEntry>;
