/** What a command does when it is asked to end: more and more at once, request by request. */
import { setMaxListeners } from "node:events";
import type { Host, InterruptSignal } from "./host.ts";

/** Exit statuses, 128 and the number of the signal. */
const STATUS: Readonly<Record<InterruptSignal, number>> = { SIGINT: 130, SIGTERM: 143 };

interface Ending {
  /** Tells what the request does. */
  readonly tell: (line: string) => void;
  /** Ends the process at once. */
  readonly exit: (status: number) => void;
}

export class Interruption {
  readonly #drain = abortController();
  readonly #end = abortController();
  readonly #ending: Ending;
  /** Stops listening. */
  readonly stop: () => void;
  /** Whether the first request drains, and what is said of it. */
  #drains = false;
  #words = "ending what is in hand";
  #by: InterruptSignal | undefined;

  constructor(host: Host, ending: Ending) {
    this.#ending = ending;
    this.stop = host.onInterrupt((signal) => this.#take(signal));
  }

  /** Exit status of a command that was asked to end; undefined when it was not. */
  get status(): number | undefined {
    return this.#by && STATUS[this.#by];
  }

  /** Aborted when what is at work is to end at once. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  /** From here on the first request only aborts this signal: what is at work may end. */
  draining(): AbortSignal {
    this.#drains = true;
    return this.#drain.signal;
  }

  /** From here on the first request is told in these words. */
  say(words: string): void {
    this.#words = words;
  }

  #take(signal: InterruptSignal): void {
    this.#by = signal;
    const drained = !this.#drains || this.#drain.signal.aborted;
    if (this.#end.signal.aborted) this.#ending.exit(STATUS[signal]);
    else if (drained) this.#endNow();
    else this.#drainFirst();
  }

  #drainFirst(): void {
    this.#ending.tell(
      "Interrupted: no new task starts, those at work may end; interrupt again to end them at once.",
    );
    this.#drain.abort();
  }

  #endNow(): void {
    this.#ending.tell(`Interrupted: ${this.#words}; interrupt again to stop at once.`);
    this.#drain.abort();
    this.#end.abort();
  }
}

/** A controller that any number may listen to: every query in hand does. */
function abortController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
