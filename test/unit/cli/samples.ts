import type {
  AccountSummary,
  AttemptRecord,
  DatasetSummary,
  EffectRecord,
  ProgressEvent,
  RunHappening,
  RunRecord,
  RunResult,
  StageRecord,
  TaskRecord,
} from "../../../src/orchestration/index.ts";

export const run: RunRecord = {
  runId: "r1",
  pipeline: "demo",
  workflow: "prepare",
  configPath: "/data/pipeline.yaml",
  accounts: ["acme"],
  status: "COMPLETED",
  startedAt: "2026-03-01T12:00:00.000Z",
  endedAt: "2026-03-01T12:00:04.000Z",
  attempts: 1,
  round: 1,
  forkedFrom: null,
  scheduledAt: "2026-01-31T10:00:00.000Z",
  schedule: null,
  waitsFor: null,
  logPath: "/data/checkpoints/logs/r1/run.jsonl",
};

export const dataset: DatasetSummary = {
  account: "acme",
  dataset: "orders",
  status: "COMPLETED",
  reused: false,
  outputFolder: "/data/out/acme/orders",
  reportPath: "/data/out/acme/orders/report.html",
  recordsIn: 2410,
  rowsOut: 2398,
  rowsQuarantined: 12,
  duplicatesRemoved: 0,
  cellsChanged: 1830,
  cellsQuarantined: 3,
  winner: "balanced",
  qualityBefore: 0.9214,
  qualityAfter: 0.968,
  durationMs: 1400,
  failure: null,
};

export const failure = {
  code: "INPUT_MISSING",
  message: "The input file does not exist. /data/x.csv",
  remedy: "Check the path.",
  at: "globex/x/loading",
  stack: "WranglerError: it\n    at load",
};

export const account: AccountSummary = {
  account: "acme",
  status: "COMPLETED",
  tasks: { COMPLETED: 1 },
  datasets: [dataset],
  failure: null,
};

export const failedAccount: AccountSummary = {
  account: "globex",
  status: "FAILED",
  tasks: { FAILED: 1 },
  datasets: [
    {
      ...dataset,
      account: "globex",
      dataset: "x",
      status: "FAILED",
      reportPath: null,
      winner: null,
      qualityBefore: null,
      qualityAfter: null,
      failure,
    },
  ],
  failure: null,
};

/** The task of a configuration without workflows. */
export const task: TaskRecord = {
  account: "acme",
  task: "prepare",
  kind: "prepare",
  status: "COMPLETED",
  reason: null,
  round: 1,
  attempts: 1,
  readyAt: "2026-03-01T12:00:00.000Z",
  startedAt: "2026-03-01T12:00:00.000Z",
  endedAt: "2026-03-01T12:00:02.000Z",
  durationMs: 2000,
  nextAttemptAt: null,
  results: {},
  failure: null,
  takenFrom: null,
};

export const result: RunResult = { run, tasks: [task], accounts: [account], durationMs: 1500 };

/** A run of a declared workflow in which one task failed, one waits for a person and two never ran. */
export const dailyRun: RunRecord = {
  ...run,
  runId: "r2",
  workflow: "daily",
  status: "WAITING",
  accounts: ["acme", "globex"],
  endedAt: null,
};

export const dailyTasks: readonly TaskRecord[] = [
  { ...task, task: "load", kind: "download", attempts: 2 },
  task,
  {
    ...task,
    task: "upload",
    kind: "command",
    status: "FAILED",
    attempts: 3,
    failure: { code: "COMMAND_FAILED", message: "Exit 3.", remedy: "See its output.", at: "x" },
  },
  { ...task, task: "mail", kind: "email", status: "SKIPPED", reason: "upload failed", attempts: 0 },
  { ...task, task: "log", kind: "email", status: "SKIPPED", reason: "mail skipped", attempts: 0 },
  { ...task, account: "globex", task: "load", kind: "download" },
  {
    ...task,
    account: "globex",
    task: "upload",
    kind: "command",
    status: "WAITING",
    reason: "it is not known whether put took place",
    endedAt: null,
    durationMs: null,
  },
];

export const attempt: AttemptRecord = {
  account: "acme",
  task: "upload",
  round: 1,
  attempt: 1,
  status: "FAILED",
  startedAt: "2026-03-01T12:00:00.000Z",
  endedAt: "2026-03-01T12:00:02.000Z",
  failure: { code: "COMMAND_FAILED", message: "Exit 3.", remedy: "", at: "" },
  results: {},
  next: "retry in 4.0 s",
  rule: null,
  alternative: null,
};

export const effect: EffectRecord = {
  account: "globex",
  task: "upload",
  effect: "put",
  key: "k1",
  round: 1,
  status: "UNCERTAIN",
  outcome: null,
  reason: "the process ended",
  wasUncertain: true,
  intendedAt: "2026-03-01T12:00:02.000Z",
  settledAt: null,
};

/** When {@link happened} says that things happen. */
export const AT = new Date(2026, 2, 1, 12, 3, 1);

/** A happening as it is told, `afterMs` after {@link AT}. */
export function happened(happening: RunHappening, afterMs = 0): ProgressEvent {
  const at = new Date(AT.getTime() + afterMs).toISOString();
  return { ...happening, runId: "r1", seq: 1, at };
}

export const stageRecord: StageRecord = {
  account: "acme",
  task: "prepare",
  dataset: "orders",
  stage: "profiling",
  status: "COMPLETED",
  startedAt: "2026-03-01T12:00:00.000Z",
  endedAt: "2026-03-01T12:00:01.000Z",
  durationMs: 400,
  counts: { rows: 2410, columns: 11 },
  failure: null,
};
