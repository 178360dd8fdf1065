import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat } from "node:fs/promises";
import { basename, join } from "node:path";
import { createGunzip } from "node:zlib";
import { z } from "zod";
import { fileSha256, WranglerError } from "../../core/index.ts";

/** A file that is to be put away. */
export const Entry = z.object({
  /** Absolute path. */
  source: z.string(),
  /** Absolute path of the folder it goes to. */
  folder: z.string(),
  /** What it is called there, unless the name is taken. */
  name: z.string(),
  isPacked: z.boolean(),
  /** Of what it holds, unpacked. */
  sha256: z.string(),
  bytes: z.number(),
  mtimeMs: z.number(),
});
export type Entry = z.infer<typeof Entry>;

/**
 * Look at a file that is to be put away.
 *
 * @throws {WranglerError} PATH_OUTSIDE for a symbolic link: what it leads to is not ours to move.
 */
export async function entryOf(
  source: string,
  folder: string,
  compress: boolean,
  signal: AbortSignal,
): Promise<Entry> {
  const found = await lstat(source);
  if (found.isSymbolicLink()) {
    const reason = `${source} is a symbolic link; name the file that it leads to.`;
    throw new WranglerError("PATH_OUTSIDE", reason, { source });
  }
  const own = basename(source);
  const isPacked = compress && !own.toLowerCase().endsWith(".gz");
  const name = isPacked ? `${own}.gz` : own;
  return {
    source,
    folder,
    name,
    isPacked,
    sha256: await fileSha256(source, signal),
    bytes: found.size,
    mtimeMs: found.mtimeMs,
  };
}

/** Whether a file is still as it was looked at. @throws {WranglerError} INPUT_CHANGED */
export async function checkUnchanged({ source, bytes, mtimeMs }: Entry): Promise<void> {
  const now = await lstat(source);
  if (now.isFile() && now.size === bytes && now.mtimeMs === mtimeMs) return;
  throw changed(source);
}

export function changed(source: string): WranglerError {
  return new WranglerError("INPUT_CHANGED", `${source} changed while it was put away.`, { source });
}

/** Path of an entry in the archive; from 2 on with a number before the ending. */
export function pathOf({ folder, name }: Entry, count: number): string {
  if (count === 1) return join(folder, name);
  const end = /(?:\.[A-Za-z0-9]{1,8}){1,2}$/.exec(name)?.[0] ?? "";
  const stem = end.length < name.length ? name.slice(0, name.length - end.length) : name;
  return join(folder, `${stem}-${count}${stem === name ? "" : end}`);
}

/** What is at a path of the archive, compared with an entry. */
export async function compared(
  path: string,
  entry: Entry,
  signal: AbortSignal,
): Promise<"nothing" | "same" | "other"> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!found) return "nothing";
  if (!found.isFile() || (!entry.isPacked && found.size !== entry.bytes)) return "other";
  const held = entry.isPacked
    ? await unpackedSha256(path, entry.bytes, signal)
    : await fileSha256(path, signal);
  return held === entry.sha256 ? "same" : "other";
}

/** Undefined when it holds more, or is not packed at all. */
async function unpackedSha256(
  path: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const hash = createHash("sha256");
  const packed = createReadStream(path);
  const unpacked = createGunzip();
  packed.on("error", (error) => unpacked.destroy(error));
  let bytes = 0;
  try {
    for await (const chunk of packed.pipe(unpacked)) {
      signal.throwIfAborted();
      bytes += Buffer.byteLength(chunk);
      // Somebody else's file may unpack to anything.
      if (bytes > maxBytes) return undefined;
      hash.update(chunk);
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && String(error.code).startsWith("Z_")) {
      return undefined;
    }
    throw error;
  } finally {
    packed.destroy();
  }
  return hash.digest("hex");
}
