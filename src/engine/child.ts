import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type Query, WranglerError } from "../core/index.ts";
import type { EngineOptions } from "./engine.ts";
import type { FromChild, ToChild } from "./protocol.ts";

/** How long an interrupted query may take to stop before its process is killed. */
const INTERRUPT_GRACE_MS = 5_000;

/** The process ended under a query; the message says why. */
export class ChildDeath extends Error {}

/** One engine process. */
export interface EngineChild {
  readonly pid: number | undefined;
  /** Throws {@link ChildDeath} when the process ends before it has answered. */
  ask(query: Query<unknown>, signal?: AbortSignal): Promise<readonly unknown[]>;
  /** Stop it at once. */
  end(): Promise<void>;
}

interface Pending {
  readonly resolve: (rows: readonly unknown[]) => void;
  readonly reject: (error: Error) => void;
}

/** Start a process and wait until its engine is open and locked in; `onExit` is told why it ended. */
export async function startChild(
  options: EngineOptions,
  onExit: (reason: string) => void,
): Promise<EngineChild> {
  const child = forkWorker();
  const pending = new Map<number, Pending>();
  child.on("message", (message: FromChild) => settle(pending, message));
  child.once("exit", (code, signal) => {
    const death = new ChildDeath(signal ? `signal ${signal}` : `exit status ${code}`);
    onExit(death.message);
    for (const waiting of pending.values()) waiting.reject(death);
    pending.clear();
  });
  const { folders, tempFolder, memoryLimit, threads } = options;
  post(child, { kind: "open", folders, tempFolder, memoryLimit, threads });
  await opened(child);

  let lastId = 0;
  return {
    pid: child.pid,
    async ask({ setup = [], sql }, signal) {
      const id = ++lastId;
      const answer = new Promise<readonly unknown[]>((resolve, reject) => {
        pending.set(id, { resolve, reject });
      });
      const stopListening = onAbort(child, id, signal);
      post(child, { kind: "ask", id, setup, sql });
      try {
        return await answer;
      } finally {
        pending.delete(id);
        stopListening();
      }
    },
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.disconnect();
      await gone;
    },
  };
}

/** Interrupt a query when the signal fires, now or later; kill the process if that does not help. */
function onAbort(child: ChildProcess, id: number, signal: AbortSignal | undefined): () => void {
  let killTimer: NodeJS.Timeout | undefined;
  const abort = () => {
    // After the question itself, which the caller posts once it listens.
    queueMicrotask(() => post(child, { kind: "abort", id }));
    killTimer = setTimeout(() => child.kill("SIGKILL"), INTERRUPT_GRACE_MS);
  };
  if (signal?.aborted) abort();
  else signal?.addEventListener("abort", abort, { once: true });
  return () => {
    clearTimeout(killTimer);
    signal?.removeEventListener("abort", abort);
  };
}

/** Run from source (tests, development) the worker needs the same loader as its parent. */
function forkWorker(): ChildProcess {
  const fromSource = import.meta.url.endsWith(".ts");
  const worker = new URL(fromSource ? "./worker.ts" : "./worker.js", import.meta.url);
  return fork(fileURLToPath(worker), [], {
    serialization: "advanced",
    execArgv: fromSource ? ["--import", "tsx"] : [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

/** The first thing a process says is whether it is ready. */
async function opened(child: ChildProcess): Promise<void> {
  const listening = new AbortController();
  const { signal } = listening;
  const first = await Promise.race([
    once(child, "message", { signal }),
    once(child, "exit", { signal }),
  ]).finally(() => listening.abort());
  const [message]: unknown[] = first;
  if (isRefusal(message)) {
    child.disconnect();
    const reason = `It refused its settings: ${message.message}`;
    throw new WranglerError("ENGINE_QUERY_FAILED", reason);
  }
  if (child.exitCode !== null || child.signalCode !== null) {
    throw new ChildDeath(`at its start, ${child.signalCode ?? `exit status ${child.exitCode}`}`);
  }
}

function isRefusal(message: unknown): message is Extract<FromChild, { kind: "refused" }> {
  return (
    typeof message === "object" &&
    message !== null &&
    "kind" in message &&
    message.kind === "refused"
  );
}

function post(child: ChildProcess, message: ToChild): void {
  if (child.connected) child.send(message);
}

function settle(pending: Map<number, Pending>, message: FromChild): void {
  if (message.kind === "rows") pending.get(message.id)?.resolve(message.rows);
  if (message.kind === "failed") pending.get(message.id)?.reject(queryError(message));
}

function queryError({ message, sql }: Extract<FromChild, { kind: "failed" }>): WranglerError {
  const details = { sql: sql.slice(0, 2_000) };
  if (/No space left on device/i.test(message)) {
    return new WranglerError("OUTPUT_UNWRITABLE", message, details);
  }
  const code = /^Out of Memory/i.test(message) ? "ENGINE_OUT_OF_MEMORY" : "ENGINE_QUERY_FAILED";
  return new WranglerError(code, message, details);
}
