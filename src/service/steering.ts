/** What is done to a run from outside of it: cancel, pause, the answer to a question. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Clock, WranglerError } from "../core/index.ts";
import type { Journal, RunRecord } from "../orchestration/index.ts";
import type { Store } from "../stores/index.ts";
import { answer } from "../tasks/index.ts";
import { cancelTasks } from "./cancel-tasks.ts";

/** How often it is looked whether a run has stopped. */
const POLL_MS = 100;
/** How long it is waited for that. */
const PATIENCE_MS = 120_000;

export interface Steering {
  cancel(runId: string): Promise<RunRecord>;
  pause(runId: string): Promise<RunRecord>;
  resolve(runId: string, task: string, as: "done" | "not-done", account?: string): Promise<void>;
}

/** @param endHere Ends a run that no process executes, by this one, as canceled. */
export function steering(
  store: Store,
  clock: Pick<Clock, "now">,
  endHere: (run: RunRecord) => Promise<void>,
): Steering {
  const get = (runId: string): RunRecord => {
    const run = store.runs.get(runId);
    if (!run) throw new WranglerError("RUN_UNKNOWN", `"${runId}".`, { runId });
    return run;
  };

  /** Ask the process that executes the run, and wait until it has let go. */
  const ask = async (runId: string, action: "cancel" | "pause"): Promise<RunRecord> => {
    store.request(runId, action);
    for (let waited = 0; store.holder(runId); waited += POLL_MS) {
      if (waited > PATIENCE_MS) {
        const reason = `Run ${runId} was asked to stop ${PATIENCE_MS / 1000} s ago and has not yet.`;
        throw new WranglerError("RUN_BUSY", reason, { runId });
      }
      await sleep(POLL_MS);
    }
    // A process that was killed meanwhile has not heard it, and the next one is not meant.
    store.clearRequest(runId);
    return get(runId);
  };

  return {
    async cancel(runId) {
      const run = get(runId);
      if (isEnded(run)) throw hasEnded(run);
      const after = store.holder(runId) ? await ask(runId, "cancel") : run;
      // Whoever executed it may have died instead of canceling it.
      if (!isEnded(after)) await endHere(after);
      return get(runId);
    },

    async pause(runId) {
      const run = get(runId);
      if (isEnded(run)) throw hasEnded(run);
      if (store.holder(runId)) return ask(runId, "pause");
      // It stands still already; now no service goes on with it either.
      if (run.status !== "IDLE") store.runs.setStatus(runId, "WAITING", "resume");
      return get(runId);
    },

    async resolve(runId, task, as, account) {
      const run = get(runId);
      const accounts = run.accounts.filter((id) => account === undefined || id === account);
      const lease = store.take(runId);
      try {
        const nowMs = clock.now();
        const count = await answerAll(store, { ...run, accounts }, { task, as, nowMs });
        if (count === 0) {
          const reason = `Task ${task} has no effect of which it is not known whether it took place.`;
          throw new WranglerError("TASK_UNKNOWN", reason, { runId, task });
        }
        // A service goes on with it by itself.
        if (run.waitsFor === "person" && !run.accounts.some((id) => asks(store, runId, id))) {
          store.runs.setStatus(runId, "WAITING", "process");
        }
      } finally {
        lease.release();
      }
    },
  };
}

interface Answer {
  readonly task: string;
  readonly as: "done" | "not-done";
  readonly nowMs: number;
}

/** How many effects of a task it answered, of all accounts. Needs the run's lease. */
async function answerAll(
  store: Store,
  { runId, accounts }: Pick<RunRecord, "runId" | "accounts">,
  { task, as, nowMs }: Answer,
): Promise<number> {
  let count = 0;
  for (const account of accounts) {
    const opened = store.openAccount(runId, account);
    if (hasOpenEffect(opened.journal, task)) {
      count += (await answer(opened.journal, task, as, () => new Date(nowMs))).length;
    }
    await opened.close();
  }
  return count;
}

/** Whether an account's tasks still wait for an answer. */
function asks(store: Store, runId: string, account: string): boolean {
  const view = store.readAccount(runId, account);
  const waiting = new Set(view.tasks().map(({ task, status }) => status === "WAITING" && task));
  return view.effects().some(({ task, status }) => status === "UNCERTAIN" && waiting.has(task));
}

/** Whether a person can say something about a task: other accounts may have nothing to ask. */
function hasOpenEffect(journal: Journal, task: string): boolean {
  return journal
    .effects(task)
    .some(({ status }) => status === "UNCERTAIN" || status === "INTENDED");
}

/**
 * A run that nobody executes and whose settings cannot be read: no task of it can clean up, and it
 * has no report.
 */
export async function cancelUnread(
  store: Store,
  { runId, accounts }: RunRecord,
  nowMs: number,
): Promise<void> {
  const lease = store.take(runId);
  try {
    for (const account of accounts) await cancelTasks(store, runId, account, nowMs);
    const endedAt = new Date(nowMs).toISOString();
    await store.finishRun(runId, { status: "CANCELED", endedAt, durationMs: 0 });
  } finally {
    lease.release();
  }
}

function isEnded({ status }: RunRecord): boolean {
  return status === "COMPLETED" || status === "FAILED" || status === "CANCELED";
}

function hasEnded({ runId, status }: RunRecord): WranglerError {
  return new WranglerError("RUN_ENDED", `Run ${runId} is ${status}.`, { runId, status });
}
