import { join } from "node:path";
import type { Settings } from "../config/index.ts";
import { type Clock, fingerprint } from "../core/index.ts";
import {
  type Limiter,
  type Pace,
  type RunControl,
  runControl,
  type RunHooks,
  type RunRecord,
  type RunResult,
  type WorkflowDefinition,
} from "../orchestration/index.ts";
import type { Lease, Store } from "../stores/index.ts";
import {
  type AccountRun,
  type ActiveRun,
  openAccountRun,
  type RunRef,
  workflowOf,
} from "./active-run.ts";
import { conclude, giveUp } from "./conclude.ts";
import type { HandOver } from "./hand-over.ts";
import { recorderOf } from "./recorder.ts";
import { openRunLog, type RunLog } from "./run-log.ts";
import { watchOver } from "./watch-over.ts";

/** The master graph behind a plain interface; graphs/runnable.ts has this shape. */
export type MasterGraph = (
  run: RunRef,
  workflow: WorkflowDefinition,
  accounts: readonly string[],
) => Promise<void>;

export interface ExecuteDeps {
  readonly store: Store;
  readonly graph: MasterGraph;
  readonly limiter: Limiter;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly handOver: HandOver;
  /** Folder of checkpoints, logs and working files. */
  readonly folder: string;
  readonly logLevel: string;
  /** Version of the tool, for reports. */
  readonly tool: string;
  /** Whether what tasks gave is kept encrypted, and so nowhere in plain. */
  readonly sealed: boolean;
  /** Runs that this process executes, for the graphs to find. */
  readonly active: Map<string, ActiveRun>;
}

interface Execution {
  readonly run: RunRecord;
  readonly settings: Settings;
  /** `canceled`: nothing is done any more but what ends the run. */
  readonly as: "started" | "resumed" | "canceled";
}

interface Beginning {
  readonly before: () => Promise<void>;
  readonly lease: Lease;
  /** Its first account is at work: until then a simulated clock stands still. */
  readonly begun: () => void;
}

/** Folder of a run's settings, log, report and working files. */
export function runFolderOf({ folder }: Pick<ExecuteDeps, "folder">, runId: string): string {
  return join(folder, "runs", runId);
}

/**
 * Execute a run under its lease, with its log open, until it has ended or waits; note how it stands.
 *
 * @param before Done once the lease is held, before any task. When it fails, the run stays as it was:
 *   a new one IDLE, which nothing but a cancel leads out of.
 * @throws {WranglerError} RUN_BUSY when another process executes it, RUN_LOST when one takes it over.
 */
export async function execute(
  deps: ExecuteDeps,
  execution: Execution,
  hooks: RunHooks,
  before: () => Promise<void>,
): Promise<RunResult> {
  const begun = deps.clock.busy();
  try {
    const lease = deps.store.take(execution.run.runId);
    const leave = deps.handOver.enter();
    try {
      return await executeHeld(deps, execution, hooks, { before, lease, begun });
    } finally {
      lease.release();
      leave();
    }
  } finally {
    begun();
  }
}

async function executeHeld(
  deps: ExecuteDeps,
  { run, settings, as }: Execution,
  hooks: RunHooks,
  { before, lease, begun }: Beginning,
): Promise<RunResult> {
  const startedMs = performance.now();
  const { store, active, clock, handOver } = deps;
  let ended: (() => void) | undefined;
  const { runId, accounts } = run;
  const folder = runFolderOf(deps, runId);
  const runLog = openRunLog(folder, runId, deps.logLevel, hooks.onLog);
  const { log } = runLog;
  const stopListening = store.onEvent(runId, (event) => hooks.onEvent?.(event));
  const control = runControl();
  const signals = { lost: lease.lost, handOver: handOver.signal };
  const stopWatching = watchOver({ store, runId, control, hooks, ...signals });
  const spent = () => Math.round(performance.now() - startedMs);
  const work = activeRun(deps, { runId, settings, control, runLog, begun });
  let isTakenUp = false;
  try {
    await before();
    isTakenUp = true;
    takeUp(store, run, as, control);
    const workflow = workflowOf(settings);
    active.set(runId, work);
    const told = { workflow: workflow.name, accounts, resumed: as !== "started" };
    log.info(told, `run ${as}`);
    if (as !== "canceled") await store.recordRunEvent(runId, { type: "run-started", ...told });
    try {
      await deps.graph(refOf(deps, run), workflow, accounts);
    } finally {
      ended = clock.busy();
      await work.close();
    }
    lease.lost.throwIfAborted();
    return await conclude(deps, { run, settings, control, folder, log, spent });
  } catch (error) {
    log.error({ err: error }, "run stopped");
    if (isTakenUp) await giveUp(deps, { runId, lease, durationMs: spent(), log });
    throw lease.lost.aborted ? lease.lost.reason : error;
  } finally {
    stopWatching();
    active.delete(runId);
    stopListening();
    runLog.close();
    ended?.();
  }
}

/** A run that is only to end keeps its status until it has: killed before, it can be canceled again. */
function takeUp(
  store: Store,
  { runId }: RunRecord,
  as: Execution["as"],
  control: RunControl,
): void {
  if (as === "started") store.runs.setStatus(runId, "RUNNING");
  if (as === "resumed") store.runs.takeUp(runId);
  if (as === "canceled") control.cancel("The run was canceled by request.");
}

function refOf(deps: ExecuteDeps, run: RunRecord): RunRef {
  const round = deps.store.runs.get(run.runId)?.round ?? run.round;
  const now = new Date(deps.clock.now()).toISOString();
  return {
    runId: run.runId,
    folder: runFolderOf(deps, run.runId),
    settings: deps.active.get(run.runId)?.fingerprint ?? "",
    round,
    // In all rounds: what was made in one and what is made in another are of the same day.
    scheduledAt: run.scheduledAt,
    startedAt: round === 1 ? run.startedAt : now,
  };
}

interface Parts {
  readonly runId: string;
  readonly settings: Settings;
  readonly control: RunControl;
  readonly runLog: RunLog;
  readonly begun: Beginning["begun"];
}

function activeRun(
  { store, limiter, pace, clock, folder }: ExecuteDeps,
  { runId, settings, control, runLog, begun }: Parts,
): ActiveRun {
  const accounts = new Map<string, AccountRun>();
  const recorder = recorderOf({
    log: runLog.log,
    now: () => clock.now(),
    // Once it was opened its own also when it is closed: that takes nothing any more.
    journalOf: (account) =>
      (accounts.get(account)?.world ?? store.openAccount(runId, account)).journal,
    async keepSummary(summary) {
      store.runs.putSummary(runId, summary);
      await store.recordRunEvent(runId, { type: "account-finished", summary });
    },
    onError: (error, account) => accounts.get(account)?.fail(error),
  });
  return {
    settings,
    fingerprint: fingerprint(settings),
    checkpointsFolder: folder,
    recorder,
    accounts,
    async open(run, account) {
      const parts = { store, settings, control, limiter, pace, clock, runLog };
      const opened = openAccountRun(parts, run, account);
      accounts.set(account, opened);
      begun();
      return opened;
    },
    async close() {
      await Promise.all([...accounts.values()].map((account) => account.close()));
    },
  };
}
