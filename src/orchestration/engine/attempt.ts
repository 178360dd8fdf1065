/** One attempt: the work itself, under its time limits, ended when it must end. */
import { type Clock, systemClock, type WranglerError } from "../../core/index.ts";
import { holdBusy } from "./busy.ts";
import { onAbort } from "./on-abort.ts";
import type { AttemptOrder } from "./task-world.ts";
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

type Work = (given: Pick<AttemptOrder, "signal" | "whileWaiting">) => Promise<TaskResults>;

export interface AttemptTerms {
  readonly limits: readonly Limit[];
  /** Any of them aborting ends the attempt. */
  readonly signals: readonly AbortSignal[];
  /** How long the work may take to end once it was told to; then it is abandoned. */
  readonly graceMs: number;
  readonly clock: Clock;
  /** Work that was abandoned has ended after all. */
  readonly onLateEnd: () => void;
}

/**
 * Do the work. Its signal aborts when a limit is reached or one of the signals aborts; work that
 * ends well in spite of that has ended well. Work that does not end within its grace is abandoned:
 * it is taken as ended, whatever it goes on to do.
 */
export async function attempt(work: Work, terms: AttemptTerms): Promise<AttemptEnd> {
  const { limits, signals, graceMs, clock } = terms;
  const controller = new AbortController();
  const { signal } = controller;
  const hold = holdBusy(clock);
  const reached: Limit[] = [];
  const undo = [
    ...limits.map((one) =>
      ringAfter(clock, one.at - clock.now(), () => {
        if (signal.aborted) return;
        reached.push(one);
        controller.abort(one.error(""));
      }),
    ),
    ...signals.map((outer) => forward(outer, controller)),
  ];
  try {
    const ended = settle(work, { signal, whileWaiting: hold.pause });
    const first = await Promise.race([ended, aborted(signal)]);
    const end = first ?? (await Promise.race([ended, passed(clock, graceMs, undo)]));
    if (end?.is === "done") return end;
    if (!end) void ended.then(terms.onLateEnd);
    if (!signal.aborted && end) return end;
    const [limit] = reached;
    const note = end ? "" : `It did not end within its grace of ${graceMs} ms and was abandoned.`;
    if (!limit) return { is: "stopped", reason: signal.reason, note };
    return { is: "failed", error: end ? signal.reason : limit.error(note) };
  } finally {
    for (const clear of undo) clear();
    hold.end();
  }
}

/** The work's end as a value; what it throws synchronously included. */
async function settle(work: Work, given: Parameters<Work>[0]): Promise<AttemptEnd> {
  try {
    given.signal.throwIfAborted();
    return { is: "done", results: await work(given) };
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

function passed(clock: Clock, delayMs: number, undo: (() => void)[]): Promise<undefined> {
  return new Promise((resolve) => {
    undo.push(ringAfter(clock, delayMs, () => resolve(undefined)));
  });
}

/**
 * A simulated clock stands still while work is at work, and would never end work that hangs: then
 * the machine's does.
 */
function ringAfter(clock: Clock, delayMs: number, ring: () => void): () => void {
  const forget = clock.after(delayMs, ring);
  if (clock === systemClock) return forget;
  const forgetReal = systemClock.after(delayMs, ring);
  return () => {
    forget();
    forgetReal();
  };
}

function forward(outer: AbortSignal, controller: AbortController): () => void {
  return onAbort(outer, () => controller.abort(outer.reason));
}
