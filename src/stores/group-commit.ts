import { WranglerError } from "../core/index.ts";
import { type Connection, unusable } from "./database.ts";

/** In whose name something is written: a run, and the number of the lease it is executed under. */
export interface Claim {
  readonly runId: string;
  /** Undefined without a lease: then the write is refused. */
  readonly token: number | undefined;
}

interface Entry {
  readonly claim: Claim;
  readonly write: () => void;
  readonly after: (() => void) | undefined;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * The one queue of writes to a file. All that comes within one turn of the event loop goes to disk
 * in one transaction, so that many tasks share one flush; entries keep the order of their calls.
 *
 * Whether a run is still ours is asked within the transaction: entries of a run that another process
 * has taken over are refused, those of other runs are written.
 */
export class GroupCommit {
  readonly #database: Connection;
  readonly #transaction: { immediate(entries: readonly Entry[]): ReadonlySet<Entry> };
  #waiting: Entry[] = [];
  #timer: NodeJS.Immediate | undefined;
  #isTelling = false;

  /** @param isOurs Asked inside each transaction, once for each claim under which it writes. */
  constructor(database: Connection, isOurs: (runId: string, token: number) => boolean) {
    this.#database = database;
    this.#transaction = database.transaction((entries: readonly Entry[]) => {
      const known = new Map<string, boolean>();
      const lost = new Set<Entry>();
      for (const entry of entries) {
        const { runId, token } = entry.claim;
        const key = `${runId}.${token}`;
        const ours = known.get(key) ?? (token !== undefined && isOurs(runId, token));
        known.set(key, ours);
        if (ours) entry.write();
        else lost.add(entry);
      }
      return lost;
    });
  }

  /**
   * Have `write` run in the next transaction, and `after`, which does not throw, once it is on disk. `write` may run twice:
   * when the transaction fails, each of its entries is tried by itself.
   *
   * @throws {WranglerError} RUN_LOST when the run is not ours any more, STORE_UNUSABLE when the disk
   *   refuses. Nothing of it was written.
   */
  write(claim: Claim, write: () => void, after?: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ claim, write, after, resolve, reject });
      this.#timer ??= setImmediate(() => this.flush());
    });
  }

  /** Write at once what waits. While news is told it waits all the same: news keeps its order. */
  flush(): void {
    if (this.#isTelling) return;
    clearImmediate(this.#timer);
    this.#timer = undefined;
    const entries = this.#waiting;
    if (entries.length === 0) return;
    this.#waiting = [];
    const failed = this.#commit(entries);
    if (!failed) return;
    if (entries.length > 1) this.#commitEach(entries);
    else entries[0]?.reject(failed);
  }

  /** After an entry that cannot be written none of its run follows: their order is kept. */
  #commitEach(entries: readonly Entry[]): void {
    const failures = new Map<string, Error>();
    for (const entry of entries) {
      const failed = failures.get(entry.claim.runId) ?? this.#commit([entry]);
      if (!failed) continue;
      failures.set(entry.claim.runId, failed);
      entry.reject(failed);
    }
  }

  /** One transaction, and the news of it; what made it fail as a whole. */
  #commit(entries: readonly Entry[]): Error | undefined {
    let lost: ReadonlySet<Entry>;
    try {
      lost = this.#transaction.immediate(entries);
    } catch (error) {
      return unusable(this.#database.name, error);
    }
    this.#isTelling = true;
    for (const entry of entries) {
      if (lost.has(entry)) {
        entry.reject(runLost(entry.claim.runId));
        continue;
      }
      entry.after?.();
      entry.resolve();
    }
    this.#isTelling = false;
    return undefined;
  }
}

/** The refusal of a write to a run that another process has taken over. */
export function runLost(runId: string): WranglerError {
  return new WranglerError("RUN_LOST", `Run ${runId}.`, { runId });
}
