/** The orchestrator without the tool around it: the real graphs over a real store. */
import { join } from "node:path";
import { type GraphDeps, runnableMaster } from "../../graphs/index.ts";
import { settingsFor } from "../../src/config/index.ts";
import { silentLog, systemClock } from "../../src/core/index.ts";
import {
  limiter,
  pacer,
  type ParallelLimits,
  type ProgressEvent,
  type RunControl,
  runControl,
  type TaskRecord,
  type WorkflowDefinition,
} from "../../src/orchestration/index.ts";
import { type AccountRun, openAccountRun, type RunRef } from "../../src/service/active-run.ts";
import { recorderOf } from "../../src/service/recorder.ts";
import type { Store } from "../../src/stores/index.ts";
import { runRecord } from "./store-records.ts";

export interface RealRun {
  readonly runId: string;
  readonly workflow: WorkflowDefinition;
  readonly accounts: readonly string[];
  readonly control?: RunControl;
  readonly onEvent?: (event: ProgressEvent) => void;
}

function refuse(): never {
  throw new Error("this is not here");
}

/**
 * Executes runs on a store until they end or wait, and gives the tasks of all accounts. A run that
 * is on record is resumed. Reports, logs and the choice of a run are the tool's, and are not here.
 */
export function realRuns(
  folder: string,
  store: Store,
  limits: Partial<ParallelLimits> = {},
): (run: RealRun) => Promise<TaskRecord[]> {
  const base = settingsFor({ input: "none.csv", output: "out", cwd: folder });
  const [account] = base.accounts;
  if (!account) throw new Error("expected settings with an account");
  const unlimited = { global: null, accounts: {}, kinds: {}, named: {} };
  const shared = limiter({ heavy: 2 });
  const pace = pacer();
  const open = new Map<string, Map<string, AccountRun>>();
  const starts = new Map<string, (run: RunRef, id: string) => AccountRun>();
  const deps: GraphDeps = {
    toolVersion: "0",
    clock: systemClock,
    handOver: refuse,
    settingsOf: async ({ runId }) => settingsOfRun.get(runId) ?? base,
    engineOf: refuse,
    closeEngine: async () => {},
    lockFolder: async () => refuse(),
    recorderOf: (runId) =>
      recorderOf({
        log: silentLog,
        now: () => Date.now(),
        journalOf: (id) => store.openAccount(runId, id).journal,
        keepSummary: async (summary) => store.runs.putSummary(runId, summary),
        onError: (error) => {
          throw error;
        },
      }),
    openAccount: async (run, id) => {
      const opened = starts.get(run.runId)?.(run, id) ?? refuse();
      open.get(run.runId)?.set(id, opened);
      return opened;
    },
    accountRun: (runId, id) => open.get(runId)?.get(id) ?? refuse(),
  };
  const settingsOfRun = new Map<string, typeof base>();
  const graph = runnableMaster(deps, store.checkpointer);

  return async ({ runId, workflow, accounts, control = runControl(), onEvent }) => {
    const settings = {
      ...base,
      workflows: [workflow],
      workflow: workflow.name,
      limits: { ...unlimited, ...limits },
      accounts: accounts.map((id) => ({ ...account, id })),
    };
    const known = store.runs.get(runId);
    const startedAt = known?.startedAt ?? new Date().toISOString();
    if (!known) {
      // Past durations are looked up by the workflow that is on record.
      const about = { accounts: [...accounts], startedAt, workflow: workflow.name };
      store.runs.create(runRecord(runId, about));
    }
    const lease = store.take(runId);
    const stop = store.onEvent(runId, (event) => onEvent?.(event));
    const runLog = { log: silentLog, path: "", close: () => {} };
    const parts = { store, settings, control, limiter: shared, pace, clock: systemClock, runLog };
    settingsOfRun.set(runId, settings);
    open.set(runId, new Map());
    starts.set(runId, (run, id) => openAccountRun(parts, run, id));
    const ref = {
      runId,
      folder: join(folder, "runs", runId),
      settings: "",
      round: 1,
      scheduledAt: startedAt,
      startedAt,
    };
    try {
      await graph(ref, workflow, accounts);
      return accounts.flatMap((id) => [...store.readAccount(runId, id).tasks()]);
    } finally {
      stop();
      lease.release();
      for (const map of [settingsOfRun, open, starts]) map.delete(runId);
    }
  };
}
