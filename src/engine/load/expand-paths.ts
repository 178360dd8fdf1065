import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { didYouMean, WranglerError } from "../../core/index.ts";

const GLOB = /[*?[\]{}]/;

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
  const found: string[] = [];
  if (part === "**") found.push(...(await walk(folder, rest)));
  const matcher = patternOf(part);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const folderLike = entry.isDirectory();
    if (part === "**" && folderLike && !entry.name.startsWith("."))
      found.push(...(await walk(path, parts)));
    else if (part !== "**" && matcher.test(entry.name)) {
      if (rest.length > 0 && folderLike) found.push(...(await walk(path, rest)));
      else if (rest.length === 0 && (await kindOf(path)) === "file") found.push(path);
    }
  }
  return [...new Set(found)];
}

/** A glob part as a regular expression; a leading dot is only matched by a dot. */
function patternOf(part: string): RegExp {
  let source = part.startsWith(".") ? "^" : "^(?!\\.)";
  let depth = 0;
  for (let i = 0; i < part.length; i++) {
    const character = part[i] ?? "";
    const close = character === "[" ? part.indexOf("]", i + 1) : -1;
    if (character === "*") source += ".*";
    else if (character === "?") source += ".";
    else if (close > 0) {
      source += `[${part.slice(i + 1, close).replace(/^!/, "^").replaceAll("\\", "\\\\")}]`;
      i = close;
    } else if (character === "{" && part.includes("}", i)) {
      source += "(?:";
      depth++;
    } else if (character === "}" && depth > 0) {
      source += ")";
      depth--;
    } else if (character === "," && depth > 0) source += "|";
    else source += character.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  }
  return new RegExp(`${source}$`, "u");
}
