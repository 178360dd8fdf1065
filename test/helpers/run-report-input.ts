/** Made-up records of runs, of which tests say only what they are about. */
import type { AttemptRecord, TaskRecord } from "../../src/orchestration/index.ts";
import type { RunReportInput } from "../../src/reports/index.ts";
import { dailyWorkflow } from "./workflow-definition.ts";

const START = Date.parse("2026-03-02T06:00:00.000Z");

/** The moment so many seconds after the start of the made-up runs. */
export function second(seconds: number): string {
  return new Date(START + seconds * 1000).toISOString();
}

/** A completed task from when it was ready, over its start, to its end, in seconds. */
export function taskRecord(
  account: string,
  task: string,
  [ready, start, end]: readonly [number, number, number],
  own: Partial<TaskRecord> = {},
): TaskRecord {
  return {
    account,
    task,
    kind: "command",
    status: "COMPLETED",
    reason: null,
    round: 1,
    attempts: 1,
    readyAt: second(ready),
    startedAt: second(start),
    endedAt: second(end),
    durationMs: (end - start) * 1000,
    nextAttemptAt: null,
    results: {},
    failure: null,
    takenFrom: null,
    ...own,
  };
}

/** What a task that never began looks like. */
export const NOT_BEGUN = {
  attempts: 0,
  readyAt: null,
  startedAt: null,
  durationMs: null,
} as const;

/** An attempt of a task, in seconds. */
export function attemptRecord(
  account: string,
  task: string,
  attempt: number,
  [start, end]: readonly [number, number | null],
  own: Partial<AttemptRecord> = {},
): AttemptRecord {
  return {
    account,
    task,
    round: 1,
    attempt,
    status: end === null ? "IN_PROGRESS" : "COMPLETED",
    startedAt: second(start),
    endedAt: end === null ? null : second(end),
    failure: null,
    results: {},
    next: null,
    rule: null,
    alternative: null,
    ...own,
  };
}

const REFUSED = {
  code: "COMMAND_FAILED",
  message: "The command ended with status 7: connect to files.example failed: ECONNREFUSED",
  remedy: "See whether the other side is up, then run `data-wrangler retry`.",
  at: "north-shop/upload",
  class: "NetworkError" as const,
};

function northTasks(): TaskRecord[] {
  const at = "north-shop";
  return [
    taskRecord(at, "morning", [0, 0.4, 31], { kind: "download" }),
    taskRecord(at, "afternoon", [0, 0.4, 44], { kind: "download", attempts: 2 }),
    taskRecord(at, "evening", [0, 31, 52], { kind: "download" }),
    taskRecord(at, "prepare", [44, 45, 98], { kind: "prepare" }),
    taskRecord(at, "profile-of-the-customers-table", [98, 98, 110], { kind: "profile" }),
    taskRecord(at, "nightly", [98, 98, 141], { kind: "workflow" }),
    taskRecord(at, "nightly/fetch", [98, 99, 120], { kind: "download" }),
    taskRecord(at, "nightly/send", [120, 121, 140], { kind: "email" }),
    taskRecord(at, "excel", [98, 104, 116], { kind: "excel" }),
    taskRecord(at, "upload", [116, 116, 165], {
      status: "FAILED",
      attempts: 3,
      failure: REFUSED,
    }),
    taskRecord(at, "restart", [165, 165, 171], { kind: "restart" }),
    taskRecord(at, "email", [165, 165, 165], {
      ...NOT_BEGUN,
      kind: "email",
      status: "SKIPPED",
      reason: "The critical task upload failed.",
    }),
    taskRecord(at, "archive", [165, 165, 165], {
      ...NOT_BEGUN,
      kind: "module",
      status: "SKIPPED",
      reason: "The critical task upload failed.",
    }),
    taskRecord(at, "clean-up", [171, 171.2, 173]),
  ];
}

function southTasks(): TaskRecord[] {
  const at = "südladen";
  return [
    taskRecord(at, "morning", [0, 2, 12], { kind: "download" }),
    taskRecord(at, "afternoon", [0, 2, 15], { kind: "download", takenFrom: "2026-03-01-daily" }),
    taskRecord(at, "prepare", [12, 20, 66], { kind: "prepare" }),
    taskRecord(at, "excel", [66, 66, 71], { kind: "excel" }),
    taskRecord(at, "upload", [71, 71, 90]),
    taskRecord(at, "email", [90, 90, 92], { kind: "email" }),
  ];
}

function attempts(): AttemptRecord[] {
  const failed = { status: "FAILED", failure: REFUSED } as const;
  return [
    attemptRecord("north-shop", "morning", 1, [0.4, 31]),
    attemptRecord("north-shop", "afternoon", 1, [0.4, null]),
    attemptRecord("north-shop", "afternoon", 2, [14, 44]),
    attemptRecord("north-shop", "evening", 1, [31, 52]),
    attemptRecord("north-shop", "prepare", 1, [45, 98]),
    attemptRecord("north-shop", "profile-of-the-customers-table", 1, [98, 110]),
    attemptRecord("north-shop", "nightly/fetch", 1, [99, 120]),
    attemptRecord("north-shop", "nightly/send", 1, [121, 140]),
    attemptRecord("north-shop", "excel", 1, [104, 116]),
    attemptRecord("north-shop", "upload", 1, [116, 125], { ...failed, next: "retry in 4.0 s" }),
    attemptRecord("north-shop", "upload", 2, [129, 139], { ...failed, next: "restart" }),
    attemptRecord("north-shop", "upload", 3, [153, 165], failed),
    attemptRecord("north-shop", "restart", 1, [165, 171]),
    attemptRecord("north-shop", "clean-up", 1, [171.2, 173]),
    attemptRecord("südladen", "morning", 1, [2, 12]),
    attemptRecord("südladen", "prepare", 1, [20, 66]),
    attemptRecord("südladen", "excel", 1, [66, 71]),
    attemptRecord("südladen", "upload", 1, [71, 90]),
    attemptRecord("südladen", "email", 1, [90, 92]),
  ];
}

/** Two accounts: in one a critical task failed after three attempts, in the other all went well. */
export function failedRunInput(): RunReportInput {
  return {
    run: {
      runId: "2026-03-02T06-00-daily",
      pipeline: "shops",
      workflow: "daily",
      configPath: "/srv/shops/wrangler.yaml",
      accounts: ["north-shop", "südladen"],
      status: "FAILED",
      startedAt: second(0),
      endedAt: second(173.4),
      attempts: 2,
      round: 1,
      forkedFrom: null,
      scheduledAt: "2026-01-31T10:00:00.000Z",
      schedule: null,
      waitsFor: null,
      logPath: "/srv/shops/run.log",
    },
    tasks: [...northTasks(), ...southTasks()],
    attempts: attempts(),
    effects: [
      {
        account: "südladen",
        task: "email",
        effect: "mail to orders@south.example",
        key: "9f86d081884c7d65",
        round: 1,
        status: "UNCERTAIN",
        outcome: null,
        reason: "The connection broke after the message was sent and before it was accepted.",
        wasUncertain: true,
        intendedAt: second(90),
        settledAt: null,
      },
      {
        account: "südladen",
        task: "upload",
        effect: "command",
        key: "2c624232cc221d17",
        round: 1,
        status: "DONE",
        outcome: null,
        reason: null,
        wasUncertain: false,
        intendedAt: second(71),
        settledAt: second(90),
      },
    ],
    accounts: [
      {
        account: "north-shop",
        status: "FAILED",
        tasks: { COMPLETED: 11, FAILED: 1, SKIPPED: 2 },
        datasets: [],
        failure: null,
      },
      {
        account: "südladen",
        status: "COMPLETED",
        tasks: { COMPLETED: 6 },
        datasets: [],
        failure: null,
      },
    ],
    workflow: dailyWorkflow(),
    tool: "0.1.0",
  };
}

/** One account, one task after the other, all completed at once. */
export function quietRunInput(): RunReportInput {
  const input = failedRunInput();
  return {
    ...input,
    run: { ...input.run, accounts: ["südladen"], status: "COMPLETED", attempts: 1 },
    tasks: southTasks().filter(({ takenFrom }) => takenFrom === null),
    attempts: input.attempts.filter(({ account }) => account === "südladen"),
    effects: [],
    accounts: input.accounts.slice(1),
  };
}
