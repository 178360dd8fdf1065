import { isWranglerError } from "../core/index.ts";
import type { RunRecord } from "../orchestration/index.ts";
import type { AccountFile } from "./account-file.ts";
import type { AccountFiles } from "./account-files.ts";
import type { Artifacts } from "./artifacts.ts";
import type { Connection } from "./database.ts";
import type { RunFile } from "./run-file.ts";

/** Ended runs that either limit lets go are forgotten; a limit left out lets all stay. */
export interface PruneLimits {
  /** Longest time since a run's end, or the start of one that was killed before it had begun, in milliseconds. */
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
/** How long a new run that has not begun is left alone: its process may just be about to hold it. */
const BEGIN_MS = 60_000;

/**
 * Forget ended runs, and those that never began. Each is held while its files are cleared, its record last, so that a prune that
 * was killed is finished by the next one, and nobody can begin to retry it meanwhile.
 */
export function prune(deps: PruneDeps, limits: PruneLimits, now: Date): Pruned {
  const { runFile } = deps;
  forgetSlots(runFile, limits, now);
  const touched = new Set<AccountFile>();
  const runIds: string[] = [];
  let bytesFreed = 0;
  for (const run of outdated(runFile.runs.list(), limits, now)) {
    const token = takeUnlessBusy(runFile, run.runId);
    if (token === undefined) continue;
    try {
      // It may have been taken up again before we held it.
      const found = runFile.runs.get(run.runId);
      if (!found || overSince(found, now) === undefined) continue;
      const cleared = clearRun(deps, run);
      for (const file of cleared.files) touched.add(file);
      bytesFreed += cleared.bytesFreed;
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

/** All of a run but its record. Its lease must be held. */
export function clearRun(
  { accounts, artifacts }: PruneDeps,
  { runId, accounts: names }: RunRecord,
): { readonly files: readonly AccountFile[]; readonly bytesFreed: number } {
  const files = names.flatMap((account) => accounts.existing(account) ?? []);
  for (const file of files) file.deleteRun(runId);
  return { files, bytesFreed: artifacts.removeRun(runId) };
}

/** Slots that led to no run go by the same limits. */
function forgetSlots({ slots }: RunFile, { keepMs, keepRuns }: PruneLimits, now: Date): void {
  const before = keepMs === undefined ? "" : new Date(now.getTime() - keepMs).toISOString();
  slots.forget(before, keepRuns ?? Number.MAX_SAFE_INTEGER);
}

function outdated(runs: readonly RunRecord[], limits: PruneLimits, now: Date): RunRecord[] {
  const { keepMs = Number.POSITIVE_INFINITY, keepRuns = Number.POSITIVE_INFINITY } = limits;
  return runs.filter((run, place) => {
    const since = overSince(run, now);
    return since !== undefined && (place >= keepRuns || now.getTime() - since > keepMs);
  });
}

/**
 * Since when nothing of a run is to come, in milliseconds since the epoch; undefined while something
 * is. One that was killed before it had begun is never taken up: it is over once nobody holds it.
 */
function overSince({ status, startedAt, endedAt }: RunRecord, now: Date): number | undefined {
  if (status === "IDLE") {
    const since = Date.parse(startedAt);
    return now.getTime() - since > BEGIN_MS ? since : undefined;
  }
  return ENDED.has(status) ? Date.parse(endedAt ?? startedAt) : undefined;
}

/** Number of the lease; undefined when a live process executes the run. */
export function takeUnlessBusy(
  { leases }: Pick<RunFile, "leases">,
  runId: string,
): number | undefined {
  try {
    return leases.take(runId);
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
