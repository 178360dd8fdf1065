/** One attempt: the work itself, under its time limits, ended when it must end. */
import type { WranglerError } from "../../core/index.ts";
import { onAbort } from "./on-abort.ts";
import type { TaskResults } from "../records.ts";

/** How an attempt ended. */
export type AttemptEnd =
  | { readonly is: "done"; readonly results: TaskResults }
  | { readonly is: "failed"; readonly error: unknown }
  /**
   * It was told to end, not for anything of its own. `reason` is what the signal aborted with, `note`
   * says that it was abandoned.
   */
  | { readonly is: "stopped"; readonly reason: unknown; readonly note: string };

/** A moment at which an attempt must end, and the error that says why. */
export interface Limit {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** `note` is put after the reason. */
  readonly error: (note: string) => WranglerError;
}

export interface AttemptTerms {
  readonly limits: readonly Limit[];
  /** Any of them aborting ends the attempt. */
  readonly signals: readonly AbortSignal[];
  /** How long the work may take to end once it was told to; then it is abandoned. */
  readonly graceMs: number;
  readonly now: () => number;
  /** Work that was abandoned has ended after all. */
  readonly onLateEnd: () => void;
}

/** Longest delay of a timer; longer waits are made of several. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Do the work. Its signal aborts when a limit is reached or one of the signals aborts; work that
 * ends well in spite of that has ended well. Work that does not end within its grace is abandoned:
 * it is taken as ended, whatever it goes on to do.
 */
export async function attempt(
  work: (signal: AbortSignal) => Promise<TaskResults>,
  terms: AttemptTerms,
): Promise<AttemptEnd> {
  const { limits, signals, graceMs, now } = terms;
  const controller = new AbortController();
  const { signal } = controller;
  const reached: Limit[] = [];
  const undo = [
    ...limits.map((one) =>
      alarm(one.at - now(), () => {
        if (signal.aborted) return;
        reached.push(one);
        controller.abort(one.error(""));
      }),
    ),
    ...signals.map((outer) => forward(outer, controller)),
  ];
  try {
    const ended = settle(work, signal);
    const first = await Promise.race([ended, aborted(signal)]);
    const end = first ?? (await Promise.race([ended, after(graceMs, undo)]));
    if (end?.is === "done") return end;
    if (!end) void ended.then(terms.onLateEnd);
    if (!signal.aborted && end) return end;
    const [passed] = reached;
    const note = end ? "" : `It did not end within its grace of ${graceMs} ms and was abandoned.`;
    if (!passed) return { is: "stopped", reason: signal.reason, note };
    return { is: "failed", error: end ? signal.reason : passed.error(note) };
  } finally {
    for (const clear of undo) clear();
  }
}

/** The work's end as a value; what it throws synchronously included. */
async function settle(
  work: (signal: AbortSignal) => Promise<TaskResults>,
  signal: AbortSignal,
): Promise<AttemptEnd> {
  try {
    signal.throwIfAborted();
    return { is: "done", results: await work(signal) };
  } catch (error) {
    return { is: "failed", error };
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}

function after(delayMs: number, undo: (() => void)[]): Promise<undefined> {
  return new Promise((resolve) => {
    undo.push(alarm(delayMs, () => resolve(undefined)));
  });
}

/** Call back after a delay of any length; gives back how to forget it. */
export function alarm(delayMs: number, ring: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = (leftMs: number) => {
    const stepMs = Math.min(Math.max(0, leftMs), MAX_TIMER_MS);
    timer = setTimeout(() => (leftMs > stepMs ? wait(leftMs - stepMs) : ring()), stepMs);
  };
  wait(delayMs);
  return () => clearTimeout(timer);
}

function forward(outer: AbortSignal, controller: AbortController): () => void {
  return onAbort(outer, () => controller.abort(outer.reason));
}
