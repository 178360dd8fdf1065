import { WranglerError } from "../core/index.ts";
import { type Connection, transact } from "./database.ts";
import { type Claim, runLost } from "./group-commit.ts";
import { isGone, type Owner, thisOwner } from "./owner.ts";

/** The wait after the loss of a whole machine; of a process of this machine it is none. */
export const DEFAULT_LEASE_MS = 9_000;
/** Beats within the life of a lease: one that is late or refused by a busy disk does not lose it. */
const BEATS = 3;

export const LEASES_SCHEMA = `
CREATE TABLE leases (
  run_id TEXT PRIMARY KEY,
  number INTEGER NOT NULL,
  token TEXT NOT NULL,
  pid INTEGER NOT NULL,
  host TEXT NOT NULL,
  born TEXT NOT NULL,
  expires_at INTEGER NOT NULL
);`;

interface LeaseRow extends Owner {
  readonly number: number;
  readonly expires_at: number;
}

/** The right of one process to execute one run. */
export interface Lease {
  /** Rises with each time that the run is taken: what stands behind the fence of each file. */
  readonly token: number;
  /** Whether nobody took the run since. A lease that ran out is ours until somebody does. */
  isHeld(): boolean;
  /** Aborted with RUN_LOST when a heartbeat or a write finds that another process took the run. */
  readonly lost: AbortSignal;
  /** Write what waits, and let go. */
  release(): void;
}

interface Held {
  readonly token: number;
  readonly lost: AbortController;
  readonly heartbeat: NodeJS.Timeout;
}

/** The leases of all runs, and those that this store holds. */
export class Leases {
  readonly #database: Connection;
  readonly #leaseMs: number;
  readonly #held = new Map<string, Held>();
  /** Number that this store has of a run, or had when it was taken over; not those it released. */
  readonly #lastToken = new Map<string, number>();
  readonly #select;
  readonly #upsert;
  readonly #renew;
  readonly #expire;

  constructor(database: Connection, leaseMs: number) {
    this.#database = database;
    this.#leaseMs = leaseMs;
    this.#select = database.prepare<[string], LeaseRow>("SELECT * FROM leases WHERE run_id = ?");
    this.#upsert = database.prepare(
      `INSERT INTO leases (run_id, number, token, pid, host, born, expires_at)
       VALUES (@runId, @number, @token, @pid, @host, @born, @expiresAt)
       ON CONFLICT (run_id) DO UPDATE SET number = excluded.number, token = excluded.token,
         pid = excluded.pid, host = excluded.host, born = excluded.born,
         expires_at = excluded.expires_at`,
    );
    const where = "WHERE run_id = ? AND number = ?";
    this.#renew = database.prepare(`UPDATE leases SET expires_at = ? ${where}`);
    this.#expire = database.prepare(`UPDATE leases SET expires_at = 0 ${where}`);
  }

  /** Take a run; throws RUN_BUSY when a live process holds it. Gives the lease's number. */
  take(runId: string): number {
    const token = transact(this.#database, () => {
      const row = this.#select.get(runId);
      if (row && isLive(row)) throw busy(runId, row);
      const number = (row?.number ?? 0) + 1;
      const expiresAt = Date.now() + this.#leaseMs;
      this.#upsert.run({ runId, number, ...thisOwner(), expiresAt });
      return number;
    });
    // An earlier lease of ours that ran out and was taken by ourselves again is lost too.
    this.#lose(runId);
    const heartbeat = setInterval(() => this.#beat(runId, token), this.#leaseMs / BEATS);
    heartbeat.unref();
    this.#held.set(runId, { token, lost: new AbortController(), heartbeat });
    this.#lastToken.set(runId, token);
    return token;
  }

  /** Number and signal of a lease that this store has not released or lost. */
  held(runId: string): { readonly token: number; readonly lost: AbortSignal } | undefined {
    const held = this.#held.get(runId);
    return held && { token: held.token, lost: held.lost.signal };
  }

  /** Whether a run is ours, asked of the file; asked inside a transaction it is the fence. */
  isOurs(runId: string, token: number): boolean {
    if (this.#held.get(runId)?.token !== token) return false;
    if (this.#select.get(runId)?.number === token) return true;
    this.#lose(runId);
    return false;
  }

  /**
   * Whether the record of a run may be changed: not when it was taken over from us, and not while
   * another process executes it.
   */
  mayNote(runId: string): boolean {
    const row = this.#select.get(runId);
    const last = this.#lastToken.get(runId);
    if (last !== undefined) return row?.number === last;
    return !row || !isLive(row);
  }

  /** In whose name this store writes of a run now. */
  claim(runId: string): Claim {
    return { runId, token: this.#held.get(runId)?.token };
  }

  /** A fence that stands in another file has a higher number than ours. */
  lose(runId: string, token: number): void {
    if (this.#held.get(runId)?.token === token) this.#lose(runId);
  }

  holder(runId: string): Owner | undefined {
    const row = this.#select.get(runId);
    return row && isLive(row) ? row : undefined;
  }

  release(runId: string, token: number): void {
    const held = this.#held.get(runId);
    if (held?.token !== token) return;
    clearInterval(held.heartbeat);
    this.#held.delete(runId);
    this.#lastToken.delete(runId);
    this.#expire.run(runId, token);
  }

  /** Release all, for the end of the store. */
  releaseAll(): void {
    for (const [runId, { token }] of this.#held) this.release(runId, token);
  }

  /**
   * A renewal that the file refuses, being busy or full, is made again by the next beat: until one
   * succeeds the lease runs down, and whoever takes it then is seen by the fence.
   */
  #beat(runId: string, token: number): void {
    try {
      const { changes } = this.#renew.run(Date.now() + this.#leaseMs, runId, token);
      if (changes === 0) this.lose(runId, token);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      process.emitWarning(`The lease of run ${runId} could not be renewed: ${reason}`);
    }
  }

  #lose(runId: string): void {
    const held = this.#held.get(runId);
    if (!held) return;
    clearInterval(held.heartbeat);
    this.#held.delete(runId);
    held.lost.abort(runLost(runId));
  }
}

function isLive(row: LeaseRow): boolean {
  return row.expires_at > Date.now() && !isGone(row);
}

function busy(runId: string, { pid, host }: Owner): WranglerError {
  return new WranglerError("RUN_BUSY", `Run ${runId}: process ${pid} on ${host}.`, {
    runId,
    pid,
    host,
  });
}
