import { type Clock, systemClock } from "../core/index.ts";

/** Longest time without a look: what other processes did, and clocks that were set, are noticed by then. */
export const LOOK_EVERY_MS = 30_000;
/** The same where time is simulated: days are to pass quickly, and nobody else is there. */
const SIMULATED_LOOK_MS = 3_600_000;

/** Calls back at the next of the times that something is due, and every 30 seconds besides. */
export interface Waker {
  /** Instead of the time given before; null: at none. Milliseconds since the epoch. */
  setNext(atMs: number | null): void;
  stop(): void;
}

/** The machine's clock may be set at any time; what is counted in real time goes on all the same. */
export function waker(clock: Clock, ring: () => void): Waker {
  const undo: (() => void)[] = [];
  const beat = clock === systemClock ? setInterval(ring, LOOK_EVERY_MS) : undefined;
  const clear = () => {
    for (const forget of undo.splice(0)) forget();
  };
  return {
    setNext(atMs) {
      clear();
      if (atMs !== null) undo.push(clock.at(atMs, ring));
      if (!beat) undo.push(clock.after(SIMULATED_LOOK_MS, ring));
    },
    stop() {
      clear();
      clearInterval(beat);
    },
  };
}
