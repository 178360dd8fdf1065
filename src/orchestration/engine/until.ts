import { onAbort } from "./on-abort.ts";

/** Sets an alarm; gives back how to forget it. */
export type Alarm = (ring: () => void) => () => void;

/**
 * Wait for the first of: one of the alarms, an abort of one of the signals, a promise.
 *
 * @returns What the promise gave; undefined when something else came first.
 */
export async function until<T = never>(
  alarms: readonly Alarm[],
  signals: readonly AbortSignal[],
  promise?: Promise<T>,
): Promise<T | undefined> {
  const undo: (() => void)[] = [];
  try {
    return await new Promise<T | undefined>((resolve, reject) => {
      const end = () => resolve(undefined);
      if (promise) promise.then(resolve, reject);
      for (const set of alarms) undo.push(set(end));
      for (const signal of signals) undo.push(onAbort(signal, end));
    });
  } finally {
    for (const clear of undo) clear();
  }
}
