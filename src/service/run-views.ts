/** What can be seen of runs: lists, reports, histories, and events as they happen. */
import { setTimeout as sleep } from "node:timers/promises";
import { WranglerError } from "../core/index.ts";
import type { ProgressEvent, RunHistory, RunRecord, RunReport } from "../orchestration/index.ts";
import type { Store } from "../stores/index.ts";

/** How often events of another process are looked for. */
const POLL_MS = 150;

export interface RunViews {
  runs(): RunRecord[];
  report(runId?: string): RunReport;
  history(runId?: string): RunHistory;
  watch(runId: string | undefined, signal?: AbortSignal): AsyncIterable<ProgressEvent>;
}

export function runViews(store: Store): RunViews {
  /** The latest run when no id is given. */
  const find = (runId: string | undefined): RunRecord => {
    const run = runId === undefined ? store.runs.list()[0] : store.runs.get(runId);
    if (run) return truthful(store, run);
    throw new WranglerError(
      "RUN_UNKNOWN",
      runId === undefined ? "There is none yet." : `"${runId}".`,
    );
  };

  const report = (id?: string): RunReport => {
    const run = find(id);
    const views = run.accounts.map((account) => store.readAccount(run.runId, account));
    return {
      run,
      tasks: views.flatMap((view) => view.tasks()),
      stages: views.flatMap((view) => view.stages()),
      accounts: store.runs.summaries(run.runId),
    };
  };

  return {
    runs: () => store.runs.list().map((run) => truthful(store, run)),
    report,
    history(id) {
      const known = report(id);
      const { runId, accounts } = known.run;
      const views = accounts.map((account) => store.readAccount(runId, account));
      return {
        ...known,
        attempts: views.flatMap((view) => view.attempts()),
        effects: views.flatMap((view) => view.effects()),
        events: store.runEvents(runId),
      };
    },
    watch: (id, signal) => follow(store, find(id).runId, signal),
  };
}

/**
 * A run that nobody executes any more has said all it will.
 *
 * @yields Its events, by rising sequence number.
 */
async function* follow(
  store: Store,
  runId: string,
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<ProgressEvent> {
  let seen = 0;
  while (!isAborted(signal)) {
    // Asked before the events are read: what was told until then is among them.
    const live = store.holder(runId) !== undefined;
    for (const event of store.runEvents(runId, seen)) {
      seen = event.seq;
      yield event;
    }
    if (!live) return;
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** A run whose process is gone is not running, whatever was last written of it. */
function truthful(store: Store, run: RunRecord): RunRecord {
  const dead = run.status === "RUNNING" && !store.holder(run.runId);
  return dead ? { ...run, status: "WAITING", waitsFor: "process" } : run;
}
