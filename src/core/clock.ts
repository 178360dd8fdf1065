/** Time, as far as the tool waits for it. What only measures how long something took does not ask here. */

/** The time of day and waiting for it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Ring once after a delay of any length; gives back how to forget it. */
  after(delayMs: number, ring: () => void): () => void;
  /** Ring once when the clock shows a time, also when it is set over it; gives back how to forget it. */
  at(timeMs: number, ring: () => void): () => void;
  /** Something is done that is not waiting: a simulated clock stands still until it is over. */
  busy(): () => void;
}

/** Longest delay of a timer; longer waits are made of several. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** How often the clock is looked at: it may be set, and a machine that sleeps stops its timers. */
const LOOK_MS = 15_000;

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, ring) {
    let timer: NodeJS.Timeout;
    const wait = (leftMs: number) => {
      const stepMs = Math.min(Math.max(0, leftMs), MAX_TIMER_MS);
      timer = setTimeout(() => (leftMs > stepMs ? wait(leftMs - stepMs) : ring()), stepMs);
    };
    wait(delayMs);
    return () => clearTimeout(timer);
  },
  at(timeMs, ring) {
    let timer: NodeJS.Timeout;
    const wait = () => {
      const leftMs = Math.max(0, timeMs - Date.now());
      const look = () => (Date.now() < timeMs ? wait() : ring());
      timer = setTimeout(look, Math.min(leftMs, LOOK_MS));
    };
    wait();
    return () => clearTimeout(timer);
  },
  busy: () => () => {},
};
