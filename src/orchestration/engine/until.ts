import { alarm } from "./attempt.ts";
import { onAbort } from "./on-abort.ts";

/**
 * Wait for the first of: a delay (undefined: none), an abort of one of the signals, a promise.
 *
 * @returns What the promise gave; undefined when something else came first.
 */
export async function until<T = never>(
  delayMs: number | undefined,
  signals: readonly AbortSignal[],
  promise?: Promise<T>,
): Promise<T | undefined> {
  const undo: (() => void)[] = [];
  try {
    return await new Promise<T | undefined>((resolve, reject) => {
      const end = () => resolve(undefined);
      if (promise) promise.then(resolve, reject);
      if (delayMs !== undefined) undo.push(alarm(delayMs, end));
      for (const signal of signals) undo.push(onAbort(signal, end));
    });
  } finally {
    for (const clear of undo) clear();
  }
}
