import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../dist/src/main.js", import.meta.url));

export interface CliEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams. */
  readonly said: string;
}

export interface CliProcess {
  readonly child: ChildProcess;
  /** Resolves when the program has said a text on either stream. */
  said(text: string): Promise<void>;
  readonly end: Promise<CliEnd>;
}

/** Start the built program as a user would. */
export function startCli(
  args: readonly string[],
  cwd: string,
  as: { readonly uid?: number } = {},
): CliProcess {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    ...as,
  });
  let stdout = "";
  let stderr = "";
  const listeners = new Set<() => void>();
  const heard = (add: (chunk: string) => void) => (chunk: Buffer) => {
    add(chunk.toString("utf8"));
    for (const listener of listeners) listener();
  };
  child.stdout.on(
    "data",
    heard((chunk) => (stdout += chunk)),
  );
  child.stderr.on(
    "data",
    heard((chunk) => (stderr += chunk)),
  );
  const end = once(child, "close").then((): CliEnd => {
    const { exitCode: code, signalCode: signal } = child;
    return { code, signal, stdout, stderr, said: `${stdout}${stderr}` };
  });
  return {
    child,
    end,
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!`${stdout}${stderr}`.includes(text)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        void end.then(() =>
          reject(new Error(`it ended without saying "${text}":\n${stdout}${stderr}`)),
        );
        look();
      }),
  };
}

/** Run the built program to its end. */
export function cli(args: readonly string[], cwd: string): Promise<CliEnd> {
  return startCli(args, cwd).end;
}
