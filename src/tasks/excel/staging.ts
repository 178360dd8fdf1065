import { mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Ask, isWranglerError, WranglerError } from "../../core/index.ts";
import { startEngine } from "../../engine/index.ts";
import { reasonOf } from "./reason-of.ts";

const STAGING = /^staging-\d+$/;
const THREADS = 2;

/** Where tables are staged, and the engine that does it. */
export interface Staging {
  readonly ask: Ask;
  /** A folder for one table; not made yet. */
  readonly folderOf: (index: number) => string;
}

/** What staging is made of. */
export interface StagingOrder {
  /** The task's own folder. */
  readonly folder: string;
  /** 1-based. */
  readonly attempt: number;
  readonly memoryLimit: string;
  /** Files that the engine is to read. */
  readonly files: readonly string[];
  /** Further folders that it may write to. */
  readonly folders?: readonly string[];
}

/** Work with an engine of its own, of which nothing is left afterwards. */
export async function withStaging<T>(
  order: StagingOrder,
  work: (staging: Staging) => Promise<T>,
): Promise<T> {
  const { folder, attempt, memoryLimit, files, folders = [] } = order;
  // What an attempt left that was killed is of no use to this one.
  for (const name of await readdir(folder))
    if (STAGING.test(name)) await rm(join(folder, name), { recursive: true, force: true });
  const staging = join(folder, `staging-${attempt}`);
  await mkdir(staging, { recursive: true });
  const engine = startEngine({
    folders: [...new Set([staging, ...folders, ...files.map((file) => dirname(file))])],
    tempFolder: join(staging, "spill"),
    memoryLimit,
    threads: THREADS,
  });
  try {
    return await work({
      ask: (query, signal) => engine.ask(query, signal),
      folderOf: (index) => join(staging, `table-${index}`),
    });
  } catch (error) {
    throw ofThisTask(error);
  } finally {
    await engine.close();
    await rm(staging, { recursive: true, force: true });
  }
}

/** What the engine says of its limit is said of the task's own setting. */
function ofThisTask(error: unknown): unknown {
  if (!isWranglerError(error) || !error.message.includes("engine.memoryLimit")) return error;
  const reason = reasonOf(error).replace("engine.memoryLimit", "memoryLimit");
  return new WranglerError(error.code, reason, error.details, { cause: error });
}
