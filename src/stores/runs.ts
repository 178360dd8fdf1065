import { z } from "zod";
import { Failure } from "../core/index.ts";
import {
  AccountSummary,
  Counts,
  RunRecord,
  type RunStatus,
  StageRecord,
} from "../orchestration/index.ts";
import type { Connection } from "./database.ts";

/** What is kept of runs besides their checkpoints: for `runs`, `status` and the summary. */
export interface RunStore {
  create(run: RunRecord): void;
  /** Note that a run was taken up again. */
  takeUp(runId: string): void;
  end(runId: string, status: RunStatus, endedAt: string): void;
  get(runId: string): RunRecord | undefined;
  /** Latest first. */
  list(): RunRecord[];
  putStage(runId: string, record: StageRecord): void;
  stages(runId: string): StageRecord[];
  putSummary(runId: string, summary: AccountSummary): void;
  summaries(runId: string): AccountSummary[];
}

const Row = z.record(z.string(), z.unknown());
const fromJson = <T>(shape: z.ZodType<T>, text: unknown): T =>
  shape.parse(JSON.parse(String(text)));

export function runStore(database: Connection): RunStore {
  return { ...runTable(database), ...stageTable(database), ...summaryTable(database) };
}

function runTable(database: Connection) {
  return {
    create(record: RunRecord) {
      database
        .prepare("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .run(
          record.runId,
          record.pipeline,
          record.configPath,
          JSON.stringify(record.accounts),
          record.status,
          record.startedAt,
          record.endedAt,
          record.attempts,
          record.logPath,
        );
    },
    takeUp(runId: string) {
      const sql = `UPDATE runs SET status = 'RUNNING', ended_at = NULL, attempts = attempts + 1
        WHERE run_id = ?`;
      database.prepare(sql).run(runId);
    },
    end(runId: string, status: RunStatus, endedAt: string) {
      const sql = "UPDATE runs SET status = ?, ended_at = ? WHERE run_id = ?";
      database.prepare(sql).run(status, endedAt, runId);
    },
    get: (runId: string) =>
      rows(database, "SELECT * FROM runs WHERE run_id = ?", runId).map((row) => runOf(row))[0],
    list: () =>
      rows(database, "SELECT * FROM runs ORDER BY started_at DESC, run_id DESC").map((row) =>
        runOf(row),
      ),
  };
}

function stageTable(database: Connection) {
  return {
    putStage(runId: string, record: StageRecord) {
      database
        .prepare("INSERT OR REPLACE INTO stages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .run(
          runId,
          record.account,
          record.dataset,
          record.stage,
          record.status,
          record.startedAt,
          record.endedAt,
          record.durationMs,
          JSON.stringify(record.counts),
          record.failure && JSON.stringify(record.failure),
        );
    },
    stages: (runId: string) =>
      rows(
        database,
        "SELECT * FROM stages WHERE run_id = ? ORDER BY account, dataset, started_at",
        runId,
      ).map((row) => stageOf(row)),
  };
}

function summaryTable(database: Connection) {
  return {
    putSummary(runId: string, summary: AccountSummary) {
      database
        .prepare("INSERT OR REPLACE INTO summaries VALUES (?, ?, ?)")
        .run(runId, summary.account, JSON.stringify(summary));
    },
    summaries: (runId: string) =>
      rows(database, "SELECT summary FROM summaries WHERE run_id = ? ORDER BY account", runId).map(
        (row) => fromJson(AccountSummary, row["summary"]),
      ),
  };
}

function rows(database: Connection, sql: string, ...values: string[]): Record<string, unknown>[] {
  return database
    .prepare(sql)
    .all(...values)
    .map((row) => Row.parse(row));
}

function runOf(row: Record<string, unknown>): RunRecord {
  return RunRecord.parse({
    runId: row["run_id"],
    pipeline: row["pipeline"],
    configPath: row["config_path"],
    accounts: fromJson(z.array(z.string()), row["accounts"]),
    status: row["status"],
    startedAt: row["started_at"],
    endedAt: row["ended_at"],
    attempts: row["attempts"],
    logPath: row["log_path"],
  });
}

function stageOf(row: Record<string, unknown>): StageRecord {
  return StageRecord.parse({
    account: row["account"],
    dataset: row["dataset"],
    stage: row["stage"],
    status: row["status"],
    startedAt: row["started_at"],
    endedAt: row["ended_at"],
    durationMs: row["duration_ms"],
    counts: fromJson(Counts, row["counts"]),
    failure: row["failure"] === null ? null : fromJson(Failure, row["failure"]),
  });
}
