import { isWranglerError } from "../core/index.ts";
import type { RunRecord } from "../orchestration/index.ts";
import type { AccountFile } from "./account-file.ts";
import type { AccountFiles } from "./account-files.ts";
import type { Artifacts } from "./artifacts.ts";
import type { Connection } from "./database.ts";
import type { RunFile } from "./run-file.ts";

/** Ended runs that either limit lets go are forgotten; a limit left out lets all stay. */
export interface PruneLimits {
  /** Longest time since a run's end, in milliseconds. */
  readonly keepMs?: number;
  /** Of the newest so many runs none is let go by this limit; ended and others are counted. */
  readonly keepRuns?: number;
}

/** What a prune did. */
export interface Pruned {
  readonly runIds: readonly string[];
  readonly bytesFreed: number;
}

export interface PruneDeps {
  readonly runFile: RunFile;
  readonly accounts: AccountFiles;
  readonly artifacts: Artifacts;
}

const ENDED = new Set(["COMPLETED", "FAILED", "CANCELED"]);

/**
 * Forget ended runs. Each is held while its files are cleared, its record last, so that a prune that
 * was killed is finished by the next one, and nobody can begin to retry it meanwhile.
 */
export function prune(deps: PruneDeps, limits: PruneLimits, now: Date): Pruned {
  const { runFile, accounts, artifacts } = deps;
  const touched = new Set<AccountFile>();
  const runIds: string[] = [];
  let bytesFreed = 0;
  for (const run of outdated(runFile.runs.list(), limits, now)) {
    const token = takeUnlessBusy(runFile, run.runId);
    if (token === undefined) continue;
    try {
      // It may have been taken up again before we held it.
      if (!ENDED.has(runFile.runs.get(run.runId)?.status ?? "")) continue;
      for (const account of run.accounts) {
        const file = accounts.existing(account);
        file?.deleteRun(run.runId);
        if (file) touched.add(file);
      }
      bytesFreed += artifacts.removeRun(run.runId);
      runFile.deleteRun(run.runId);
      runIds.push(run.runId);
    } finally {
      runFile.leases.release(run.runId, token);
    }
  }
  if (runIds.length === 0) return { runIds, bytesFreed };
  for (const { database } of [runFile, ...touched]) bytesFreed += shrink(database);
  return { runIds, bytesFreed };
}

function outdated(runs: readonly RunRecord[], limits: PruneLimits, now: Date): RunRecord[] {
  const { keepMs = Number.POSITIVE_INFINITY, keepRuns = Number.POSITIVE_INFINITY } = limits;
  return runs.filter(
    ({ status, endedAt }, place) =>
      ENDED.has(status) &&
      (place >= keepRuns || (endedAt !== null && now.getTime() - Date.parse(endedAt) > keepMs)),
  );
}

function takeUnlessBusy(runFile: RunFile, runId: string): number | undefined {
  try {
    return runFile.leases.take(runId);
  } catch (error) {
    if (isWranglerError(error) && error.code === "RUN_BUSY") return undefined;
    throw error;
  }
}

/** Give free pages back to the file system; bytes that the file is smaller by. */
function shrink(database: Connection): number {
  const size = () =>
    Number(database.pragma("page_count", { simple: true })) *
    Number(database.pragma("page_size", { simple: true }));
  const before = size();
  database.pragma("incremental_vacuum");
  // Until the log is copied back the file itself keeps its length.
  database.pragma("wal_checkpoint(TRUNCATE)");
  return before - size();
}
