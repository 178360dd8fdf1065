import { setMaxListeners } from "node:events";

/** Why a session is to end. */
export type EndCause =
  | { readonly why: "drain" | "signal" | "hand-over" }
  /** It cannot go on. */
  | { readonly why: "lost"; readonly error: unknown };

/** How a session is told to end: once, by whoever is first. */
export interface Ending {
  /** Resolves when it is to end. */
  readonly asked: Promise<EndCause>;
  /** For runs: those at work may end within their grace. */
  readonly drain: AbortSignal;
  /** For runs: what is at work ends at once. */
  readonly signal: AbortSignal;
  /** Stop listening. */
  close(): void;
}

interface EndSignals {
  readonly drain: AbortSignal | undefined;
  readonly signal: AbortSignal | undefined;
  readonly handOver: AbortSignal;
  readonly lost: AbortSignal;
}

/** Runs hear of a hand-over by themselves. */
export function endingOf({ drain, signal, handOver, lost }: EndSignals): Ending {
  const [draining, ending] = [new AbortController(), new AbortController()];
  // each run listens to both
  setMaxListeners(0, draining.signal, ending.signal);
  const undo: (() => void)[] = [];
  const on = (from: AbortSignal | undefined, listener: () => void): void => {
    if (from?.aborted) listener();
    from?.addEventListener("abort", listener, { once: true });
    undo.push(() => from?.removeEventListener("abort", listener));
  };
  const asked = new Promise<EndCause>((resolve) => {
    on(signal, () => {
      ending.abort(signal?.reason);
      resolve({ why: "signal" });
    });
    on(drain, () => {
      draining.abort(drain?.reason);
      resolve({ why: "drain" });
    });
    on(lost, () => {
      draining.abort(lost.reason);
      resolve({ why: "lost", error: lost.reason });
    });
    on(handOver, () => resolve({ why: "hand-over" }));
  });
  return {
    asked,
    drain: draining.signal,
    signal: ending.signal,
    close: () => {
      for (const stop of undo) stop();
    },
  };
}
