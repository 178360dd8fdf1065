import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import {
  bytesOf,
  durationMs,
  ERRORS,
  fillTemplate,
  fingerprint,
  isWranglerError,
  unwritable,
} from "../../core/index.ts";
import type { TaskResults } from "../../orchestration/index.ts";
import { shownUrl, withDeadline } from "../http/index.ts";
import { defineTaskKind, type TaskContext } from "../kind.ts";
import { downloadError } from "./failures.ts";
import { copied } from "./from-path.ts";
import { fromSftp } from "./from-sftp.ts";
import { fromUrl } from "./from-url.ts";
import { inParallel } from "./in-parallel.ts";
import { type Job, type Received, targetsIn } from "./job.ts";
import { type Memory, memoryOf } from "./memory.ts";
import { moved } from "./move.ts";
import { DownloadOptions } from "./options.ts";
import { shownServer } from "./sftp-session.ts";
import { isSftp, isUrl, type Source, sourcesOf } from "./source-options.ts";
import { type Web, webOf } from "./web.ts";

export const download = defineTaskKind({
  name: "download",
  description:
    "Fetches files from web addresses, folders and SFTP servers; each is there whole or not at all.",
  options: DownloadOptions,
  results: {
    files: "The files, as absolute paths, in the order of the sources.",
    sources:
      "What became of each: `source`, `file`, `bytes`, `sha256`, `status` (`new`, `unchanged`, `copied` or `moved`), `etag`, `lastModified`.",
    bytes: "Size of all files together.",
    unchanged: "Whether there is nothing new: all files are as they were.",
  },
  run: runDownload,
});

async function runDownload(context: TaskContext<DownloadOptions>): Promise<TaskResults> {
  const { options, signal } = context;
  const job = await jobOf(context);
  const web = webOf(options, context.configFolder, signal);
  const limit = options.parallel;
  try {
    const received = await inParallel(
      sourcesOf(options.from),
      { limit, signal, isFinal },
      (source, index, stop) => fetched({ job, web, source, index }, context, stop),
    );
    const files = received.flat();
    return {
      files: files.map(({ file }) => file),
      sources: files,
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      unchanged: files.every(({ status }) => status === "unchanged"),
    };
  } finally {
    await web.close();
  }
}

/** Trying again does not help against it; what is no error of ours is a mistake. */
function isFinal(error: unknown): boolean {
  return !isWranglerError(error) || !ERRORS[error.code].retry;
}

async function jobOf(context: TaskContext<DownloadOptions>): Promise<Job> {
  const { options, configFolder, scheduledAt, timeZone, signal, log, effect } = context;
  const { runId, account, workflow, task, attempt } = context;
  const time = { at: scheduledAt, timeZone };
  const folder = resolve(configFolder, fillTemplate(options.to, time));
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw unwritable(error, folder);
  });
  return {
    options,
    configFolder,
    folder,
    time,
    by: [runId, account, workflow, task].join(" "),
    isRetry: attempt > 1,
    maxBytes: bytesOf(options.maxSize),
    minBytes: options.minSize === undefined ? 0 : bytesOf(options.minSize),
    signal,
    log,
    effect,
    targets: targetsIn(folder),
  };
}

interface Order {
  readonly job: Job;
  readonly web: Web;
  readonly source: Source;
  /** Position of the source in the task. */
  readonly index: number;
}

/** The files of one source, within its time. */
async function fetched(
  order: Order,
  { account, workflow, task, log }: TaskContext<DownloadOptions>,
  stop: AbortSignal,
): Promise<Received[]> {
  const { job, source, index } = order;
  const what = shownSource(source);
  const timeoutMs = durationMs(job.options.sourceTimeout);
  try {
    const received = await withDeadline(stop, timeoutMs, what, async (signal) => {
      const print = fingerprint([account, workflow, task]).slice(0, 8);
      const slot = `${task.replaceAll(/[^A-Za-z0-9_-]/g, "_").slice(0, 60)}-${print}-${index}`;
      const patienceMs = source.url === undefined ? 1_000 : 0;
      const { folder } = job;
      const memory = await memoryOf({ folder, slot, patienceMs, signal, log });
      return fromSource(order, memory, signal);
    });
    for (const { file, bytes, status } of received) {
      log.info({ source: what, file, bytes, status }, "file is there");
    }
    return received;
  } catch (error) {
    stop.throwIfAborted();
    throw downloadError(error, what, job.folder);
  }
}

async function fromSource(
  { job, web, source, index }: Order,
  memory: Memory,
  signal: AbortSignal,
): Promise<Received[]> {
  const parts = { job, index, memory, signal };
  if (isUrl(source)) {
    const client = await web.client();
    const session = await web.session(source.auth ?? job.options.auth);
    return [await fromUrl({ ...parts, source, client, session })];
  }
  try {
    if (isSftp(source)) return await fromSftp({ ...parts, source });
    return await (source.move === true ? moved : copied)({ ...parts, source });
  } catch (error) {
    // What went wrong first is what is told; what cannot be noted is fetched again.
    await memory.flush().catch(() => undefined);
    throw error;
  }
}

/** A source, without anything in it that lets someone in. */
function shownSource({ url, path, sftp }: Source): string {
  if (url !== undefined) return URL.canParse(url) ? shownUrl(url) : "a download";
  return sftp === undefined ? (path ?? "") : shownServer(sftp);
}
