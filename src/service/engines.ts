import { dirname, join, resolve } from "node:path";
import type { AccountSettings } from "../config/index.ts";
import { WranglerError } from "../core/index.ts";
import { type Engine, startEngine } from "../engine/index.ts";

/** One engine per account and run, started on first use. */
export interface Engines {
  /** @throws {WranglerError} CANCELED once all are closed. */
  of(
    runId: string,
    folder: string,
    account: AccountSettings,
    onReplaced: (reason: string) => void,
  ): Engine;
  close(runId: string, accountId: string): Promise<void>;
  closeAll(): Promise<void>;
}

export function engines(): Engines {
  const running = new Map<string, Engine>();
  let isClosed = false;

  return {
    of(runId, folder, account, onReplaced) {
      // Work that was abandoned would start one that nobody ends, and the process with it.
      if (isClosed) throw new WranglerError("CANCELED", "Its engines are closed.");
      const known = running.get(key(runId, account.id));
      if (known) return known;
      const own = join(folder, "work", account.id);
      const inputs = account.inputs.flatMap(({ paths }) => paths.map((path) => folderOf(path)));
      const engine = startEngine({
        folders: [...new Set([own, account.outputFolder, ...inputs])],
        tempFolder: join(own, ".spill"),
        memoryLimit: account.engine.memoryLimit,
        threads: account.engine.threads,
        onReplaced,
      });
      running.set(key(runId, account.id), engine);
      return engine;
    },
    async close(runId, accountId) {
      const engine = running.get(key(runId, accountId));
      running.delete(key(runId, accountId));
      await engine?.close();
    },
    async closeAll() {
      isClosed = true;
      await Promise.all([...running.values()].map((engine) => engine.close()));
      running.clear();
    },
  };
}

function key(runId: string, accountId: string): string {
  return `${runId}\n${accountId}`;
}

/** The folder that holds a file, or all files of a glob pattern. */
function folderOf(path: string): string {
  const plain = path.split(/[*?[{]/)[0] ?? path;
  return plain === path ? dirname(resolve(path)) : resolve(dirname(`${plain}x`));
}
