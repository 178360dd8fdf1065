/** What benches of the orchestrator share. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { openStore, type Store } from "../../../src/stores/index.ts";
import type { ParallelLimits } from "../../../src/orchestration/index.ts";
import type { ForeseenTask } from "../../helpers/reference-interpreter.ts";
import { realRuns } from "../../helpers/real-runs.ts";

export interface Workbench {
  /** Its own and empty. */
  readonly folder: string;
  readonly quick: boolean;
  readonly say: (text: string) => void;
}

export type Bench = (bench: Workbench) => Promise<void>;

export type Execute = ReturnType<typeof realRuns>;

/** Runs on a store of their own in a folder. */
export async function withRuns<T>(
  folder: string,
  limits: Partial<ParallelLimits>,
  work: (execute: Execute, store: Store) => Promise<T>,
): Promise<T> {
  const store = openStore(join(folder, "checkpoints"));
  try {
    return await work(realRuns(folder, store, limits), store);
  } finally {
    store.close();
  }
}

export interface Spent {
  readonly wallMs: number;
  readonly cpuMs: number;
}

export async function timed(work: () => Promise<unknown>): Promise<Spent> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1_000 };
}

/** A task that succeeds at its first attempt. */
export function goodTask(id: string, dependsOn: readonly string[], durationMs = 0): ForeseenTask {
  const attempts = [{ durationMs, succeeds: true }];
  return { id, dependsOn, trigger: "all_success", critical: false, attempts };
}

/** Bytes of all files below a folder. */
export async function bytesOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The value below which a share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
