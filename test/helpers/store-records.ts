/** Records of runs and tasks, for tests and the programs they start. */
import type { RunRecord, TaskRecord } from "../../src/orchestration/index.ts";

export function runRecord(runId: string, changes: Partial<RunRecord> = {}): RunRecord {
  return {
    runId,
    pipeline: "p",
    workflow: "daily",
    configPath: null,
    accounts: ["a", "b"],
    status: "RUNNING",
    startedAt: "2026-01-01T00:00:00.000Z",
    endedAt: null,
    attempts: 1,
    round: 1,
    forkedFrom: null,
    scheduledAt: "2026-01-31T10:00:00.000Z",
    schedule: null,
    waitsFor: null,
    logPath: "/x/log.jsonl",
    ...changes,
  };
}

export function taskRecord(task: string, changes: Partial<TaskRecord> = {}): TaskRecord {
  return {
    account: "a",
    task,
    kind: "command",
    status: "COMPLETED",
    reason: null,
    round: 1,
    attempts: 1,
    readyAt: null,
    startedAt: "2026-01-01T00:00:00.000Z",
    endedAt: "2026-01-01T00:00:01.000Z",
    durationMs: 1_000,
    nextAttemptAt: null,
    results: { files: ["x.csv"] },
    failure: null,
    takenFrom: null,
    ...changes,
  };
}
