/** Listens once to each signal, however many wait under it: tasks of a run share theirs. */
export class Aborts {
  readonly #heeding = new Map<AbortSignal, { thens: Set<() => void>; heard: () => void }>();
  readonly #afterwards: () => void;

  /** @param afterwards - Called once all that waited under an aborted signal were told. */
  constructor(afterwards: () => void) {
    this.#afterwards = afterwards;
  }

  /** @returns Stops listening. */
  on(signal: AbortSignal, then: () => void): () => void {
    const { thens, heard } = this.#heeding.get(signal) ?? this.#listen(signal);
    thens.add(then);
    return () => {
      thens.delete(then);
      if (thens.size > 0) return;
      this.#heeding.delete(signal);
      signal.removeEventListener("abort", heard);
    };
  }

  #listen(signal: AbortSignal): { thens: Set<() => void>; heard: () => void } {
    const thens = new Set<() => void>();
    const heard = () => {
      this.#heeding.delete(signal);
      for (const then of thens) then();
      this.#afterwards();
    };
    const entry = { thens, heard };
    this.#heeding.set(signal, entry);
    signal.addEventListener("abort", heard, { once: true });
    return entry;
  }
}
