/** Files of an SFTP server, by name and by pattern. */
import type { FileEntryWithStats } from "ssh2";
import { isAnswer, isMissing, type Remote } from "./remote.ts";

/** A type, since an interface is no Json. */
export type RemoteFile = { path: string; bytes: number; modifiedMs: number };

/**
 * Files that a path or a pattern (`*`, `?`, `[a-z]`, `{a,b}`, `**`) names, by name. What is there
 * under the very name is meant, whatever signs are in it.
 *
 * @param path - From the root, or from the folder that the server puts users in.
 */
export async function remoteFiles(remote: Remote, path: string): Promise<RemoteFile[]> {
  const { GLOB } = await import("../../engine/index.ts");
  const isPattern = GLOB.test(path);
  const own = await remoteFile(remote, path).catch((error: unknown) => {
    // Servers for which a pattern cannot be a name say so in a way of their own.
    if (isPattern && isAnswer(error)) return undefined;
    throw error;
  });
  if (own) return [own];
  const parts = path.split("/");
  const first = parts.findIndex((part) => GLOB.test(part));
  if (first < 0) return [];
  const root = first === 1 && parts[0] === "" ? "/" : parts.slice(0, first).join("/") || ".";
  const found = await walk(remote, root, parts.slice(first));
  const paths = [...new Set(found)].toSorted((a, b) => (a < b ? -1 : 1));
  const files: RemoteFile[] = [];
  for (const one of paths) {
    const file = await remoteFile(remote, one);
    if (file) files.push(file);
  }
  return files;
}

/** Undefined when there is none, or something that is no file. */
export async function remoteFile(remote: Remote, path: string): Promise<RemoteFile | undefined> {
  try {
    const found = await remote.stat(path);
    if (!found.isFile()) return undefined;
    return { path, bytes: found.size, modifiedMs: found.mtime * 1_000 };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function walk(
  remote: Remote,
  folder: string,
  [part, ...rest]: readonly string[],
): Promise<string[]> {
  if (part === undefined) return [];
  const entries = await entriesOf(remote, folder);
  if (part === "**") {
    const found = await walk(remote, folder, rest);
    for (const { filename, attrs } of entries) {
      if (!attrs.isDirectory() || filename.startsWith(".")) continue;
      found.push(...(await walk(remote, below(folder, filename), [part, ...rest])));
    }
    return found;
  }
  const { patternOf } = await import("../../engine/index.ts");
  const pattern = patternOf(part);
  const names = entries.map(({ filename }) => filename).filter((name) => pattern.test(name));
  if (rest.length === 0) return names.map((name) => below(folder, name));
  const found: string[] = [];
  for (const name of names) found.push(...(await walk(remote, below(folder, name), rest)));
  return found;
}

function below(folder: string, name: string): string {
  if (folder === ".") return name;
  return folder.endsWith("/") ? `${folder}${name}` : `${folder}/${name}`;
}

/** A server may say anything: what is no plain name is passed over. */
async function entriesOf(remote: Remote, folder: string): Promise<FileEntryWithStats[]> {
  try {
    const entries = await remote.readdir(folder);
    return entries.filter(({ filename }) => !/^\.{0,2}$|[/\0]/.test(filename));
  } catch (error) {
    // A file where a folder is meant gives another error with every server.
    const isFile = isAnswer(error) && (await remoteFile(remote, folder)) !== undefined;
    if (isMissing(error) || isFile) return [];
    throw error;
  }
}
