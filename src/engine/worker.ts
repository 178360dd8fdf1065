/** The engine's child process: opens DuckDB, locks it in, answers queries until its parent is gone. */
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { identifier, literal } from "../core/index.ts";
import type { FromChild, OpenMessage, ToChild } from "./protocol.ts";
import { plainRows } from "./values.ts";

/** More would queue in libuv's pool of four threads and starve file access. */
const MAX_IN_FLIGHT = 2;

let instance: DuckDBInstance | undefined;
const waiting: Extract<ToChild, { kind: "ask" }>[] = [];
const running = new Map<number, DuckDBConnection | undefined>();
const aborted = new Set<number>();
/** An interrupt that arrives between two statements is lost: it is repeated until the query ends. */
const INTERRUPT_EVERY_MS = 50;

process.on("message", (message: ToChild) => {
  if (message.kind === "open") void open(message);
  else if (message.kind === "ask") {
    waiting.push(message);
    next();
  } else abort(message.id);
});
// An orderly exit would wait for a running query, which nobody wants any more: an orphan that burns
// a core for hours. There is nothing here to put in order.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
// The parent decides when to stop: a signal to the whole group must not kill a query it still drains.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {});

async function open(options: OpenMessage): Promise<void> {
  try {
    instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const folders = options.folders.map((folder) =>
      literal(folder.endsWith("/") ? folder : `${folder}/`),
    );
    const settings: readonly (readonly [string, string])[] = [
      ["autoinstall_known_extensions", "false"],
      ["autoload_known_extensions", "false"],
      ["TimeZone", "'UTC'"],
      ["threads", String(options.threads)],
      ["memory_limit", literal(options.memoryLimit)],
      ["temp_directory", literal(options.tempFolder)],
      ["allowed_directories", `[${folders.join(", ")}]`],
      ["enable_external_access", "false"],
      ["lock_configuration", "true"],
    ];
    for (const [name, value] of settings)
      await connection.run(`SET ${identifier(name)} = ${value}`);
    connection.closeSync();
    send({ kind: "ready" });
  } catch (error) {
    send({ kind: "refused", message: messageOf(error) });
  }
}

function next(): void {
  if (!instance || running.size >= MAX_IN_FLIGHT) return;
  const question = waiting.shift();
  if (!question) return;
  void answer(instance, question);
  next();
}

async function answer(
  db: DuckDBInstance,
  { id, setup, sql }: Extract<ToChild, { kind: "ask" }>,
): Promise<void> {
  running.set(id, undefined);
  const connection = await db.connect();
  running.set(id, connection);
  let current = sql;
  try {
    for (current of setup) {
      if (aborted.has(id)) throw new Error("INTERRUPT");
      await connection.run(current);
    }
    current = sql;
    if (aborted.has(id)) throw new Error("INTERRUPT");
    const reader = await connection.runAndReadAll(sql);
    send({ kind: "rows", id, rows: plainRows(reader) });
  } catch (error) {
    send({ kind: "failed", id, message: messageOf(error), sql: current });
  } finally {
    connection.closeSync();
    running.delete(id);
    aborted.delete(id);
    next();
  }
}

function abort(id: number): void {
  const queued = waiting.findIndex((question) => question.id === id);
  if (queued >= 0) {
    waiting.splice(queued, 1);
    send({ kind: "failed", id, message: "INTERRUPT", sql: "" });
    return;
  }
  if (!running.has(id)) return;
  aborted.add(id);
  const repeat = setInterval(() => {
    if (running.has(id)) running.get(id)?.interrupt();
    else clearInterval(repeat);
  }, INTERRUPT_EVERY_MS);
}

function send(message: FromChild): void {
  if (process.connected) process.send?.(message);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
