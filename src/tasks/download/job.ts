/** A task's download: what all of its sources share. */
import { mkdir, realpath, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { fileSha256, type Log, type TemplateTime, WranglerError } from "../../core/index.ts";
import type { TaskContext } from "../kind.ts";
import type { Known, Memory, Status } from "./memory.ts";
import type { DownloadOptions } from "./options.ts";

export interface Job {
  readonly options: DownloadOptions;
  readonly configFolder: string;
  /** Absolute, made. */
  readonly folder: string;
  readonly time: TemplateTime;
  /** Names the run and the task. */
  readonly by: string;
  /** Whether an earlier attempt may have done some of it. */
  readonly isRetry: boolean;
  readonly maxBytes: number;
  readonly minBytes: number;
  /** Of the task. */
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly effect: TaskContext<DownloadOptions>["effect"];
  readonly targets: Targets;
}

/** One file on its way. */
export interface Item {
  /** Where it comes from, as it may be shown. */
  readonly what: string;
  /** Unique within its source. */
  readonly key: string;
  readonly memory: Memory;
  /** Fingerprint of what is asked for, or version of what is copied. */
  readonly asked: string;
}

/** A file that is there. A type, since an interface is no Json. */
export type Received = {
  /** Where it came from, without secrets. */
  source: string;
  /** Absolute. */
  file: string;
  bytes: number;
  sha256: string;
  status: Status;
  etag?: string;
  lastModified?: string;
};

/** Names that a task gives, each to one file only. */
export interface Targets {
  /**
   * The absolute path of a name, its folder made.
   *
   * @param file - Checked, relative to the folder of the download.
   * @throws {WranglerError} CONFIG_INVALID when another source has the name, PATH_OUTSIDE when a link
   *   leads out of the folder
   */
  take(file: string, { what, key, memory }: Item): Promise<string>;
}

export function targetsIn(folder: string): Targets {
  const taken = new Map<string, { readonly owner: string; readonly what: string }>();
  return {
    async take(file, { what, key, memory }) {
      const owner = JSON.stringify([memory.partPath, key]);
      // Many systems do not tell names apart by their case.
      const name = file.toLowerCase();
      const holder = taken.get(name) ?? { owner, what };
      if (holder.owner !== owner) {
        const reason = `${holder.what} and ${what} would both be saved as ${file}; give each a saveAs of its own.`;
        throw new WranglerError("CONFIG_INVALID", reason, { file });
      }
      taken.set(name, holder);
      const path = join(folder, file);
      await mkdir(dirname(path), { recursive: true });
      const inside = relative(await realpath(folder), await realpath(dirname(path)));
      if (inside === ".." || inside.startsWith(`..${sep}`)) {
        const reason = `${JSON.stringify(file)}: a link leads out of ${folder}.`;
        throw new WranglerError("PATH_OUTSIDE", reason, { path: file });
      }
      return path;
    },
  };
}

/**
 * What there is to say of a file without fetching it: an earlier attempt did, or it is to be kept.
 *
 * @throws {WranglerError} OUTPUT_UNWRITABLE when it is there and was not to be
 */
export async function alreadyThere(
  job: Job,
  item: Item,
  file: string,
): Promise<Received | undefined> {
  const { overwrite } = job.options;
  const path = await job.targets.take(file, item);
  const known = await item.memory.standing(item.key);
  const isOurs = known?.by === job.by && known.file === file && known.asked === item.asked;
  if (isOurs && (job.isRetry || overwrite !== "replace")) return receivedOf(job, item, known);
  if (overwrite === "replace") return undefined;
  const found = await stat(path).catch(() => undefined);
  if (!found) return undefined;
  if (overwrite === "fail") {
    const reason = `${path} is there already, and overwrite is "fail".`;
    throw new WranglerError("OUTPUT_UNWRITABLE", reason, { path });
  }
  const { size: bytes } = found;
  const sha256 = await fileSha256(path, job.signal);
  return { source: item.what, file: path, bytes, sha256, status: "unchanged" };
}

/** What is known of a file, as it is told. */
export function receivedOf(job: Job, { what }: Item, known: Known): Received {
  const { file, bytes, sha256, by, status, etag, lastModified } = known;
  return {
    source: what,
    file: join(job.folder, file),
    bytes,
    sha256,
    // An attempt that is made again tells what the first one did.
    status: by === job.by ? status : "unchanged",
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
  };
}
