/** Files of this machine, copied; moving is next door. */
import { createReadStream } from "node:fs";
import { access, constants, realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { durationMs, isWranglerError, WranglerError } from "../../core/index.ts";
import { namedFiles } from "../named-files.ts";
import { alreadyThere, type Item, type Job, type Received } from "./job.ts";
import type { Memory } from "./memory.ts";
import { filledName, tameName } from "./names.ts";
import { forget, receive, tooBig } from "./receive.ts";
import { asBefore, checkWhole, save } from "./save.ts";
import { settledOf } from "./settled.ts";
import type { PathSource } from "./source-options.ts";

export interface PathOrder {
  readonly job: Job;
  readonly source: PathSource;
  /** Position of the source in the task. */
  readonly index: number;
  readonly memory: Memory;
  readonly signal: AbortSignal;
}

/** A file as it was found. A type, since an interface is no Json. */
export type Found = { path: string; bytes: number; modifiedMs: number };

/** Copy the files that a source names, one after the other. */
export async function copied(order: PathOrder): Promise<Received[]> {
  const { memory } = order;
  const found = await filesOf(order);
  const received: Received[] = [];
  for (const one of found) received.push(await copy(order, one));
  await memory.forgetOthers(new Set(found.map(({ path }) => path)));
  return received;
}

/**
 * The files that a source names, as they are now, without those that may not be complete yet.
 *
 * @throws {WranglerError} INPUT_MISSING when there is none and there has to be one
 */
export async function filesOf({ job, source }: PathOrder): Promise<Found[]> {
  const { path, allowNone = false, unchangedFor = "0s" } = source;
  const paths = await namedFiles({
    names: [path],
    folder: job.configFolder,
    time: job.time,
    emptyPatterns: true,
  }).catch((error: unknown) => {
    if (allowNone && isWranglerError(error) && error.code === "INPUT_MISSING") return [];
    throw error;
  });
  const all = await Promise.all(paths.map(factsOf));
  const found = all.filter((one) => one !== undefined);
  for (const one of found) await checkReadable(one.path);
  const quietMs = durationMs(unchangedFor);
  return settledOf(found, { what: path, quietMs, allowNone, log: job.log });
}

async function checkReadable(path: string): Promise<void> {
  await access(path, constants.R_OK).catch((cause: unknown) => {
    const reason = `${path} may not be read.`;
    throw new WranglerError("DOWNLOAD_REFUSED", reason, { path }, { cause });
  });
}

async function factsOf(path: string): Promise<Found | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && { path, bytes: found.size, modifiedMs: found.mtimeMs };
}

/** What a file is called below the folder of the download. */
export function nameOf({ job, source }: PathOrder, path: string) {
  const name = tameName(basename(path));
  return { name, file: filledName(source.saveAs ?? job.options.saveAs, name, job.time) };
}

async function copy(order: PathOrder, found: Found): Promise<Received> {
  const { job, memory, signal } = order;
  const { path, bytes, modifiedMs } = found;
  const item: Item = { what: path, key: path, memory, asked: `${bytes} ${modifiedMs}` };
  const { name, file } = nameOf(order, path);
  const there = (await alreadyThere(job, item, file)) ?? (await asBefore(job, item, file));
  if (there) return there;
  if ((await realpath(path)) === join(await realpath(job.folder), file)) {
    throw new WranglerError("CONFIG_INVALID", `${path} would be copied onto itself.`, { path });
  }
  if (bytes > job.maxBytes) throw tooBig(path, job.maxBytes);
  const body = createReadStream(path);
  const whole = await receive(
    { body, what: path, startAt: 0, length: undefined, decoder: undefined, resume: undefined },
    memory,
    { maxBytes: job.maxBytes, signal },
  );
  const now = await factsOf(path);
  if (now?.modifiedMs !== modifiedMs || now.bytes !== whole.bytes) {
    await forget(memory);
    throw new WranglerError("INPUT_CHANGED", path, { path });
  }
  await checkWhole(job, item, whole, job.options.sha256);
  return save(job, item, { ...whole, name, file, status: "copied" });
}
