/** What a supervisor is told, where systemd started the service. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Log } from "../core/index.ts";
import { sentenceOf } from "./workshop.ts";

const NOTIFY = "systemd-notify";
const TIMEOUT_MS = 5_000;
const MICROS_PER_MS = 1_000;
const NANOS_PER_MICRO = 1_000n;

type Environment = Readonly<Record<string, string | undefined>>;

/** Each resolves when it was told, or could not be; nothing is told without a supervisor. */
export interface Supervisor {
  ready(status: string): Promise<void>;
  reloading(): Promise<void>;
  stopping(status: string): Promise<void>;
  /** Say again and again that the service is alive, while it is, if the supervisor wants to hear. */
  keepAlive(isAlive: () => boolean): void;
  close(): void;
}

export function supervisor(env: Environment, log: Log): Supervisor {
  if (env["NOTIFY_SOCKET"] === undefined) return nobody;
  let turn: Promise<void> = Promise.resolve();
  let beat: NodeJS.Timeout | undefined;
  /** One after the other: the last word counts. */
  const say = async (before: Promise<void>, words: readonly string[]): Promise<void> => {
    await before;
    try {
      await promisify(execFile)(NOTIFY, words, { env: { ...env }, timeout: TIMEOUT_MS });
    } catch (error) {
      log.warn({ reason: sentenceOf(error) }, `${NOTIFY} failed`);
    }
  };
  const tell = (...words: readonly string[]): Promise<void> => (turn = say(turn, words));
  return {
    ready: (status) => tell("READY=1", `STATUS=${status}`),
    reloading: () =>
      tell("RELOADING=1", `MONOTONIC_USEC=${process.hrtime.bigint() / NANOS_PER_MICRO}`),
    stopping: (status) => tell("STOPPING=1", `STATUS=${status}`),
    keepAlive(isAlive) {
      clearInterval(beat);
      const everyMs = watchdogMs(env);
      if (everyMs === undefined) return;
      // Often enough that one that is late does no harm.
      beat = setInterval(() => isAlive() && void tell("WATCHDOG=1"), everyMs / 2);
    },
    close: () => clearInterval(beat),
  };
}

/** How long the supervisor waits for a sign of life; undefined when it does not, or not for this process. */
function watchdogMs({ WATCHDOG_USEC: usec, WATCHDOG_PID: pid }: Environment): number | undefined {
  if (usec === undefined || (pid !== undefined && pid !== String(process.pid))) return undefined;
  const ms = Number(usec) / MICROS_PER_MS;
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

const nobody: Supervisor = {
  ready: () => Promise.resolve(),
  reloading: () => Promise.resolve(),
  stopping: () => Promise.resolve(),
  keepAlive: () => undefined,
  close: () => undefined,
};
