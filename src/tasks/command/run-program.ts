/** A program of another process, run to its end or ended with all that it started. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { type FileHandle, open, stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { type Log, unwritable, WranglerError } from "../../core/index.ts";
import { keepOutput, type KeptOutput, type StreamWatch } from "./kept-output.ts";
import { forgetTree, noteTree } from "./leftover.ts";
import { birthOf } from "./process-birth.ts";
import { killTree, TREE_MARK } from "./process-tree.ts";

export interface ProgramOrder {
  /** A program and its arguments, which no shell sees; a text is run by the system's shell. */
  readonly command: string | readonly string[];
  readonly cwd: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
  readonly stdoutPath: string;
  readonly stderrPath: string;
  /** Kept of each stream; the rest is counted. */
  readonly maxOutputBytes: number;
  /** Length of the tails. */
  readonly tailBytes: number;
  /** Between SIGTERM and SIGKILL when the signal aborts. */
  readonly killAfterMs: number;
  /** File that says which processes are at work, for {@link endLeftover} of leftover.ts. */
  readonly notePath: string;
  /** Called once the program is at work. */
  readonly onStarted?: () => void;
  readonly signal: AbortSignal;
  readonly log: Log;
}

export interface ProgramEnd {
  /** Null when it was ended by a signal. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: KeptOutput;
  readonly stderr: KeptOutput;
  readonly durationMs: number;
}

/** How long to wait for more output when the program has ended but what it started holds its pipes. */
const LINGER_MS = 1_000;
/** How long in all, when what it started goes on writing. */
const LONGEST_LINGER_MS = 10_000;

/**
 * Run a program and wait for its end. What it left at work in the background, such as an
 * application that it started, stays at work, but its output is no longer read.
 *
 * When the signal aborts, the program and all that it started are ended first; then the signal's
 * reason is thrown.
 *
 * @throws {WranglerError} COMMAND_MISSING when it cannot be started, OUTPUT_UNWRITABLE when its
 *   output cannot be kept; what the signal aborted with
 */
export async function runProgram(order: ProgramOrder): Promise<ProgramEnd> {
  order.signal.throwIfAborted();
  const files: FileHandle[] = [];
  try {
    for (const path of [order.stdoutPath, order.stderrPath]) files.push(await open(path, "w"));
    return await run(order, files);
  } catch (error) {
    throw unwritable(error, order.stdoutPath);
  } finally {
    await Promise.all(files.map((file) => file.close()));
  }
}

async function run(order: ProgramOrder, files: readonly FileHandle[]): Promise<ProgramEnd> {
  const { notePath, signal, killAfterMs, log } = order;
  const mark = randomUUID();
  const startedMs = performance.now();
  // Before it starts: on Linux its mark alone is enough to find it by.
  await noteTree(notePath, { pid: null, born: null, mark });
  const child = await start(order, mark).catch(async (error: unknown) => {
    await forgetTree(notePath, mark);
    throw error;
  });
  const ended = endOf(child, order, files);
  order.onStarted?.();
  const pid = child.pid ?? null;
  let tree = { pid, born: null as string | null, mark };
  const noted = (async () => {
    tree = { pid, born: pid === null ? null : ((await birthOf(pid)) ?? null), mark };
    await noteTree(notePath, tree);
  })();
  try {
    const [end] = await unlessAborted(Promise.all([ended, noted]), signal);
    await forgetTree(notePath, mark);
    return { ...end, durationMs: Math.round(performance.now() - startedMs) };
  } catch (error) {
    await noted.catch(() => undefined);
    await killTree(tree, killAfterMs, log);
    // Its output ends with it; what went wrong first is what is told.
    await ended.catch(() => undefined);
    await forgetTree(notePath, mark);
    throw error;
  }
}

/** Resolves when the program runs. Its streams are not read yet: they hold what comes. */
async function start(
  { command, cwd, env, stdin }: ProgramOrder,
  mark: string,
): Promise<ChildProcessWithoutNullStreams> {
  const [program = "", ...args] = typeof command === "string" ? [command] : command;
  const found = await stat(cwd).catch(() => undefined);
  if (!found?.isDirectory()) {
    throw new WranglerError("COMMAND_MISSING", `${program}: no such folder: ${cwd}`, { cwd });
  }
  try {
    const child = spawn(program, args, {
      cwd,
      env: { ...env, [TREE_MARK]: mark },
      stdio: "pipe",
      shell: typeof command === "string",
      // A process group of its own, which can be ended as one.
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    await new Promise<void>((resolve, reject) => {
      child.once("error", reject);
      child.once("spawn", resolve);
    });
    // A program need not read what it is given.
    child.stdin.on("error", () => undefined);
    child.stdin.end(stdin);
    return child;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const reason = `${program} (in ${cwd}): ${why}`;
    throw new WranglerError("COMMAND_MISSING", reason, { program, cwd }, { cause });
  }
}

async function endOf(
  child: ChildProcessWithoutNullStreams,
  { stdoutPath, stderrPath, maxOutputBytes: maxBytes, tailBytes }: ProgramOrder,
  [stdoutFile, stderrFile]: readonly FileHandle[],
): Promise<Omit<ProgramEnd, "durationMs">> {
  if (!stdoutFile || !stderrFile) throw new WranglerError("INTERNAL", "No files for the output.");
  const watches = [watchOf(child.stdout), watchOf(child.stderr)] as const;
  const exit = new Promise<Pick<ProgramEnd, "exitCode" | "signal">>((resolve) => {
    child.once("exit", (exitCode, signal) => {
      cutWhenSilent(child, watches);
      resolve({ exitCode, signal });
    });
  });
  const [out, err] = watches;
  const limits = { maxBytes, tailBytes };
  const [end, stdout, stderr] = await Promise.all([
    exit,
    keepOutput(child.stdout, { path: stdoutPath, file: stdoutFile, watch: out, ...limits }),
    keepOutput(child.stderr, { path: stderrPath, file: stderrFile, watch: err, ...limits }),
  ]);
  return { ...end, stdout, stderr };
}

type WatchedStream = StreamWatch & { readonly stream: Readable };

function watchOf(stream: Readable): WatchedStream {
  return { stream, waitingSinceMs: performance.now() };
}

/**
 * A program has ended; what it started may hold its pipes for as long as it lives. What is on its
 * way when the program ends is read, however long it takes to write.
 */
function cutWhenSilent(
  child: ChildProcessWithoutNullStreams,
  watches: readonly WatchedStream[],
): void {
  const endedMs = performance.now();
  const look = setInterval(() => {
    const nowMs = performance.now();
    for (const { stream, waitingSinceMs } of watches) {
      const silentMs = nowMs - Math.max(endedMs, waitingSinceMs ?? nowMs);
      if (silentMs >= LINGER_MS || nowMs - endedMs >= LONGEST_LINGER_MS) stream.destroy();
    }
  }, LINGER_MS / 10);
  child.once("close", () => clearInterval(look));
}

/** The work's result, or the signal's reason if it aborts first. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop) signal.removeEventListener("abort", stop);
  }
}
