import type { ProgressEvent } from "../orchestration/index.ts";
import type { EventRows, Sequence } from "./event-rows.ts";
import { RunNews } from "./run-news.ts";

type Listener = (event: ProgressEvent) => void;

/** Events of one entry: numbered within its transaction, told in their turn, or dropped with it. */
export interface Announcement extends Sequence {
  /** They are on disk: those that listen hear of them once they have heard of all before. */
  tell(events: readonly ProgressEvent[]): void;
  /** Their numbers stay unused: the transaction failed. */
  drop(): void;
}

/** Numbers of the events of the runs that this store executes, and who wants to hear of them. */
export class RunEvents {
  readonly #news = new Map<string, RunNews>();
  readonly #listeners = new Map<string, Set<Listener>>();

  /** Go on counting after what is on disk. */
  countFrom(runId: string, seq: number): void {
    this.#newsOf(runId).countFrom(seq);
  }

  /** The run is not ours any more. */
  forget(runId: string): void {
    this.#news.delete(runId);
  }

  announce(runId: string): Announcement {
    let news = this.#newsOf(runId);
    let taken: number[] = [];
    return {
      next: () => {
        // What waited since before the run was let go of and taken again counts with the rest.
        if (taken.length === 0) news = this.#newsOf(runId);
        const seq = news.next();
        taken.push(seq);
        return seq;
      },
      tell: (events) => {
        for (const event of events) news.settle(event.seq, event);
        taken = [];
      },
      drop: () => {
        for (const seq of taken) news.settle(seq);
        taken = [];
      },
    };
  }

  /** Resolves when all events of a run that have a number were told, or dropped. */
  told(runId: string): Promise<void> {
    return this.#newsOf(runId).told();
  }

  listen(runId: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(runId) ?? new Set();
    this.#listeners.set(runId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(runId) === listeners) {
        this.#listeners.delete(runId);
      }
    };
  }

  #newsOf(runId: string): RunNews {
    const known = this.#news.get(runId);
    if (known) return known;
    const news = new RunNews((event) => this.#emit(event));
    this.#news.set(runId, news);
    return news;
  }

  /** What a listener throws is thrown on its own: the event is on disk, the run goes on. */
  #emit(event: ProgressEvent): void {
    for (const listener of this.#listeners.get(event.runId) ?? []) {
      try {
        listener(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

/**
 * Events of several files in one sequence. Numbers are given as events are committed, so all that
 * come before an event that was read can be read by then. But a file that was read early may have
 * got some since: where numbers are missing, the files are read once more up to the last one seen.
 */
export function mergeEvents(
  files: readonly Pick<EventRows, "after">[],
  runId: string,
  afterSeq: number,
): ProgressEvent[] {
  const read = () =>
    files.flatMap((file) => file.after(runId, afterSeq)).toSorted((a, b) => a.seq - b.seq);
  const first = read();
  const last = first.at(-1)?.seq ?? afterSeq;
  if (first.length === last - afterSeq) return first;
  return read().filter((event) => event.seq <= last);
}
