import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "../config/index.ts";
import { fingerprint, WranglerError, writeJson } from "../core/index.ts";
import type {
  AccountSummary,
  ProgressEvent,
  RunHooks,
  RunRecord,
  RunReport,
  RunResult,
} from "../orchestration/index.ts";
import type { Store } from "../stores/index.ts";
import { type RunRecorder, recorderOf } from "./recorder.ts";
import { openRunLog } from "./run-log.ts";

/** A run as the master graph is told of it. */
export interface RunHandle {
  readonly runId: string;
  readonly folder: string;
  /** Fingerprint of the settings. */
  readonly settings: string;
}

/** The master graph behind a plain interface; graphs/runnable.ts has this shape. */
export interface MasterGraph {
  start(
    run: RunHandle,
    accounts: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly AccountSummary[]>;
  /** Go on from the last checkpoint; undefined when there is none yet. */
  resume(runId: string, signal?: AbortSignal): Promise<readonly AccountSummary[] | undefined>;
}

export interface RunnerDeps {
  readonly store: Store;
  readonly graph: MasterGraph;
  /** Folder of checkpoints, logs and working files. */
  readonly folder: string;
  readonly logLevel: string;
  readonly readSettings: (path: string) => Promise<Settings>;
  /** Recorders of the runs in progress, for the graphs to find. */
  readonly recorders: Map<string, RunRecorder>;
}

export interface Runner {
  start(settings: Settings, hooks?: RunHooks): Promise<RunResult>;
  resume(runId?: string, hooks?: RunHooks): Promise<RunResult>;
  runs(): RunRecord[];
  report(runId?: string): RunReport;
}

export function runner(deps: RunnerDeps): Runner {
  const { store, graph } = deps;
  return {
    async start(settings, hooks = {}) {
      const runId = newRunId(new Date());
      const folder = runFolder(deps, runId);
      const accounts = settings.accounts.map(({ id }) => id);
      await writeJson(join(folder, "settings.json"), settings);
      const run: RunRecord = {
        runId,
        pipeline: settings.pipeline.name,
        configPath: settings.configPath,
        accounts,
        status: "RUNNING",
        startedAt: new Date().toISOString(),
        endedAt: null,
        attempts: 1,
        logPath: join(folder, "log.jsonl"),
      };
      store.runs.create(run);
      const handle = { runId, folder, settings: fingerprint(settings) };
      return execute(deps, { run, resumed: false }, hooks, () =>
        graph.start(handle, accounts, hooks.signal),
      );
    },

    async resume(id, hooks = {}) {
      const run = id === undefined ? latestUnfinished(store) : known(store, id);
      const { runId } = run;
      if (run.status === "COMPLETED") {
        return { run, accounts: store.runs.summaries(runId), durationMs: 0 };
      }
      const folder = runFolder(deps, runId);
      const settings = await deps.readSettings(join(folder, "settings.json"));
      const handle = { runId, folder, settings: fingerprint(settings) };
      return execute(deps, { run, resumed: true }, hooks, async () => {
        const resumed = await graph.resume(runId, hooks.signal);
        return resumed ?? graph.start(handle, run.accounts, hooks.signal);
      });
    },

    runs: () => store.runs.list().map((run) => truthful(store, run)),

    report(id) {
      const [latest] = store.runs.list();
      if (id === undefined && !latest) throw new WranglerError("RUN_UNKNOWN", "There is none yet.");
      const run = truthful(store, id === undefined && latest ? latest : known(store, id ?? ""));
      return {
        run,
        stages: store.runs.stages(run.runId),
        accounts: store.runs.summaries(run.runId),
      };
    },
  };
}

/** Under the run's lease, with its log open: do the work, note how it ended, clean up. */
async function execute(
  deps: RunnerDeps,
  { run, resumed }: { readonly run: RunRecord; readonly resumed: boolean },
  hooks: RunHooks,
  work: () => Promise<readonly AccountSummary[]>,
): Promise<RunResult> {
  const startedMs = performance.now();
  const { runId, accounts, pipeline } = run;
  const { store } = deps;
  const { runs } = store;
  const folder = runFolder(deps, runId);
  const lease = store.take(runId);
  const runLog = openRunLog(folder, runId, deps.logLevel, hooks.onLog);
  const { log } = runLog;
  const tell = (event: ProgressEvent) => hooks.onEvent?.(event);
  const end = (status: "COMPLETED" | "FAILED" | "CANCELED"): number => {
    runs.end(runId, status, new Date().toISOString());
    const durationMs = Math.round(performance.now() - startedMs);
    log.info({ status, durationMs }, "run finished");
    tell({ type: "run-finished", runId, status, durationMs });
    return durationMs;
  };
  try {
    if (resumed) runs.takeUp(runId);
    deps.recorders.set(runId, recorderOf({ runId, store: runs, log, tell }));
    log.info({ accounts, pipeline }, resumed ? "run resumed" : "run started");
    tell({ type: "run-started", runId, accounts, resumed });
    const summaries = await work();
    const failed = summaries.some(({ status }) => status === "FAILED");
    const durationMs = end(failed ? "FAILED" : "COMPLETED");
    store.prune(runId);
    removeWorkingFiles(folder, accounts);
    return { run: runs.get(runId) ?? run, accounts: inOrder(summaries, accounts), durationMs };
  } catch (error) {
    const canceled = hooks.signal?.aborted === true;
    log.error({ err: error }, "run stopped");
    if (lease.isHeld()) end(canceled ? "CANCELED" : "FAILED");
    if (!canceled) throw error;
    throw new WranglerError("CANCELED", `Run ${runId}.`, { runId }, { cause: error });
  } finally {
    deps.recorders.delete(runId);
    lease.release();
    runLog.close();
  }
}

/** Summaries in the order in which the accounts were asked for. */
function inOrder(
  summaries: readonly AccountSummary[],
  accounts: readonly string[],
): AccountSummary[] {
  return summaries.toSorted((a, b) => accounts.indexOf(a.account) - accounts.indexOf(b.account));
}

function runFolder({ folder }: Pick<RunnerDeps, "folder">, runId: string): string {
  return join(folder, "runs", runId);
}

/** Sortable by time, readable by people: `20260131-235959-1a2b3c`. */
function newRunId(now: Date): string {
  const [date = "", time = ""] = now.toISOString().slice(0, 19).split("T");
  return `${date.replaceAll("-", "")}-${time.replaceAll(":", "")}-${randomBytes(3).toString("hex")}`;
}

function known(store: Store, runId: string): RunRecord {
  const run = store.runs.get(runId);
  if (!run) throw new WranglerError("RUN_UNKNOWN", `"${runId}".`, { runId });
  return run;
}

function latestUnfinished(store: Store): RunRecord {
  const run = store.runs.list().find(({ status }) => status === "RUNNING" || status === "CANCELED");
  if (!run) throw new WranglerError("RUN_UNKNOWN", "No run is unfinished.");
  return run;
}

/** A run whose process is gone is not running, whatever was last written of it. */
function truthful(store: Store, run: RunRecord): RunRecord {
  const dead = run.status === "RUNNING" && !store.holder(run.runId);
  return dead ? { ...run, status: "WAITING" } : run;
}

/** Staged tables and candidates of an ended run; its log, settings and summary stay. */
function removeWorkingFiles(folder: string, accounts: readonly string[]): void {
  for (const account of accounts) rmSync(join(folder, account), { recursive: true, force: true });
}
