import { setMaxListeners } from "node:events";

export interface ParallelTerms {
  /** How many at once. */
  readonly limit: number;
  /** Aborts all of it. */
  readonly signal: AbortSignal;
  /** Whether an error makes it useless to go on with the others. */
  readonly isFinal: (error: unknown) => boolean;
}

/**
 * Do something with each of some things, a number of them at once; results in the order of the things.
 *
 * When one fails for good, the others are told to stop; when it may pass, they go on, since what they
 * get need not be fetched again. All have ended when it throws.
 *
 * @throws The first final error, else that of the first thing that failed; what the signal aborted with
 */
export async function inParallel<T, R>(
  things: readonly T[],
  { limit, signal, isFinal }: ParallelTerms,
  work: (thing: T, index: number, signal: AbortSignal) => Promise<R>,
): Promise<R[]> {
  signal.throwIfAborted();
  const stop = new AbortController();
  // Each of the things listens, and each request of it.
  setMaxListeners(0, stop.signal);
  const pass = () => stop.abort(signal.reason);
  signal.addEventListener("abort", pass, { once: true });
  const results: R[] = [];
  const errors: { readonly index: number; readonly error: unknown }[] = [];
  const waiting = [...things.entries()].values();
  const worker = async () => {
    for (const [index, thing] of waiting) {
      if (stop.signal.aborted) return;
      try {
        results[index] = await work(thing, index, stop.signal);
      } catch (error) {
        errors.push({ index, error });
        if (isFinal(error)) stop.abort(error);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(limit, things.length) }, worker));
  } finally {
    signal.removeEventListener("abort", pass);
  }
  // The outer signal's reason, or the first final error.
  stop.signal.throwIfAborted();
  const [first] = errors.toSorted((a, b) => a.index - b.index);
  if (first) throw first.error;
  return results;
}
