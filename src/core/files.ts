/** Files that appear whole or not at all: written aside, flushed to disk, renamed. */
import { randomBytes } from "node:crypto";
import { access, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { z } from "zod";
import { WranglerError } from "./errors.ts";
import { stableJson } from "./json.ts";

/** Where a file is written before it gets its name: same folder, so that renaming is atomic. */
export function asideOf(path: string): string {
  return `${path}.${randomBytes(4).toString("hex")}.tmp`;
}

/**
 * Remove what a failed writer may have left. A folder that refuses the removal refused the writing
 * too, and its first refusal is the one to be told.
 */
export async function discard(path: string): Promise<void> {
  await rm(path, { force: true, recursive: true }).catch(() => {});
}

/**
 * Write `path` through `write`, which gets a temporary name in the same folder.
 *
 * @throws {WranglerError} OUTPUT_UNWRITABLE when the folder or the disk refuses; nothing is left.
 */
export async function writeWhole<T>(
  path: string,
  write: (aside: string) => Promise<T>,
): Promise<T> {
  const aside = asideOf(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    const result = await write(aside);
    await flush(aside);
    await rename(aside, path);
    await flush(dirname(path));
    return result;
  } catch (error) {
    await discard(aside);
    throw unwritable(error, path);
  }
}

/** Write text whole. */
export async function writeText(path: string, text: string): Promise<void> {
  await writeWhole(path, async (aside) => {
    const file = await open(aside, "w");
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
  });
}

/** Write a value as sorted JSON, whole. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeText(path, stableJson(value));
}

/**
 * Read a JSON artifact and check its shape.
 *
 * @throws {WranglerError} ARTIFACT_INVALID when it is missing, is no JSON or has another shape.
 */
export async function readJson<T>(path: string, shape: z.ZodType<T>): Promise<T> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WranglerError("ARTIFACT_INVALID", `${path}: ${reason}`, { path }, { cause });
  }
  const checked = shape.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const where = issue?.path.join(".") || "the top";
  throw new WranglerError("ARTIFACT_INVALID", `${path}: at ${where}: ${issue?.message}`, { path });
}

/** Whether there is anything at a path. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Flush a file or folder to disk. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const DISK_ERRORS = new Set([
  "EACCES",
  "EPERM",
  "EROFS",
  "ENOSPC",
  "EDQUOT",
  "ENOTDIR",
  "EISDIR",
  "EEXIST",
  "ENAMETOOLONG",
]);

/** An error of the disk or its permissions as OUTPUT_UNWRITABLE; any other as it is. */
export function unwritable(error: unknown, path: string): unknown {
  if (!isDiskError(error)) return error;
  const reason = `${path}: ${error.message}`;
  return new WranglerError("OUTPUT_UNWRITABLE", reason, { path }, { cause: error });
}

function isDiskError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && DISK_ERRORS.has(String(error.code));
}
