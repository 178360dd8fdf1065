/** What the command line needs of the process it runs in; tests give their own. */
import type { App } from "../orchestration/index.ts";

export interface AppOptions {
  /** Folder of checkpoints and run logs, as given with `--checkpoints`. */
  readonly checkpointsFolder?: string;
  readonly logLevel?: "debug" | "info";
  readonly cwd?: string;
}

/** A stream to write on. */
export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  /** Characters in a line and lines on the screen, on a terminal. */
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/** A request to end. */
export type InterruptSignal = "SIGINT" | "SIGTERM";

export interface Host {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  now(): Date;
  /** Loads the rest of the tool, which `--help` must not wait for. */
  loadApp(options: AppOptions): Promise<App>;
  /** Calls back on each request to end; returns how to stop listening. */
  onInterrupt(listener: (signal: InterruptSignal) => void): () => void;
  /** Ends the process at once. */
  exit(status: number): void;
}

/** The host that is this process. */
export function processHost(loadApp: Host["loadApp"]): Host {
  return {
    stdout: quietly(process.stdout),
    stderr: quietly(process.stderr),
    env: process.env,
    cwd: process.cwd(),
    now: () => new Date(),
    loadApp,
    onInterrupt(listener) {
      process.on("SIGINT", listener).on("SIGTERM", listener);
      return () => process.off("SIGINT", listener).off("SIGTERM", listener);
    },
    exit: (status) => process.exit(status),
  };
}

/** A stream whose reader may leave: what is written after that is dropped, work goes on. */
export function quietly(stream: NodeJS.WriteStream): Sink {
  let gone = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_DESTROYED") throw error;
    gone = true;
  });
  return {
    write: (text) => gone || stream.write(text),
    isTTY: stream.isTTY,
    get columns() {
      return stream.columns;
    },
    get rows() {
      return stream.rows;
    },
  };
}
