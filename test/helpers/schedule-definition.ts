import type { ScheduleDefinition } from "../../src/schedule/index.ts";

/** A schedule of 09:30 each day in Berlin, with what is given in place of that. */
export function scheduleDefinition(over: Partial<ScheduleDefinition> = {}): ScheduleDefinition {
  return {
    name: "daily",
    workflow: "daily",
    task: null,
    accounts: null,
    rule: { by: "times", times: ["09:30"] },
    timeZone: "Europe/Berlin",
    days: null,
    except: [],
    overlap: "skip",
    catchUp: "last",
    windowMs: 6 * 3_600_000,
    jitterMs: 0,
    paused: false,
    ...over,
  };
}
