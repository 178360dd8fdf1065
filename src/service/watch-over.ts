import type { RunControl, RunHooks } from "../orchestration/index.ts";
import type { Store } from "../stores/index.ts";

/** How long tasks at work may go on once the process was asked to end. */
const DRAIN_GRACE_MS = 10_000;
/** How often another process's wish to stop the run is looked for. */
const POLL_MS = 250;

interface Watched {
  readonly store: Store;
  readonly runId: string;
  readonly control: RunControl;
  readonly hooks: RunHooks;
  /** Aborts when another process has taken the run over. */
  readonly lost: AbortSignal;
  /** Aborts when the process hands over to a restart. */
  readonly handOver: AbortSignal;
}

/**
 * Pass on to a run what it is told from outside: by the hooks of its caller, by another process
 * through the store, by the loss of its lease.
 *
 * @returns How to stop.
 */
export function watchOver(watched: Watched): () => void {
  const { store, runId, control, hooks, lost, handOver } = watched;
  let grace: NodeJS.Timeout | undefined;
  const drain = (reason: string) => {
    if (control.draining.aborted) return;
    control.drain(reason);
    // A run that was lost tells nobody any more.
    store.recordRunEvent(runId, { type: "run-draining", reason }).catch(() => undefined);
  };
  const drainForAWhile = (reason: string) => {
    drain(reason);
    grace ??= setTimeout(() => control.interrupt("Its time to end is over."), DRAIN_GRACE_MS);
  };
  const onSignal = () => control.interrupt("The run was interrupted.");
  const onLost = () => control.interrupt("Another process has taken the run over.", lost.reason);
  const look = () => {
    const asked = store.requested(runId);
    if (asked === "cancel") control.cancel("The run was canceled by request.");
    if (asked === "pause") drain("The run was paused by request.");
  };
  const poll = setInterval(() => {
    try {
      look();
    } catch (error) {
      // Thrown from a timer it would end the process, and all other runs with it.
      control.interrupt("The store could not be read.", error);
    }
  }, POLL_MS);
  const undo = [
    on(hooks.drain, () => drainForAWhile("The run was interrupted.")),
    on(handOver, () => drainForAWhile("Its process hands over to a restart.")),
    on(hooks.signal, onSignal),
    on(lost, onLost),
    () => clearInterval(poll),
    () => clearTimeout(grace),
  ];
  return () => {
    for (const stop of undo) stop();
  };
}

function on(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal?.aborted) listener();
  signal?.addEventListener("abort", listener, { once: true });
  return () => signal?.removeEventListener("abort", listener);
}
