import type { ProgressEvent } from "../orchestration/index.ts";

/** A number that was given, and what came of it. */
interface Ticket {
  readonly seq: number;
  isSettled: boolean;
  event: ProgressEvent | undefined;
}

/**
 * Numbers of one run's events, and the order in which they are told: the files of a run are flushed
 * each in its own time, and news waits until all that has a smaller number is told or dropped.
 */
export class RunNews {
  readonly #emit: (event: ProgressEvent) => void;
  #last = 0;
  /** By number, from the first that is not settled. */
  readonly #open: Ticket[] = [];
  readonly #waiting: { readonly seq: number; readonly resolve: () => void }[] = [];
  #isTelling = false;

  /** @param emit Does not throw. */
  constructor(emit: (event: ProgressEvent) => void) {
    this.#emit = emit;
  }

  /** Go on counting after what is on disk. */
  countFrom(seq: number): void {
    this.#last = Math.max(seq, this.#last);
  }

  next(): number {
    const seq = ++this.#last;
    this.#open.push({ seq, isSettled: false, event: undefined });
    return seq;
  }

  /** An event is on disk; or its number stays unused. */
  settle(seq: number, event?: ProgressEvent): void {
    const ticket = this.#open.find((one) => one.seq === seq);
    if (!ticket) return;
    ticket.isSettled = true;
    ticket.event = event;
    this.#tell();
  }

  /** Resolves when all that has a number now was told or dropped. */
  told(): Promise<void> {
    const last = this.#open.at(-1);
    if (!last) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ seq: last.seq, resolve }));
  }

  /** What a listener causes to be settled is told after what it hears. */
  #tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    for (let [first] = this.#open; first?.isSettled; [first] = this.#open) {
      this.#open.shift();
      if (first.event) this.#emit(first.event);
    }
    this.#isTelling = false;
    const next = this.#open[0]?.seq ?? Number.POSITIVE_INFINITY;
    while ((this.#waiting[0]?.seq ?? next) < next) this.#waiting.shift()?.resolve();
  }
}
