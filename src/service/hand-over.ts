/** The end of a process for the sake of a restart: it drains, and hands over to a command. */
import { setMaxListeners } from "node:events";
import { type Clock, systemClock, WranglerError } from "../core/index.ts";
import { type HandOverOrder, hasFailedDetached } from "../tasks/index.ts";
import { countRestart } from "./restart-count.ts";

/**
 * Of a process. A task asks for it, all runs of the process drain and are durable, whoever hosts them
 * has it carried out.
 */
export interface HandOver {
  /** What was asked for and is not over. */
  readonly requested: HandOverOrder | undefined;
  /** Aborts when it is asked for. Another one once a hand-over has failed. */
  readonly signal: AbortSignal;
  /**
   * Ask for it. What is asked for while another is under way is served by that.
   *
   * @param folder Of the checkpoints of the run that asks.
   * @throws {WranglerError} RESTART_FAILED when there were too many lately.
   */
  request(order: HandOverOrder, folder: string): Promise<void>;
  /** A run is at work until what is given back is called. */
  enter(): () => void;
  /**
   * Once no run is at work, start the command, and wait to be ended by it. Most often this never
   * resolves: it does when nothing was asked for, when `stop` aborts, and when the process still lives
   * although the command failed or its time is over. Then runs can be resumed: the task that asked
   * finds out what became of it.
   *
   * @param stop The process is ending.
   * @throws {WranglerError} OUTPUT_UNWRITABLE when there is no place for what the command prints: it
   *   was not started.
   */
  carryOut(stop?: AbortSignal): Promise<void>;
}

export function handOver(clock: OwnClock): HandOver {
  return new ProcessHandOver(clock);
}

/** Time stands still from the request until it is over, where the clock is a simulated one. */
type OwnClock = Pick<Clock, "now" | "busy">;

class ProcessHandOver implements HandOver {
  readonly #clock: OwnClock;
  #goOn: () => void = () => {};
  #requested: HandOverOrder | undefined;
  #asked = freshSignal();
  #atWork = 0;
  readonly #whenQuiet = new Set<() => void>();
  /** Those who ask are served one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #underWay: Promise<void> | undefined;

  constructor(clock: OwnClock) {
    this.#clock = clock;
  }

  get requested(): HandOverOrder | undefined {
    return this.#requested;
  }

  get signal(): AbortSignal {
    return this.#asked.signal;
  }

  request(order: HandOverOrder, folder: string): Promise<void> {
    const asked = this.#turn.then(() => this.#serve(order, folder));
    this.#turn = asked.catch(() => undefined);
    return asked;
  }

  async #serve(order: HandOverOrder, folder: string): Promise<void> {
    if (this.#requested) return;
    await countRestart(folder, order.maxPerDay, this.#clock.now());
    this.#requested = order;
    this.#goOn = this.#clock.busy();
    this.#asked.abort(new WranglerError("CANCELED", "The process hands over to a restart."));
  }

  enter(): () => void {
    this.#atWork++;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#atWork--;
      if (this.#atWork > 0) return;
      for (const tell of this.#whenQuiet) tell();
      this.#whenQuiet.clear();
    };
  }

  async carryOut(stop?: AbortSignal): Promise<void> {
    const order = this.#requested;
    if (!order || stop?.aborted) return;
    this.#underWay ??= this.#carryOut(order).finally(() => {
      this.#underWay = undefined;
    });
    await Promise.race([this.#underWay, ...(stop ? [aborted(stop)] : [])]);
  }

  async #carryOut(order: HandOverOrder): Promise<void> {
    try {
      if (this.#atWork > 0) await new Promise<void>((quiet) => this.#whenQuiet.add(quiet));
      await outlived(order);
    } finally {
      this.#requested = undefined;
      this.#asked = freshSignal();
      this.#goOn();
    }
  }
}

/** Resolves when the process still lives after all that a command may take to end it. */
async function outlived(order: HandOverOrder): Promise<void> {
  const over = new AbortController();
  // The world outside goes by the machine's clock.
  const forget = systemClock.after(order.withinMs, () => over.abort());
  try {
    const failed = await Promise.race([hasFailedDetached(order), aborted(over.signal)]);
    // A command that ended well may have asked others to do it.
    if (failed !== true) await aborted(over.signal);
  } finally {
    forget();
  }
}

/** Every run listens to it. */
function freshSignal(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
