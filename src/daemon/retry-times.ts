/** First wait after a failure; each further one is twice as long. */
const FIRST_MS = 30_000;
const LONGEST_MS = 15 * 60_000;

interface Failed {
  readonly tries: number;
  /** Milliseconds since the epoch. */
  readonly againAtMs: number;
  readonly message: string;
}

/** What could not be started or resumed, and when that is tried again. */
export class RetryTimes {
  readonly #failed = new Map<string, Failed>();

  failed(key: string, message: string, nowMs: number): void {
    const tries = (this.#failed.get(key)?.tries ?? 0) + 1;
    const waitMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** (tries - 1));
    this.#failed.set(key, { tries, message, againAtMs: nowMs + waitMs });
  }

  /** When to try again; undefined: at once. A clock that was set back makes no wait longer. */
  waitsUntil(key: string, nowMs: number): number | undefined {
    const failed = this.#failed.get(key);
    const isWaiting = failed && failed.againAtMs > nowMs && failed.againAtMs - nowMs <= LONGEST_MS;
    return isWaiting ? failed.againAtMs : undefined;
  }

  message(key: string): string | undefined {
    return this.#failed.get(key)?.message;
  }

  forget(key: string): void {
    this.#failed.delete(key);
  }

  /** Forget all but these. */
  keep(keys: ReadonlySet<string>): void {
    for (const key of this.#failed.keys()) if (!keys.has(key)) this.#failed.delete(key);
  }

  all(): readonly { readonly key: string; readonly message: string }[] {
    return [...this.#failed].map(([key, { message }]) => ({ key, message }));
  }
}
