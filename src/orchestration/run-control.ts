import { setMaxListeners } from "node:events";
import { WranglerError } from "../core/index.ts";

/** What a run is told while it runs, by signals, by a person, by the loss of its lease. */
export interface RunControl {
  /** Aborts when no new task may start. */
  readonly draining: AbortSignal;
  /** Aborts when what is at work must end; its reason is a WranglerError. */
  readonly ending: AbortSignal;
  /** Whether it was ended for good rather than to be resumed. */
  readonly canceled: boolean;
  /** No new task starts; what is at work may end. The run can be resumed. */
  drain(reason: string): void;
  /** End what is at work as well. The run can be resumed. */
  interrupt(reason: string, cause?: unknown): void;
  /** End the run for good. */
  cancel(reason: string): void;
}

export function runControl(): RunControl {
  const draining = new AbortController();
  const ending = new AbortController();
  let canceled = false;
  // Every task that waits listens to them.
  setMaxListeners(0, draining.signal, ending.signal);
  const end = (reason: string, cause?: unknown) => {
    const error = new WranglerError("CANCELED", reason, {}, { cause });
    // First, so that whoever hears of the draining finds why.
    ending.abort(error);
    draining.abort(error);
  };
  return {
    draining: draining.signal,
    ending: ending.signal,
    get canceled() {
      return canceled;
    },
    drain: (reason) => draining.abort(new WranglerError("CANCELED", reason)),
    interrupt: end,
    cancel(reason) {
      if (ending.signal.aborted) return;
      canceled = true;
      end(reason);
    },
  };
}

/** The control of a nested workflow: it ends with its run, and when the attempt that it is does. */
export function nestedControl(outer: RunControl, attempt: AbortSignal): RunControl {
  const inner = runControl();
  follow(outer.draining, () => inner.drain(textOf(outer.draining.reason)));
  follow(attempt, () => {
    const text = textOf(attempt.reason);
    // A run that was only interrupted goes on with the same nested tasks.
    if (outer.ending.aborted && !outer.canceled) inner.interrupt(text, attempt.reason);
    else inner.cancel(text);
  });
  return inner;
}

function follow(signal: AbortSignal, then: () => void): void {
  if (signal.aborted) then();
  else signal.addEventListener("abort", then, { once: true });
}

function textOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
