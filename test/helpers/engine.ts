import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Engine, startEngine } from "../../src/engine/index.ts";

/** A folder of its own for one test, removed when the test ends. */
export async function withFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "data-wrangler-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A real engine in a process of its own that may use `folders`; stopped when the test ends. */
export function withEngine(...folders: string[]): Engine {
  const temp = join(folders[0] ?? tmpdir(), "spill");
  const engine = startEngine({ folders, tempFolder: temp, memoryLimit: "1GB", threads: 2 });
  onTestFinished(() => engine.close());
  return engine;
}
