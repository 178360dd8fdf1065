import { WranglerError } from "../core/index.ts";
import type { Connection } from "./database.ts";
import { isGone, type Owner, thisOwner } from "./owner.ts";

/** A lease lives this long without renewal: the wait after the loss of a whole machine. */
const LEASE_MS = 30_000;

interface LeaseRow {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
  readonly born: string;
  readonly expires_at: number;
}

/** The right of one process to execute one run. */
export interface Lease {
  /** Whether it is still ours; asked inside the transaction of each commit (fencing). */
  isHeld(): boolean;
  release(): void;
}

/**
 * Take the lease of a run. A lease whose process is gone from this machine is taken over at once,
 * one of another machine when it has expired.
 *
 * @throws {WranglerError} RUN_BUSY when another process holds it.
 */
export function takeLease(database: Connection, runId: string): Lease {
  const owner = thisOwner();
  const select = database.prepare<[string], LeaseRow>("SELECT * FROM leases WHERE run_id = ?");
  const upsert = database.prepare(
    "INSERT OR REPLACE INTO leases (run_id, token, pid, host, born, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const renew = database.prepare("UPDATE leases SET expires_at = ? WHERE run_id = ? AND token = ?");
  const remove = database.prepare("DELETE FROM leases WHERE run_id = ? AND token = ?");

  const take = database.transaction(() => {
    const held = select.get(runId);
    if (held && held.expires_at > Date.now() && !isGone(held)) throw busy(runId, held);
    upsert.run(runId, owner.token, owner.pid, owner.host, owner.born, Date.now() + LEASE_MS);
  });
  take.immediate();

  const heartbeat = setInterval(
    () => renew.run(Date.now() + LEASE_MS, runId, owner.token),
    LEASE_MS / 3,
  );
  heartbeat.unref();
  return {
    isHeld: () => select.get(runId)?.token === owner.token,
    release() {
      clearInterval(heartbeat);
      remove.run(runId, owner.token);
    },
  };
}

/** The process that executes a run right now, if any does. */
export function leaseHolder(database: Connection, runId: string): Owner | undefined {
  const held = database
    .prepare<[string], LeaseRow>("SELECT * FROM leases WHERE run_id = ?")
    .get(runId);
  return held && held.expires_at > Date.now() && !isGone(held) ? held : undefined;
}

function busy(runId: string, { pid, host }: Owner): WranglerError {
  return new WranglerError("RUN_BUSY", `Run ${runId}: process ${pid} on ${host}.`, {
    runId,
    pid,
    host,
  });
}
