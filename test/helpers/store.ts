/** Stores and records for tests. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { openStore, type Store, type StoreOptions } from "../../src/stores/index.ts";

/** A store that is closed when the test ends. */
export function withStore(folder: string, options?: StoreOptions): Store {
  const store = openStore(folder, options);
  onTestFinished(() => store.close());
  return store;
}

/** A process that runs a script of `test/programs`, killed when the test ends. */
export function withProgram(name: string, args: readonly string[]): ChildProcess {
  const script = fileURLToPath(new URL(`../programs/${name}`, import.meta.url));
  const child = fork(script, args, { execArgv: ["--import", "tsx"], stdio: "inherit" });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** What a process sends first. */
export async function messageOf(child: ChildProcess): Promise<unknown> {
  const [message] = await once(child, "message");
  return message;
}
