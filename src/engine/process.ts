import { mkdir, rm } from "node:fs/promises";
import { type Query, WranglerError } from "../core/index.ts";
import { ChildDeath, type EngineChild, startChild } from "./child.ts";
import type { Engine, EngineOptions } from "./engine.ts";

/** How often one query may see its process die before it is given up. */
const MAX_DEATHS_PER_QUERY = 2;

/**
 * Start an engine. The process itself starts with the first query.
 *
 * Its `ask` throws {@link WranglerError} ENGINE_QUERY_FAILED, ENGINE_OUT_OF_MEMORY, ENGINE_DIED
 * (after a second death under the same query), or CANCELED when the signal aborts.
 */
export function startEngine(options: EngineOptions): Engine {
  let starting: Promise<EngineChild> | undefined;
  let pid: number | undefined;
  let closed = false;
  /** Why the last process ended, until another takes its place. */
  let ended: string | undefined;

  const running = (): Promise<EngineChild> => {
    starting ??= (async () => {
      if (ended !== undefined) options.onReplaced?.(ended);
      ended = undefined;
      await mkdir(options.tempFolder, { recursive: true });
      const child = await startChild(options, (reason) => {
        starting = undefined;
        pid = undefined;
        ended = reason;
      });
      pid = child.pid;
      return child;
    })();
    // A start that failed must not be remembered as the running process.
    starting.catch(() => (starting = undefined));
    return starting;
  };

  return {
    get pid() {
      return pid;
    },

    async ask<Row>(query: Query<Row>, signal?: AbortSignal): Promise<Row[]> {
      for (let deaths = 1; ; deaths++) {
        if (closed) throw new WranglerError("INTERNAL", "The engine is closed.");
        if (signal?.aborted) throw new WranglerError("CANCELED");
        try {
          const child = await running();
          const rows = await child.ask(query, signal);
          return rows.map((row) => query.row.parse(row));
        } catch (error) {
          if (signal?.aborted) throw new WranglerError("CANCELED", "", {}, { cause: error });
          if (!(error instanceof ChildDeath)) throw error;
          if (deaths >= MAX_DEATHS_PER_QUERY || closed) {
            const sql = query.sql.slice(0, 500);
            throw new WranglerError("ENGINE_DIED", error.message, { sql }, { cause: error });
          }
        }
      }
    },

    async close() {
      closed = true;
      const child = await starting?.catch(() => undefined);
      await child?.end();
      await rm(options.tempFolder, { recursive: true, force: true });
    },
  };
}
