/** A program that outlives the process that starts it. */
import { type ChildProcess, spawn } from "node:child_process";
import { open } from "node:fs/promises";
import { unwritable } from "../../core/index.ts";

export interface DetachedOrder {
  readonly command: readonly string[];
  readonly cwd: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** File for all that it prints; what became of it by then stands there too. */
  readonly outputPath: string;
}

interface End {
  /** Null when it ended well. */
  readonly text: string | null;
  readonly isFailure: boolean;
}

/** Shells tell a program that was ended by a signal by 128 and its number. */
const FIRST_SIGNAL_CODE = 129;

/**
 * Start a program in a session of its own, so that it goes on when this process ends.
 *
 * @returns Resolves when it has ended; true when it could not be started or gave up by itself. One that
 *   was ended by a signal may have asked others to end all, itself included: that is no failure.
 * @throws {WranglerError} OUTPUT_UNWRITABLE when its output cannot be kept; it was not started.
 */
export async function hasFailedDetached(order: DetachedOrder): Promise<boolean> {
  const output = await open(order.outputPath, "a").catch((error: unknown) => {
    throw unwritable(error, order.outputPath);
  });
  try {
    const { text, isFailure } = await endOf(order, output.fd);
    if (text !== null) await output.appendFile(`${text}\n`);
    return isFailure;
  } finally {
    await output.close();
  }
}

function endOf({ command, cwd, env }: DetachedOrder, output: number): Promise<End> {
  const [program = "", ...args] = command;
  const told = (what: string, isFailure: boolean): End => ({
    text: `${program} (in ${cwd}) ${what}.`,
    isFailure,
  });
  return new Promise((resolve) => {
    let child: ChildProcess;
    try {
      const stdio = ["ignore" as const, output, output];
      child = spawn(program, args, { cwd, env, stdio, detached: true, windowsHide: true });
    } catch (error) {
      resolve(told(`cannot be started: ${String(error)}`, true));
      return;
    }
    child.once("error", ({ message }) => resolve(told(`cannot be started: ${message}`, true)));
    child.once("exit", (code, signal) => {
      if (code === 0) resolve({ text: null, isFailure: false });
      else if (code === null) resolve(told(`was ended by ${signal}`, false));
      else resolve(told(`ended with exit code ${code}`, code < FIRST_SIGNAL_CODE));
    });
    child.unref();
  });
}
