import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "./clock.ts";

/** A clock that stands still until it is told to go on: days pass in seconds, with all that happens in them. */
export interface SimulatedClock extends Clock {
  /**
   * Let time pass. What is due on the way rings at its time, one after the other; the next when all
   * that the one before set off has been done or waits for the clock again.
   *
   * @param untilMs Milliseconds since the epoch.
   * @param isOver Looked at before each ring; when it says true, time stops there.
   */
  advance(untilMs: number, isOver?: () => boolean): Promise<void>;
  /**
   * Set the clock, as a person or a time server does: who waits for a while waits as long as before,
   * who waits for a time waits for it.
   */
  step(byMs: number): void;
  /** Resolves when nothing is done any more but waiting. */
  idle(): Promise<void>;
}

interface Alarm {
  atMs: number;
  readonly n: number;
  readonly ring: () => void;
  /** Whether it is for a time, whatever becomes of the clock until then. */
  readonly isFixed: boolean;
}

/** What a ring sets off goes through so many turns of the event loop at most before it waits or is busy. */
const TURNS = 20;
/** And through threads, such as those that write files, for so long. */
const SETTLE_MS = 4;

/**
 * @param startMs Milliseconds since the epoch.
 * @param patienceMs Real time after which work that shows no sign of life counts as waiting: what hangs
 *   is to run into its time limit, which is the clock's. Without it time stands still for good.
 */
export function simulatedClock(
  startMs: number,
  patienceMs = Number.POSITIVE_INFINITY,
): SimulatedClock {
  return new StillClock(startMs, patienceMs);
}

class StillClock implements SimulatedClock {
  #nowMs: number;
  #count = 0;
  #busy = 0;
  /** Raised by all that happens, so that quiet can be told. */
  #stirs = 0;
  readonly #alarms = new Set<Alarm>();
  readonly #patienceMs: number;

  constructor(startMs: number, patienceMs: number) {
    this.#nowMs = startMs;
    this.#patienceMs = patienceMs;
  }

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, ring: () => void): () => void {
    return this.#set(this.#nowMs + Math.max(0, delayMs), ring, false);
  }

  at(timeMs: number, ring: () => void): () => void {
    return this.#set(timeMs, ring, true);
  }

  busy(): () => void {
    this.#stirs++;
    this.#busy++;
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.#stirs++;
      this.#busy--;
    };
  }

  async idle(): Promise<void> {
    let seen = -1;
    let stirredMs = performance.now();
    const isQuiet = () =>
      seen === this.#stirs &&
      (this.#busy === 0 || performance.now() - stirredMs > this.#patienceMs);
    while (!isQuiet()) {
      if (seen !== this.#stirs) stirredMs = performance.now();
      seen = this.#stirs;
      for (let i = 0; i < TURNS; i++) await turn();
      await sleep(SETTLE_MS);
    }
  }

  async advance(untilMs: number, isOver: () => boolean = () => false): Promise<void> {
    for (;;) {
      await this.idle();
      if (isOver()) return;
      const alarm = this.#next();
      if (!alarm || alarm.atMs > untilMs) break;
      this.#nowMs = Math.max(this.#nowMs, alarm.atMs);
      this.#alarms.delete(alarm);
      this.#stirs++;
      alarm.ring();
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  step(byMs: number): void {
    this.#nowMs += byMs;
    for (const alarm of this.#alarms) if (!alarm.isFixed) alarm.atMs += byMs;
  }

  #set(atMs: number, ring: () => void, isFixed: boolean): () => void {
    this.#stirs++;
    const alarm = { atMs, n: ++this.#count, ring, isFixed };
    this.#alarms.add(alarm);
    return () => {
      if (this.#alarms.delete(alarm)) this.#stirs++;
    };
  }

  /** The first that is due; of those due at once the one set first. */
  #next(): Alarm | undefined {
    let first: Alarm | undefined;
    for (const alarm of this.#alarms) {
      const isSooner =
        !first || alarm.atMs < first.atMs || (alarm.atMs === first.atMs && alarm.n < first.n);
      if (isSooner) first = alarm;
    }
    return first;
  }
}
