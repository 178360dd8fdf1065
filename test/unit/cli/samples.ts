import type {
  AccountSummary,
  DatasetSummary,
  RunRecord,
  RunResult,
  StageRecord,
} from "../../../src/orchestration/index.ts";

export const run: RunRecord = {
  runId: "r1",
  pipeline: "demo",
  configPath: "/data/pipeline.yaml",
  accounts: ["acme"],
  status: "COMPLETED",
  startedAt: "2026-03-01T12:00:00.000Z",
  endedAt: "2026-03-01T12:00:04.000Z",
  attempts: 1,
  logPath: "/data/checkpoints/logs/r1.jsonl",
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
  datasets: [dataset],
  failure: null,
};

export const failedAccount: AccountSummary = {
  account: "globex",
  status: "FAILED",
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

export const result: RunResult = { run, accounts: [account], durationMs: 1500 };

export const stageRecord: StageRecord = {
  account: "acme",
  dataset: "orders",
  stage: "profiling",
  status: "COMPLETED",
  startedAt: "2026-03-01T12:00:00.000Z",
  endedAt: "2026-03-01T12:00:01.000Z",
  durationMs: 400,
  counts: { rows: 2410, columns: 11 },
  failure: null,
};
