/** From a schedule as it is written to its definition. */
import { resolve } from "node:path";
import { durationMs } from "../core/index.ts";
import {
  isTimeZone,
  type ScheduleDefinition,
  type SlotRule,
  sortedTimes,
  type Timetable,
} from "../schedule/index.ts";
import { allWeekdaysOf } from "./days-entry.ts";
import type { Holidays } from "./holidays.ts";
import type { ScheduleEntry } from "./schedule-entry.ts";

/** What a schedule takes from the rest of its file. */
export interface ScheduleContext {
  /** The workflow that is meant when none is named. */
  readonly workflow: string;
  readonly timeZone: string;
  readonly holidays: Holidays;
  /** Absolute folder that relative paths start from. */
  readonly folder: string;
}

/** The definition of a checked schedule. */
export function resolveSchedule(
  name: string,
  entry: ScheduleEntry,
  context: ScheduleContext,
): ScheduleDefinition {
  const { accounts } = entry;
  return {
    name,
    workflow: entry.workflow ?? context.workflow,
    task: entry.task ?? null,
    accounts: accounts === undefined ? null : [accounts].flat(),
    ...resolveTimetable(entry, context),
    overlap: entry.overlap,
    catchUp: entry.catchUp,
    windowMs: durationMs(entry.window),
    jitterMs: durationMs(entry.jitter),
    paused: entry.paused,
  };
}

/** When a checked schedule is due. */
export function resolveTimetable(
  entry: ScheduleEntry,
  { timeZone, holidays, folder }: Omit<ScheduleContext, "workflow">,
): Timetable {
  const dates = [entry.except]
    .flat()
    .flatMap((one) =>
      typeof one === "string" ? [one] : (holidays.get(resolve(folder, one.file)) ?? []),
    );
  return {
    rule: ruleOf(entry),
    timeZone: entry.timeZone ?? timeZone,
    days: entry.days === undefined ? null : allWeekdaysOf([entry.days].flat()),
    except: [...new Set(dates)].toSorted(),
  };
}

/** The zone of the machine; UTC when it does not say. */
export function machineTimeZone(): string {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return isTimeZone(timeZone) ? timeZone : "UTC";
}

function ruleOf({ at = [], cron, every }: ScheduleEntry): SlotRule {
  if (cron !== undefined) return { by: "cron", expression: cron };
  if (every !== undefined) return { by: "interval", everyMs: Math.round(durationMs(every)) };
  return { by: "times", times: sortedTimes([at].flat()) };
}
