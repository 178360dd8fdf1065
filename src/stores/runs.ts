import { z } from "zod";
import { WranglerError } from "../core/index.ts";
import { AccountSummary, RunRecord, type RunStatus } from "../orchestration/index.ts";
import { type Connection, transact } from "./database.ts";
import { runLost } from "./group-commit.ts";
import { checkRunId } from "./names.ts";
import type { RowCodec } from "./row-codec.ts";

/**
 * What is kept of runs besides their journals. Each call is on disk when it returns.
 *
 * Changes to a run are refused with RUN_LOST when it was taken over from this store, or while
 * another process executes it.
 */
export interface RunStore {
  create(run: RunRecord): void;
  /** Note that a run was taken up again: RUNNING, one attempt more. */
  takeUp(runId: string): void;
  end(runId: string, status: RunStatus, endedAt: string): void;
  /** @param waitsFor Of one that is WAITING. */
  setStatus(runId: string, status: RunStatus, waitsFor?: RunRecord["waitsFor"]): void;
  /** Begin a new round of a run, without the summaries of the one before; gives its number. */
  raiseRound(runId: string): number;
  get(runId: string): RunRecord | undefined;
  /** Latest first: in the order in which they were created, whatever the clock said. */
  list(): RunRecord[];
  /** RUNNING or WAITING; latest first. */
  unfinished(): RunRecord[];
  /** Of each workflow the latest; latest first. */
  latest(): RunRecord[];
  putSummary(runId: string, summary: AccountSummary): void;
  /** By account. */
  summaries(runId: string): AccountSummary[];
}

export const RUNS_SCHEMA = `
CREATE TABLE runs (
  n INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,
  pipeline TEXT NOT NULL,
  workflow TEXT NOT NULL,
  config_path TEXT,
  accounts TEXT NOT NULL,
  status TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  attempts INTEGER NOT NULL,
  round INTEGER NOT NULL,
  forked_from TEXT,
  scheduled_at TEXT NOT NULL,
  schedule TEXT,
  waits_for TEXT,
  log_path TEXT NOT NULL
);
CREATE TABLE summaries (
  run_id TEXT NOT NULL,
  account TEXT NOT NULL,
  summary BLOB NOT NULL,
  PRIMARY KEY (run_id, account)
) WITHOUT ROWID;`;

const INSERT = `INSERT INTO runs (run_id, pipeline, workflow, config_path, accounts, status,
    started_at, ended_at, attempts, round, forked_from, scheduled_at, schedule, waits_for, log_path)
  VALUES (@runId, @pipeline, @workflow, @configPath, @accounts, @status,
    @startedAt, @endedAt, @attempts, @round, @forkedFrom, @scheduledAt, @schedule, @waitsFor,
    @logPath)`;
const SELECT = `SELECT run_id AS runId, pipeline, workflow, config_path AS configPath, accounts, status,
    started_at AS startedAt, ended_at AS endedAt, attempts, round, forked_from AS forkedFrom,
    scheduled_at AS scheduledAt, schedule, waits_for AS waitsFor, log_path AS logPath
  FROM runs`;

const Accounts = z.array(z.string());

/** @param mayNote Whether the record of a run may be changed by this store. */
export function runStore(
  database: Connection,
  codec: RowCodec,
  mayNote: (runId: string) => boolean,
): RunStore {
  const change = (runId: string, set: string, values: object): void => {
    const update = database.prepare(`UPDATE runs SET ${set} WHERE run_id = @runId`);
    fenced(database, mayNote, runId, () => {
      if (update.run({ ...values, runId }).changes === 0) throw unknown(runId);
    });
  };
  const get = (runId: string): RunRecord | undefined => {
    const row = database.prepare<[string], object>(`${SELECT} WHERE run_id = ?`).get(runId);
    return row && recordOf(row);
  };
  const select = (where: string): RunRecord[] =>
    database
      .prepare<[], object>(`${SELECT} ${where} ORDER BY n DESC`)
      .all()
      .map((row) => recordOf(row));
  return {
    create(record) {
      checkRunId(record.runId);
      const accounts = JSON.stringify(record.accounts);
      transact(database, () => database.prepare(INSERT).run({ ...record, accounts }));
    },
    takeUp: (runId) =>
      change(
        runId,
        "status = 'RUNNING', ended_at = NULL, waits_for = NULL, attempts = attempts + 1",
        {},
      ),
    end: (runId, status, endedAt) =>
      change(runId, "status = @status, ended_at = @endedAt, waits_for = NULL", {
        status,
        endedAt,
      }),
    setStatus: (runId, status, waitsFor = null) =>
      change(runId, "status = @status, waits_for = @waitsFor", { status, waitsFor }),
    raiseRound(runId) {
      transact(database, () => {
        change(runId, "round = round + 1", {});
        database.prepare("DELETE FROM summaries WHERE run_id = ?").run(runId);
      });
      const record = get(runId);
      if (!record) throw unknown(runId);
      return record.round;
    },
    get,
    list: () => select(""),
    unfinished: () => select("WHERE status IN ('RUNNING', 'WAITING')"),
    latest: () => select("WHERE n IN (SELECT max(n) FROM runs GROUP BY workflow)"),
    ...summaryTable(database, codec, mayNote),
  };
}

function summaryTable(
  database: Connection,
  codec: RowCodec,
  mayNote: (runId: string) => boolean,
): Pick<RunStore, "putSummary" | "summaries"> {
  return {
    putSummary(runId, summary) {
      const body = codec.seal(JSON.stringify(summary), "summaries", runId, summary.account);
      fenced(database, mayNote, runId, () => {
        database
          .prepare("INSERT OR REPLACE INTO summaries VALUES (?, ?, ?)")
          .run(checkRunId(runId), summary.account, body);
      });
    },
    summaries: (runId) =>
      database
        .prepare<[string], { account: string; summary: unknown }>(
          "SELECT account, summary FROM summaries WHERE run_id = ? ORDER BY account",
        )
        .all(runId)
        .map(({ account, summary }) =>
          AccountSummary.parse(JSON.parse(codec.open(summary, "summaries", runId, account))),
        ),
  };
}

function fenced(
  database: Connection,
  mayNote: (runId: string) => boolean,
  runId: string,
  write: () => void,
): void {
  transact(database, () => {
    if (!mayNote(runId)) throw runLost(runId);
    write();
  });
}

function recordOf(row: object): RunRecord {
  const accounts: unknown = JSON.parse(String(Reflect.get(row, "accounts")));
  return RunRecord.parse({ ...row, accounts: Accounts.parse(accounts) });
}

function unknown(runId: string): WranglerError {
  return new WranglerError("RUN_UNKNOWN", `Run ${runId}.`, { runId });
}
