/**
 * Do something that has to be over in time.
 *
 * `AbortSignal.any` over `AbortSignal.timeout` would say the same, but in Node 20 such a signal may be
 * collected before it aborts.
 *
 * @throws What the work threw; once the signal has aborted, its reason
 * @param what - Stands in the message: `The answer of https://…`.
 * @param work - Is given a signal that aborts with the outer one's reason, or with a TimeoutError.
 */
export async function withDeadline<T>(
  signal: AbortSignal,
  timeoutMs: number,
  what: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  const pass = () => own.abort(signal.reason);
  const timer = setTimeout(() => {
    own.abort(new DOMException(`${what} took longer than ${timeoutMs} ms.`, "TimeoutError"));
  }, timeoutMs);
  if (signal.aborted) pass();
  else signal.addEventListener("abort", pass, { once: true });
  try {
    return await work(own.signal);
  } catch (error) {
    // Streams and queues tell an abort each in their own way.
    own.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", pass);
  }
}
