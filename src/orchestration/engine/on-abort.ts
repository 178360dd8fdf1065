/** Those who wait for each signal, in the order in which they came. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Call back when a signal aborts; at once when it has. A signal looks through all its listeners
 * for each new one, so that thousands of tasks that wait under one would cost the square of their
 * number: here it has one listener for all of them.
 *
 * @returns Stops waiting.
 */
export function onAbort(signal: AbortSignal, then: () => void): () => void {
  if (signal.aborted) {
    then();
    return () => {};
  }
  const others = waiting.get(signal) ?? listen(signal);
  // A caller may wait twice with one function.
  const entry = () => then();
  others.add(entry);
  return () => void others.delete(entry);
}

function listen(signal: AbortSignal): Set<() => void> {
  const thens = new Set<() => void>();
  waiting.set(signal, thens);
  const tell = () => {
    for (const then of thens) {
      thens.delete(then);
      then();
    }
  };
  signal.addEventListener("abort", tell, { once: true });
  return thens;
}
