import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Query, WranglerError } from "../core/index.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import type { FromChild, ToChild } from "./protocol.ts";

/** How long an interrupted query may take to stop before its process is killed. */
const INTERRUPT_GRACE_MS = 5_000;
/** How often one query may see its process die before it is given up. */
const MAX_DEATHS_PER_QUERY = 2;

interface Pending {
  readonly resolve: (rows: readonly unknown[]) => void;
  readonly reject: (error: Error) => void;
}

/** The child died under a query; carries why. */
class Death extends Error {}

/**
 * Start an engine. The process itself starts with the first query.
 *
 * Its `ask` throws {@link WranglerError} ENGINE_QUERY_FAILED, ENGINE_OUT_OF_MEMORY, ENGINE_DIED
 * (after a second death under the same query), or CANCELED when the signal aborts.
 */
export function startEngine(options: EngineOptions): Engine {
  const pending = new Map<number, Pending>();
  let child: Promise<ChildProcess> | undefined;
  let pid: number | undefined;
  let closed = false;
  let lastId = 0;

  async function spawn(): Promise<ChildProcess> {
    await mkdir(options.tempFolder, { recursive: true });
    const process_ = forkWorker();
    pid = process_.pid;
    process_.on("message", (message: FromChild) => settle(pending, message));
    process_.once("exit", (code, signal) => {
      child = undefined;
      pid = undefined;
      const reason = signal ? `signal ${signal}` : `exit status ${code}`;
      for (const waiting of pending.values()) waiting.reject(new Death(reason));
      pending.clear();
    });
    const { folders, tempFolder, memoryLimit, threads } = options;
    post(process_, { kind: "open", folders, tempFolder, memoryLimit, threads });
    await opened(process_);
    return process_;
  }

  async function askProcess(
    query: Query<unknown>,
    signal?: AbortSignal,
  ): Promise<readonly unknown[]> {
    const process_ = await (child ??= spawn());
    const id = ++lastId;
    const answer = new Promise<readonly unknown[]>((resolve, reject) => {
      pending.set(id, { resolve, reject });
    });
    let killTimer: NodeJS.Timeout | undefined;
    const abort = () => {
      post(process_, { kind: "abort", id });
      killTimer = setTimeout(() => process_.kill("SIGKILL"), INTERRUPT_GRACE_MS);
    };
    signal?.addEventListener("abort", abort, { once: true });
    post(process_, { kind: "ask", id, setup: query.setup ?? [], sql: query.sql });
    // The signal may have fired while the process was starting, before anyone listened.
    if (signal?.aborted) abort();
    try {
      return await answer;
    } finally {
      pending.delete(id);
      clearTimeout(killTimer);
      signal?.removeEventListener("abort", abort);
    }
  }

  return {
    get pid() {
      return pid;
    },

    async ask<Row>(query: Query<Row>, signal?: AbortSignal): Promise<Row[]> {
      for (let deaths = 1; ; deaths++) {
        if (closed) throw new WranglerError("INTERNAL", "The engine is closed.");
        if (signal?.aborted) throw new WranglerError("CANCELED");
        try {
          const rows = await askProcess(query, signal);
          return rows.map((row) => query.row.parse(row));
        } catch (error) {
          if (signal?.aborted) throw new WranglerError("CANCELED", "", {}, { cause: error });
          if (!(error instanceof Death)) throw error;
          if (deaths >= MAX_DEATHS_PER_QUERY || closed) {
            const sql = query.sql.slice(0, 500);
            throw new WranglerError("ENGINE_DIED", error.message, { sql }, { cause: error });
          }
          options.onReplaced?.(error.message);
        }
      }
    },

    async close() {
      closed = true;
      const process_ = await child?.catch(() => undefined);
      if (process_ && process_.exitCode === null && process_.signalCode === null) {
        const gone = once(process_, "exit");
        process_.disconnect();
        await gone;
      }
      await rm(options.tempFolder, { recursive: true, force: true });
    },
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

async function opened(process_: ChildProcess): Promise<void> {
  const gone = once(process_, "exit").then(([code, signal]) => {
    throw new Death(`it ended at its start: ${signal ?? `exit status ${code}`}`);
  });
  const told = once(process_, "message").then(([message]: FromChild[]) => {
    if (message?.kind === "refused") {
      process_.disconnect();
      throw new WranglerError("ENGINE_QUERY_FAILED", `It refused its settings: ${message.message}`);
    }
  });
  gone.catch(() => {});
  await Promise.race([told, gone]);
}

function post(process_: ChildProcess, message: ToChild): void {
  if (process_.connected) process_.send(message);
}

function settle(pending: Map<number, Pending>, message: FromChild): void {
  if (message.kind === "rows") pending.get(message.id)?.resolve(message.rows);
  if (message.kind === "failed") pending.get(message.id)?.reject(queryError(message));
}

function queryError({ message, sql }: Extract<FromChild, { kind: "failed" }>): WranglerError {
  const details = { sql: sql.slice(0, 2_000) };
  if (/No space left on device/i.test(message))
    return new WranglerError("OUTPUT_UNWRITABLE", message, details);
  const code = /^Out of Memory/i.test(message) ? "ENGINE_OUT_OF_MEMORY" : "ENGINE_QUERY_FAILED";
  return new WranglerError(code, message, details);
}
