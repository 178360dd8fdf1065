/** Files of this machine, moved: whatever interrupts it, each file ends up in one place or the other. */
import { createReadStream } from "node:fs";
import { lstat, realpath, rename, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { exists, fileSha256, flush, WranglerError } from "../../core/index.ts";
import { failed } from "./failures.ts";
import { filesOf, type Found, nameOf, type PathOrder } from "./from-path.ts";
import type { Item, Received } from "./job.ts";
import { forget, receive, tooBig } from "./receive.ts";
import { checkSum } from "./save.ts";

/** A file that is going to be moved, known by its bytes. */
type Planned = Found & { sha256: string };

/**
 * Move the files that a source names.
 *
 * Which ones is recorded before the first is moved: an attempt after this one no longer finds those
 * that are done, and tells them by their bytes at the target.
 */
export async function moved(order: PathOrder): Promise<Received[]> {
  const { job, index } = order;
  const planned = await job.effect({
    name: `moves:${index}`,
    cause: () => plan(order),
    // To look at files changes nothing.
    mayHaveHappened: () => false,
    probe: async () => ({ done: false }),
  });
  const received: Received[] = [];
  // Null when a person says that it is done.
  for (const one of planned ?? []) received.push(await move(order, one));
  return received;
}

async function plan(order: PathOrder): Promise<Planned[]> {
  const { job, signal } = order;
  const planned: Planned[] = [];
  for (const found of await filesOf(order)) {
    if (found.bytes > job.maxBytes) throw tooBig(found.path, job.maxBytes);
    const sha256 = await fileSha256(found.path, signal);
    checkSum(job, found.path, { ...found, sha256 }, job.options.sha256);
    planned.push({ ...found, sha256 });
  }
  return planned;
}

async function move(order: PathOrder, planned: Planned): Promise<Received> {
  const { job, memory, signal } = order;
  const { path, sha256 } = planned;
  signal.throwIfAborted();
  const { file } = nameOf(order, path);
  const item: Item = { what: path, key: path, memory, asked: sha256 };
  const target = await job.targets.take(file, item);
  const done = (): Received => {
    const { bytes } = planned;
    return { source: path, file: target, bytes, sha256, status: "moved" };
  };
  if (!(await exists(path))) {
    if (await holds(target, planned, signal)) return done();
    throw failed(
      `${path} was there when the task began; now it is neither there nor at ${target}.`,
    );
  }
  if ((await realpath(path)) === join(await realpath(job.folder), file)) {
    throw new WranglerError("CONFIG_INVALID", `${path} would be moved onto itself.`, { path });
  }
  // Copied by an attempt that ended before it could remove the source, or the same once more.
  if (await holds(target, planned, signal)) {
    await checkStill(planned, signal);
    await remove(path);
    return done();
  }
  const kept = await inTheWay(order, target, path);
  if (kept) return kept;
  await checkStill(planned, signal);
  await relocate(order, planned, target);
  return done();
}

/** What is at the target and stays there; undefined when it may be replaced. */
async function inTheWay(
  { job, signal }: PathOrder,
  target: string,
  source: string,
): Promise<Received | undefined> {
  const { overwrite } = job.options;
  const found = await stat(target).catch(() => undefined);
  if (overwrite === "replace" || !found) return undefined;
  if (overwrite === "fail") {
    const reason = `${target} is there already, and overwrite is "fail".`;
    throw new WranglerError("OUTPUT_UNWRITABLE", reason, { path: target });
  }
  const sha256 = await fileSha256(target, signal);
  return { source, file: target, bytes: found.size, sha256, status: "unchanged" };
}

/** Whether a file has the bytes of the one that was planned. */
async function holds(
  target: string,
  { bytes, sha256 }: Planned,
  signal: AbortSignal,
): Promise<boolean> {
  const found = await stat(target).catch(() => undefined);
  return (
    found?.isFile() === true &&
    found.size === bytes &&
    (await fileSha256(target, signal)) === sha256
  );
}

/** @throws {WranglerError} INPUT_CHANGED when the file is not the one that was planned any more */
async function checkStill(
  { path, bytes, modifiedMs, sha256 }: Planned,
  signal: AbortSignal,
): Promise<void> {
  const now = await stat(path);
  if (now.size === bytes && now.mtimeMs === modifiedMs) return;
  if (now.size === bytes && (await fileSha256(path, signal)) === sha256) return;
  throw new WranglerError("INPUT_CHANGED", path, { path });
}

async function relocate(order: PathOrder, planned: Planned, target: string): Promise<void> {
  const { path } = planned;
  // A link that is moved would lead elsewhere, or stay a link to a file that is not ours.
  if (!(await lstat(path)).isSymbolicLink() && (await renamed(path, target))) {
    await flush(dirname(target));
    await flush(dirname(path));
    return;
  }
  await copyOver(order, planned, target);
  await remove(path);
}

/** False when the two are on different disks. */
async function renamed(path: string, target: string): Promise<boolean> {
  try {
    await rename(path, target);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EXDEV") return false;
    throw error;
  }
}

async function copyOver(
  { job, memory, signal }: PathOrder,
  { path, sha256 }: Planned,
  target: string,
): Promise<void> {
  const body = createReadStream(path);
  const whole = await receive(
    { body, what: path, startAt: 0, length: undefined, decoder: undefined, resume: undefined },
    memory,
    { maxBytes: job.maxBytes, signal },
  );
  if (whole.sha256 !== sha256) {
    await forget(memory);
    throw new WranglerError("INPUT_CHANGED", path, { path });
  }
  await rename(memory.partPath, target);
  await flush(dirname(target));
}

async function remove(path: string): Promise<void> {
  await unlink(path);
  await flush(dirname(path));
}
