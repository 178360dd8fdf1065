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
  /** From here on a write that fails, as on a full disk, is lost and ends nothing. */
  keepGoing?(): void;
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
  /** Calls back when the configuration is to be read anew; returns how to stop listening. */
  onReload(listener: () => void): () => void;
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
    onReload(listener) {
      // Windows says so when it closes the console, and ends the process whatever it does
      if (process.platform === "win32") return () => {};
      const listen = () => listener();
      process.on("SIGHUP", listen);
      return () => process.off("SIGHUP", listen);
    },
    exit: (status) => process.exit(status),
  };
}

/** What a stream says when its reader, or the terminal, is gone. */
const GONE: ReadonlySet<string | undefined> = new Set(["EPIPE", "EIO", "ERR_STREAM_DESTROYED"]);

/** A stream whose reader may leave: what is written after that is dropped, work goes on. */
export function quietly(stream: NodeJS.WriteStream): Sink {
  let gone = false;
  let mayLose = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (GONE.has(error.code)) gone = true;
    else if (!mayLose) throw error;
  });
  return {
    write: (text) => gone || stream.write(text),
    keepGoing: () => {
      mayLose = true;
    },
    isTTY: stream.isTTY,
    get columns() {
      return stream.columns;
    },
    get rows() {
      return stream.rows;
    },
  };
}
