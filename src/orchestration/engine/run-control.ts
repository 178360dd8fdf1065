import { setMaxListeners } from "node:events";
import { WranglerError } from "../../core/index.ts";
import { onAbort } from "./on-abort.ts";

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

/** A control of a part of a run. */
export interface PartControl extends RunControl {
  /** Let go of the control of the whole, which lives longer. */
  dispose(): void;
}

export function runControl(): RunControl {
  return levers();
}

/** The control of one account: it ends with its run, or by itself while the others go on. */
export function accountControl(run: RunControl): PartControl {
  const own = levers();
  const undo = [
    onAbort(run.ending, () => own.end(run.ending.reason, run.canceled)),
    onAbort(run.draining, () => own.drainFor(run.draining.reason)),
  ];
  return Object.assign(own, { dispose: () => undo.forEach((stop) => stop()) });
}

/** The control of a nested workflow: it ends with its run, and when the attempt that it is does. */
export function nestedControl(outer: RunControl, attempt: AbortSignal): PartControl {
  const own = levers();
  const undo = [
    // A run that was only interrupted goes on with the same nested tasks.
    onAbort(attempt, () => own.end(attempt.reason, !outer.ending.aborted || outer.canceled)),
    onAbort(outer.draining, () => own.drainFor(outer.draining.reason)),
  ];
  return Object.assign(own, { dispose: () => undo.forEach((stop) => stop()) });
}

interface Levers extends RunControl {
  drainFor(reason: unknown): void;
  end(reason: unknown, forGood: boolean): void;
}

function levers(): Levers {
  const draining = new AbortController();
  const ending = new AbortController();
  let canceled = false;
  // Every task that waits listens to them.
  setMaxListeners(0, draining.signal, ending.signal);
  const end = (reason: unknown, forGood: boolean) => {
    if (ending.signal.aborted) return;
    canceled = forGood;
    // First, so that whoever hears of the draining finds why.
    const error = reason instanceof Error ? reason : new WranglerError("CANCELED", String(reason));
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
    drainFor: (reason) => draining.abort(reason),
    interrupt: (reason, cause) => end(new WranglerError("CANCELED", reason, {}, { cause }), false),
    cancel: (reason) => end(new WranglerError("CANCELED", reason), true),
    end,
  };
}
