import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { didYouMean, WranglerError } from "../../core/index.ts";

/** What makes a pattern of a name. */
export const GLOB = /[*?[\]{}]/;

/**
 * Files that paths and glob patterns (`*`, `?`, `[a-z]`, `{a,b}`, `**`) name, each once, in order:
 * a pattern's files by name.
 *
 * @throws {WranglerError} INPUT_MISSING when a path does not exist or a pattern matches nothing.
 */
export async function expandPaths(paths: readonly string[]): Promise<string[]> {
  const files = new Set<string>();
  for (const path of paths) {
    // A name that exists is a name, even with brackets in it.
    const kind = await kindOf(path);
    if (kind === "file") files.add(path);
    else if (kind === undefined && GLOB.test(path)) {
      const matches = await expandGlob(path);
      if (matches.length === 0)
        throw new WranglerError("INPUT_MISSING", `No file matches ${path}.`, { path });
      for (const match of matches) files.add(match);
    } else throw await missing(path, kind);
  }
  return [...files];
}

async function missing(path: string, kind: "folder" | undefined): Promise<WranglerError> {
  if (kind === "folder")
    return new WranglerError("INPUT_MISSING", `${path} is a folder, not a file.`, { path });
  const siblings = await readdir(dirname(path)).catch(() => []);
  const hint = didYouMean(basename(path), siblings);
  return new WranglerError("INPUT_MISSING", `${path} was not found.${hint}`, { path });
}

async function kindOf(path: string): Promise<"file" | "folder" | undefined> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? "folder" : "file";
  } catch {
    return undefined;
  }
}

async function expandGlob(pattern: string): Promise<string[]> {
  const parts = pattern.split(/[/\\]/);
  const firstGlob = parts.findIndex((part) => GLOB.test(part));
  const root = parts.slice(0, firstGlob).join(sep) || (pattern.startsWith("/") ? "/" : ".");
  const found = await walk(root, parts.slice(firstGlob));
  return found.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

async function walk(folder: string, parts: readonly string[]): Promise<string[]> {
  const [part, ...rest] = parts;
  if (part === undefined) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  if (part === "**") {
    const found = await walk(folder, rest);
    for (const entry of entries)
      if (entry.isDirectory() && !entry.name.startsWith("."))
        found.push(...(await walk(join(folder, entry.name), parts)));
    return [...new Set(found)];
  }
  const matcher = patternOf(part);
  const found: string[] = [];
  for (const entry of entries.filter(({ name }) => matcher.test(name))) {
    const path = join(folder, entry.name);
    if (rest.length > 0) found.push(...(await walk(path, rest)));
    else if ((await kindOf(path)) === "file") found.push(path);
  }
  return found;
}

/** Pieces of a glob part: a set in brackets, braces and their commas, wildcards, or one character. */
const PIECE = /\[[^\]]+\]|\{[^{}]*\}|[\s\S]/gu;

/** A glob part as a regular expression; a leading dot is only matched by a dot. */
export function patternOf(part: string): RegExp {
  const source = (part.match(PIECE) ?? []).map((piece) => sourceOf(piece)).join("");
  return new RegExp(`^${part.startsWith(".") ? "" : "(?!\\.)"}${source}$`, "u");
}

function sourceOf(piece: string): string {
  if (piece === "*") return ".*";
  if (piece === "?") return ".";
  const inside = piece.slice(1, -1);
  if (piece.length > 2 && piece.startsWith("["))
    return `[${inside.replace(/^!/, "^").replaceAll("\\", "\\\\")}]`;
  if (piece.length > 2 && piece.startsWith("{")) {
    const choices = inside
      .split(",")
      .map((choice) => (choice.match(PIECE) ?? []).map((p) => sourceOf(p)).join(""));
    return `(?:${choices.join("|")})`;
  }
  return piece.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
