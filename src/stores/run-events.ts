import type { ProgressEvent } from "../orchestration/index.ts";
import type { EventRows, Sequence } from "./event-rows.ts";

type Listener = (event: ProgressEvent) => void;

/** Numbers of the events of the runs that this store executes, and who wants to hear of them. */
export class RunEvents {
  readonly #last = new Map<string, number>();
  readonly #listeners = new Map<string, Set<Listener>>();

  /** Go on counting after what is on disk. */
  countFrom(runId: string, seq: number): void {
    this.#last.set(runId, Math.max(seq, this.#last.get(runId) ?? 0));
  }

  /** The run is not ours any more. */
  forget(runId: string): void {
    this.#last.delete(runId);
  }

  sequence(runId: string): Sequence {
    return {
      next: () => {
        const seq = (this.#last.get(runId) ?? 0) + 1;
        this.#last.set(runId, seq);
        return seq;
      },
    };
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

  /** What a listener throws is thrown on its own: the event is on disk, the run goes on. */
  readonly emit = (event: ProgressEvent): void => {
    for (const listener of this.#listeners.get(event.runId) ?? []) {
      try {
        listener(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  };
}

/**
 * Events of several files in one sequence. Numbers are given as events become durable, so all that
 * come before an event that was read are on disk by then. But a file that was read early may have
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
