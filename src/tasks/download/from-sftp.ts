/** Files of an SFTP server, fetched, and removed there if that is asked for. */
import { basename } from "node:path";
import { durationMs, fillTemplate, fingerprint, flawOfTemplate } from "../../core/index.ts";
import { failed } from "./failures.ts";
import { alreadyThere, type Item, type Job, type Received, receivedOf } from "./job.ts";
import type { Memory } from "./memory.ts";
import { filledName, tameName } from "./names.ts";
import { forget, receive, tooBig, type Whole } from "./receive.ts";
import { type RemoteFile, remoteFile, remoteFiles } from "./remote-files.ts";
import { isMissing, type Remote } from "./remote.ts";
import { remoteReader } from "./remote-reader.ts";
import { asBefore, checkWhole, save } from "./save.ts";
import { settledOf } from "./settled.ts";
import { shownServer, withSftp } from "./sftp-session.ts";
import type { SftpSource } from "./source-options.ts";

export interface SftpOrder {
  readonly job: Job;
  readonly source: SftpSource;
  /** Position of the source in the task. */
  readonly index: number;
  readonly memory: Memory;
  readonly signal: AbortSignal;
}

/** An order at work. */
interface Session extends SftpOrder {
  readonly remote: Remote;
}

/** Fetch the files that a source names, one after the other. */
export async function fromSftp(order: SftpOrder): Promise<Received[]> {
  const { job, source, signal } = order;
  return withSftp(job, source.sftp, signal, (remote) => fetchAll({ ...order, remote }));
}

async function fetchAll(session: Session): Promise<Received[]> {
  const { source, memory } = session;
  const found = source.remove === true ? await planned(session) : await filesOf(session);
  const received: Received[] = [];
  for (const one of found) received.push(await fetchOne(session, one));
  if (source.remove === true) {
    // From here on the memory is all there is to tell that a file was here.
    await memory.flush();
    for (const one of found) await remove(session, one);
  }
  await memory.forgetOthers(new Set(found.map(({ path }) => path)));
  return received;
}

/**
 * Which files are going to be removed is recorded before the first is: an attempt after this one no
 * longer finds those that are done.
 */
async function planned(session: Session): Promise<readonly RemoteFile[]> {
  const { job, index } = session;
  const files = await job.effect({
    name: `files:${index}`,
    cause: () => filesOf(session),
    // To look at files changes nothing.
    mayHaveHappened: () => false,
    probe: async () => ({ done: false }),
  });
  // Null when a person says that it is done.
  return files ?? [];
}

async function filesOf({ job, source, remote }: Session): Promise<RemoteFile[]> {
  const { unchangedFor = "0s", allowNone = false } = source;
  const { path: given } = source.sftp;
  // Braces that hold no part of a time are those of a pattern.
  const path = flawOfTemplate(given) === undefined ? fillTemplate(given, job.time) : given;
  return settledOf(await remoteFiles(remote, path), {
    what: shownFile(source, path),
    quietMs: durationMs(unchangedFor),
    allowNone,
    log: job.log,
  });
}

function shownFile({ sftp }: SftpSource, path: string): string {
  return `${shownServer(sftp)}${path.startsWith("/") ? "" : "/~/"}${path}`;
}

async function fetchOne(session: Session, found: RemoteFile): Promise<Received> {
  const { job, source, memory } = session;
  const { path, bytes, modifiedMs } = found;
  const { host, port } = source.sftp;
  const item: Item = {
    what: shownFile(source, path),
    key: path,
    memory,
    asked: fingerprint([host, port, path, bytes, modifiedMs]),
  };
  const name = tameName(basename(path));
  const file = filledName(source.saveAs ?? job.options.saveAs, name, job.time);
  const there = (await alreadyThere(job, item, file)) ?? (await asBefore(job, item, file));
  if (there) return there;
  if (bytes > job.maxBytes) throw tooBig(item.what, job.maxBytes);
  try {
    const whole = await fetchBytes(session, item, found, name);
    await checkWhole(job, item, whole, job.options.sha256);
    return await save(job, item, { ...whole, name, file, status: "new" });
  } catch (error) {
    if (!isMissing(error)) throw error;
    const known = await memory.standing(item.key);
    if (known?.by === job.by && known.file === file) return receivedOf(job, item, known);
    throw failed(`${item.what} is gone.`, {}, { cause: error });
  }
}

async function fetchBytes(
  { job, remote, memory, signal }: Session,
  { what, asked }: Item,
  { path, bytes, modifiedMs }: RemoteFile,
  name: string,
): Promise<Whole> {
  const part = job.options.resume ? await memory.part() : undefined;
  const startAt = part?.asked === asked ? part.bytes : 0;
  const body = remoteReader(remote, path, startAt, bytes);
  const resume = { asked, validator: asked, name, totalBytes: bytes };
  const whole = await receive(
    {
      body,
      what,
      startAt,
      length: bytes - startAt,
      decoder: undefined,
      resume: job.options.resume ? resume : undefined,
    },
    memory,
    { maxBytes: job.maxBytes, signal },
  );
  const now = await remoteFile(remote, path);
  if (now?.bytes === bytes && now.modifiedMs === modifiedMs) return whole;
  await forget(memory);
  throw failed(`${what} changed while it was being fetched.`);
}

/** A file that changed since it was fetched has something that is not here, and stays. */
async function remove({ remote, source, job, signal }: Session, found: RemoteFile): Promise<void> {
  signal.throwIfAborted();
  const { path, bytes, modifiedMs } = found;
  const now = await remoteFile(remote, path);
  if (!now) return;
  const what = shownFile(source, path);
  if (now.bytes !== bytes || now.modifiedMs !== modifiedMs) {
    job.log.warn({ file: what }, "file changed after it was fetched; it is not removed");
    return;
  }
  try {
    await remote.unlink(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
