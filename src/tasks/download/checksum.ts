/** Lists of checksums, as `sha256sum` and its like write them. */
import { invalid } from "./failures.ts";

const SUM = /^[0-9a-f]{64}$/i;
/** `SUM  name` and `SUM *name`. */
const LINE = /^\\?([0-9a-f]{64})[ \t]+\*?(.+)$/i;
/** `SHA256 (name) = SUM`, as BSD has it. */
const TAGGED = /^SHA256 \((.+)\) ?= ?([0-9a-f]{64})$/i;

/**
 * The SHA-256 that a list has for a file: that of its name, or the only one when it names none.
 *
 * @param names - What the file may be called: by its source, and here.
 * @throws {WranglerError} DOWNLOAD_INVALID when it has none
 */
export function sumOf(list: string, names: readonly string[], what: string): string {
  const lines = list
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const [only = ""] = lines;
  if (lines.length === 1 && SUM.test(only)) return only.toLowerCase();
  for (const line of lines) {
    const { sum, name } = entryOf(line);
    if (sum !== undefined && names.includes(baseOf(name))) return sum.toLowerCase();
  }
  throw invalid(`${what}: expected a SHA-256 of ${names[0]} in it, found none.`);
}

function entryOf(line: string): { readonly sum: string | undefined; readonly name: string } {
  const [, plain, name = ""] = LINE.exec(line) ?? [];
  if (plain !== undefined) return { sum: plain, name };
  const [, tagged = "", sum] = TAGGED.exec(line) ?? [];
  return { sum, name: tagged };
}

function baseOf(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}
