import { WranglerError } from "../core/index.ts";
import { type Connection, unusable } from "./database.ts";
import { type LogSync, WalSync } from "./wal-sync.ts";

/** In whose name something is written: a run, and the number of the lease it is executed under. */
export interface Claim {
  readonly runId: string;
  /** Undefined without a lease: then the write is refused. */
  readonly token: number | undefined;
}

/** Something to write, and what follows from it. */
export interface Work {
  /** Done within a transaction; once more when that transaction fails. */
  readonly write: () => void;
  /** It is on disk. Does not throw. */
  readonly done?: () => void;
  /** It was refused, or is not surely on disk. Does not throw. */
  readonly failed?: () => void;
}

interface Entry extends Work {
  readonly claim: Claim;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** An entry whose transaction was committed, and what is wrong with it all the same. */
interface Written {
  readonly entry: Entry;
  readonly error: Error | undefined;
}

/** Most entries of one transaction: others of the process wait while it is made. */
const MOST_AT_ONCE = 64;
/** Most entries told of in one turn of the event loop: each sets its task going, others wait. */
const TOLD_AT_ONCE = 4;

/**
 * The one queue of writes to a file. All that comes within one turn of the event loop goes to disk
 * in one transaction, and all that comes while the disk is flushed in the next, so that many tasks
 * share one flush; entries keep the order of their calls. There is one flush at a time.
 *
 * Committed is not yet done: who reads the file, in this process or another, may see what is lost
 * with the power. What resolves is on disk. After a flush that failed nobody knows what is, so
 * nothing is taken any more.
 *
 * Whether a run is still ours is asked within the transaction: entries of a run that another process
 * has taken over are refused, those of other runs are written.
 */
export class GroupCommit {
  readonly #database: Connection;
  readonly #log: LogSync;
  readonly #transaction: { immediate(entries: readonly Entry[]): ReadonlySet<Entry> };
  #waiting: Entry[] = [];
  /** Committed, and for the next flush. */
  #written: Written[] = [];
  /** What the flush under way is for. */
  #flushing: readonly Written[] | undefined;
  /** What is over, and not yet told of. */
  readonly #over: Written[] = [];
  #isTelling = false;
  #isTellDue = false;
  #commitTimer: NodeJS.Immediate | undefined;
  #broken: Error | undefined;

  /** @param isOurs Asked inside each transaction, once for each claim under which it writes. */
  constructor(
    database: Connection,
    isOurs: (runId: string, token: number) => boolean,
    log: LogSync = new WalSync(database),
  ) {
    this.#database = database;
    this.#log = log;
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
   * Have something written in the next transaction; resolves when it is on disk.
   *
   * @throws {WranglerError} RUN_LOST when the run is not ours any more, STORE_UNUSABLE when the disk
   *   refuses: nothing of it was written, unless a flush failed.
   */
  write(claim: Claim, work: Work): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry = { ...work, claim, resolve, reject };
      if (this.#broken) refuse(entry, this.#broken);
      else this.#waiting.push(entry);
      this.#schedule();
    });
  }

  /** Commit at once what waits, so that whoever reads the file sees it. */
  commit(): void {
    while (this.#waiting.length > 0) this.#commitSome();
    this.#schedule();
  }

  /** Put on disk at once what waits; if a run is given, only when something of that run does. */
  flush(runId?: string): void {
    if (runId !== undefined && !this.#concerns(runId)) return;
    this.commit();
    const batch = [...(this.#flushing ?? []), ...this.#written];
    this.#flushing = undefined;
    this.#written = [];
    if (batch.length > 0) this.#end(batch, this.#flushNow());
    this.#tell(Number.POSITIVE_INFINITY);
  }

  /** Put on disk what waits, take nothing more, and let go of the log. */
  close(): void {
    this.flush();
    clearImmediate(this.#commitTimer);
    this.#broken ??= unusable(this.#database.name, new Error("it is closed."));
    for (const entry of this.#waiting.splice(0)) refuse(entry, this.#broken);
    this.#log.close();
  }

  #concerns(runId: string): boolean {
    const written = [...this.#over, ...(this.#flushing ?? []), ...this.#written].map(
      ({ entry }) => entry,
    );
    return [...this.#waiting, ...written].some(({ claim }) => claim.runId === runId);
  }

  #schedule(): void {
    if (this.#flushing || this.#waiting.length + this.#written.length === 0) return;
    this.#commitTimer ??= setImmediate(() => {
      this.#commitTimer = undefined;
      if (this.#flushing) return;
      this.#commitSome();
      this.#startFlush();
    });
  }

  #startFlush(): void {
    const batch = this.#written;
    if (batch.length === 0) return this.#schedule();
    this.#written = [];
    this.#flushing = batch;
    this.#log.flush((error) => {
      // It was flushed and told of at once meanwhile.
      if (this.#flushing !== batch) return;
      this.#flushing = undefined;
      this.#end(batch, error);
      this.#tell(TOLD_AT_ONCE);
      this.#schedule();
    });
  }

  #flushNow(): unknown {
    try {
      this.#log.flushNow();
      return null;
    } catch (error) {
      return error;
    }
  }

  #commitSome(): void {
    const entries = this.#waiting.splice(0, MOST_AT_ONCE);
    if (entries.length === 0) return;
    const error = this.#transact(entries);
    if (!error) return;
    if (entries.length === 1) this.#dropRun(entries, error);
    else this.#commitEach(entries);
  }

  #commitEach(entries: Entry[]): void {
    for (let entry = entries.shift(); entry; entry = entries.shift()) {
      const error = this.#transact([entry]);
      if (error) entries = this.#dropRun([entry, ...entries], error);
    }
  }

  /** After an entry that cannot be written none of its run follows: their order is kept. */
  #dropRun(entries: Entry[], error: Error): Entry[] {
    const runId = entries[0]?.claim.runId;
    const ofRun = ({ claim }: Entry) => claim.runId === runId;
    const dropped = [...entries, ...this.#waiting].filter((entry) => ofRun(entry));
    this.#waiting = this.#waiting.filter((entry) => !ofRun(entry));
    for (const entry of dropped) refuse(entry, error);
    return entries.filter((entry) => !ofRun(entry));
  }

  /** One transaction; what made it fail as a whole. */
  #transact(entries: readonly Entry[]): Error | undefined {
    try {
      const lost = this.#log.unflushed(() => this.#transaction.immediate(entries));
      for (const entry of entries) {
        const error = lost.has(entry) ? runLost(entry.claim.runId) : undefined;
        this.#written.push({ entry, error });
      }
      return undefined;
    } catch (error) {
      return unusable(this.#database.name, error);
    }
  }

  /** A flush has ended. When it failed, so has all that comes after it. */
  #end(batch: readonly Written[], cause: unknown): void {
    if (cause === null) {
      this.#over.push(...batch);
      return;
    }
    const broken = (this.#broken ??= unusable(this.#database.name, cause));
    const failed = [...batch, ...this.#written];
    this.#written = [];
    this.#over.push(...failed.map(({ entry, error }) => ({ entry, error: error ?? broken })));
    for (const entry of this.#waiting.splice(0)) refuse(entry, broken);
  }

  /** Whoever hears of it may cause a flush at once: what that has ended is told of after this. */
  #tell(most: number): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    for (let n = 0; n < most; n++) {
      const over = this.#over.shift();
      if (!over) break;
      const { entry, error } = over;
      if (error) refuse(entry, error);
      else {
        entry.done?.();
        entry.resolve();
      }
    }
    this.#isTelling = false;
    if (this.#over.length === 0 || this.#isTellDue) return;
    this.#isTellDue = true;
    setImmediate(() => {
      this.#isTellDue = false;
      this.#tell(TOLD_AT_ONCE);
    });
  }
}

function refuse({ failed, reject }: Entry, error: Error): void {
  failed?.();
  reject(error);
}

/** The refusal of a write to a run that another process has taken over. */
export function runLost(runId: string): WranglerError {
  return new WranglerError("RUN_LOST", `Run ${runId}.`, { runId });
}
