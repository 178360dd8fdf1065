/** Which process is the service of a store, and what it last told of itself. */
import { z } from "zod";
import { isWranglerError, WranglerError } from "../core/index.ts";
import type { HealthCheck, ServiceHealth } from "../orchestration/index.ts";
import { type Connection, transact } from "./database.ts";
import type { Leases } from "./leases.ts";
import { type Owner, thisOwner } from "./owner.ts";

/** Where the lease of the service stands among those of runs; no run can have such an id. */
export const SERVICE_KEY = "@service";

export const SERVICE_SCHEMA = `
CREATE TABLE service (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  pid INTEGER NOT NULL,
  host TEXT NOT NULL,
  started_at TEXT NOT NULL,
  at TEXT NOT NULL,
  config_path TEXT NOT NULL,
  url TEXT,
  checks TEXT NOT NULL
);`;

/** What a service tells of itself with each heartbeat. */
export type Heartbeat = Pick<ServiceHealth, "startedAt" | "at" | "configPath" | "url" | "checks">;

/** The right of one process to be the service of a store. */
export interface ServiceLease {
  /** Aborted with SERVICE_BUSY when another process became the service. */
  readonly lost: AbortSignal;
  /** @throws {WranglerError} SERVICE_BUSY when another process became it. */
  beat(heartbeat: Heartbeat): void;
  /** Nothing is told of it any more. */
  release(): void;
}

export interface ServicePost {
  /**
   * Become the service.
   *
   * @throws {WranglerError} SERVICE_BUSY, naming process and machine, when another process is it.
   */
  take(): ServiceLease;
  /** The last that a service told of itself; undefined when it ended in order, or there was none. */
  read(): ServiceHealth | undefined;
  /** The live process that is the service. */
  holder(): Owner | undefined;
}

const Checks: z.ZodType<HealthCheck[]> = z.array(
  z.object({
    name: z.string(),
    level: z.enum(["ok", "warning", "failing"]),
    text: z.string(),
    remedy: z.string().nullable(),
  }),
);

interface Row extends Omit<Heartbeat, "checks"> {
  readonly pid: number;
  readonly host: string;
  readonly checks: string;
}

export function servicePost(database: Connection, leases: Leases): ServicePost {
  const holder = (): Owner | undefined => leases.holder(SERVICE_KEY);
  return {
    take() {
      const token = takeLease(leases);
      return {
        lost: lostSignal(leases, token),
        beat: (heartbeat) =>
          transact(database, () => {
            if (!leases.isOurs(SERVICE_KEY, token)) throw serviceBusy(leases);
            put(database, heartbeat);
          }),
        release() {
          if (leases.held(SERVICE_KEY)?.token !== token) return;
          database.prepare("DELETE FROM service").run();
          leases.release(SERVICE_KEY, token);
        },
      };
    },
    read() {
      const row = database
        .prepare<[], Row>(
          `SELECT pid, host, started_at AS startedAt, at, config_path AS configPath, url, checks
           FROM service`,
        )
        .get();
      if (!row) return undefined;
      const owner = holder();
      const alive = owner?.pid === row.pid && owner.host === row.host;
      return { ...row, alive, checks: Checks.parse(JSON.parse(row.checks)) };
    },
    holder,
  };
}

/** Another process is the service, or was when we looked. */
export function serviceBusy(leases: Leases): WranglerError {
  const owner = leases.holder(SERVICE_KEY);
  if (!owner) return new WranglerError("SERVICE_BUSY", "It took over from this one.");
  const { pid, host } = owner;
  return new WranglerError("SERVICE_BUSY", `It is process ${pid} on ${host}.`, { pid, host });
}

function takeLease(leases: Leases): number {
  try {
    return leases.take(SERVICE_KEY);
  } catch (error) {
    throw isWranglerError(error) && error.code === "RUN_BUSY" ? serviceBusy(leases) : error;
  }
}

function lostSignal(leases: Leases, token: number): AbortSignal {
  const lost = new AbortController();
  const held = leases.held(SERVICE_KEY);
  const onLost = () => lost.abort(serviceBusy(leases));
  if (held?.token === token) held.lost.addEventListener("abort", onLost, { once: true });
  else onLost();
  return lost.signal;
}

function put(database: Connection, heartbeat: Heartbeat): void {
  const { pid, host } = thisOwner();
  database
    .prepare(
      `INSERT OR REPLACE INTO service (one, pid, host, started_at, at, config_path, url, checks)
       VALUES (1, @pid, @host, @startedAt, @at, @configPath, @url, @checks)`,
    )
    .run({ ...heartbeat, pid, host, checks: JSON.stringify(heartbeat.checks) });
}
