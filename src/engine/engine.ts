import type { Ask } from "../core/index.ts";

/** Limits and permissions of one engine process. */
export interface EngineOptions {
  /** Folders it may read and write, absolute; everything else is refused. */
  readonly folders: readonly string[];
  /** Where it spills when memory runs short; made and removed with the engine. */
  readonly tempFolder: string;
  /** DuckDB's buffer limit, such as "1GB"; the process itself needs up to 0.7 GB more. */
  readonly memoryLimit: string;
  /** Worker threads of a query. */
  readonly threads: number;
  /** Called when the process died and was replaced. */
  readonly onReplaced?: (reason: string) => void;
}

/**
 * DuckDB in a process of its own. It keeps nothing between queries: if the process dies, another
 * takes its place and the query is asked once more.
 */
export interface Engine {
  readonly ask: Ask;
  /** Process id, while one is running. */
  readonly pid: number | undefined;
  /** Stop the process and remove its temporary files. */
  close(): Promise<void>;
}
