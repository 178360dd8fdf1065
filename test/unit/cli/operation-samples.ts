/** What an app tells of continuous operation, seen on 1 March 2026 at 12:03:01 in St. John's. */
import type {
  ComingSlot,
  DoctorReport,
  Overview,
  ScheduleReport,
  ServiceHealth,
} from "../../../src/orchestration/index.ts";
import type { SlotRecord } from "../../../src/schedule/index.ts";
import { AT, dailyRun, dailyTasks, run, task } from "./samples.ts";

const HERE = "America/St_Johns";

/** ISO 8601, UTC, so many minutes after {@link AT}. */
export function inMinutes(minutes: number): string {
  return new Date(AT.getTime() + minutes * 60_000).toISOString();
}

export const slotRecord: SlotRecord = {
  schedule: "morning",
  dueAt: "2026-03-01T13:00:00.000Z",
  startAt: "2026-03-01T13:00:00.000Z",
  status: "ENDED",
  reason: null,
  runId: "r2",
  at: "2026-03-01T13:04:00.000Z",
};

export const comingSlot: ComingSlot = {
  schedule: "morning",
  workflow: "daily",
  task: null,
  accounts: ["acme", "globex"],
  dueAt: "2026-03-02T13:00:00.000Z",
  startAt: "2026-03-02T13:00:00.000Z",
};

export const schedule: ScheduleReport = {
  definition: {
    name: "morning",
    workflow: "daily",
    task: null,
    accounts: null,
    rule: { by: "times", times: ["09:30"] },
    timeZone: HERE,
    days: null,
    except: [],
    overlap: "skip",
    catchUp: "last",
    windowMs: 21_600_000,
    jitterMs: 0,
    paused: false,
  },
  configPath: "/data/pipeline.yaml",
  rule: "at 09:30, every day, America/St_Johns",
  paused: false,
  pausedAt: null,
  last: slotRecord,
  next: comingSlot,
};

export const berlinSchedule: ScheduleReport = {
  ...schedule,
  definition: {
    ...schedule.definition,
    name: "mail",
    task: "mail",
    accounts: ["acme"],
    timeZone: "Europe/Berlin",
  },
  rule: "at 18:00, every day, Europe/Berlin",
  last: {
    ...slotRecord,
    schedule: "mail",
    dueAt: "2026-02-28T17:00:00.000Z",
    status: "MISSED",
    runId: null,
    reason: "nobody was there to start it within 6 h",
  },
  next: {
    ...comingSlot,
    schedule: "mail",
    task: "mail",
    accounts: ["acme"],
    dueAt: "2026-03-01T17:00:00.000Z",
    startAt: "2026-03-01T17:00:00.000Z",
  },
};

export const pausedSchedule: ScheduleReport = {
  ...schedule,
  definition: { ...schedule.definition, name: "night" },
  paused: true,
  pausedAt: "2026-02-27T12:00:00.000Z",
  last: null,
  next: null,
};

export const health: ServiceHealth = {
  pid: 71,
  host: "box",
  startedAt: inMinutes(-75),
  at: inMinutes(0),
  alive: true,
  configPath: "/data/pipeline.yaml",
  url: "http://127.0.0.1:9464",
  checks: [
    { name: "store", level: "ok", text: "It answers.", remedy: null },
    { name: "disk", level: "warning", text: "1.2 GB left.", remedy: "Make room." },
  ],
};

export const overview: Overview = {
  at: AT.toISOString(),
  workflows: [
    {
      run: { ...dailyRun, startedAt: inMinutes(-12), schedule: "morning", waitsFor: "person" },
      tasks: [
        ...dailyTasks,
        {
          ...task,
          account: "globex",
          task: "mail",
          kind: "email",
          status: "NOT_STARTED",
          attempts: 0,
          nextAttemptAt: inMinutes(125),
        },
      ],
    },
    { run: { ...run, startedAt: inMinutes(-90), endedAt: inMinutes(-80) }, tasks: [task] },
  ],
  comingTasks: [
    {
      runId: "r2",
      account: "globex",
      task: "mail",
      kind: "email",
      startAt: inMinutes(125),
      reason: "its time",
    },
  ],
  comingSlots: [berlinSchedule.next!, comingSlot],
  service: health,
};

export const doctorReport: DoctorReport = {
  configPath: "/data/pipeline.yaml",
  checks: [
    { name: "configuration", level: "ok", text: "2 accounts, 1 workflow.", remedy: null },
    { name: "disk", level: "warning", text: "1.2 GB left.", remedy: "Make room." },
    { name: "secrets", level: "failing", text: "No MAIL_PASSWORD.\nNo API_KEY.", remedy: "Set." },
  ],
};
