/** Files that a task's options name: paths, patterns and date parts. */
import { isAbsolute, join } from "node:path";
import {
  exists,
  fillTemplate,
  flawOfTemplate,
  isWranglerError,
  type TemplateTime,
} from "../core/index.ts";

export interface NamedFiles {
  /** Paths and glob patterns; `{yyyyMMdd}` and other parts of a time are filled in. */
  readonly names: readonly string[];
  /** Absolute folder that relative names start from. */
  readonly folder: string;
  readonly time: TemplateTime;
  /** Whether a pattern may match nothing. A plain path has to be there. */
  readonly emptyPatterns: boolean;
  /** Absolute paths that may be named and need not be there any more. */
  readonly gone?: ReadonlySet<string>;
}

const GLOB = /[*?[\]{}]/;

/**
 * The files, each once, as absolute paths in the order of their names. What is there under the very
 * name is meant, whatever signs are in it.
 *
 * @throws {WranglerError} INPUT_MISSING when a path is not there or a pattern matches nothing.
 */
export async function namedFiles({
  names,
  folder,
  time,
  emptyPatterns,
  gone,
}: NamedFiles): Promise<string[]> {
  // Only when files are asked for: the engine's readers come with it.
  const { expandPaths } = await import("../engine/index.ts");
  const found = new Set<string>();
  for (const name of names) {
    const path = await filled(isAbsolute(name) ? name : join(folder, name), time);
    try {
      for (const file of await expandPaths([path])) found.add(file);
    } catch (error) {
      const isMissing = isWranglerError(error) && error.code === "INPUT_MISSING";
      const mayBe = (emptyPatterns && GLOB.test(path)) || gone?.has(path) === true;
      if (!isMissing || !mayBe) throw error;
    }
  }
  return [...found];
}

/** Braces that hold no part of a time are those of a pattern, `{a,b}`. */
async function filled(path: string, time: TemplateTime): Promise<string> {
  if (!path.includes("{") || flawOfTemplate(path) !== undefined) return path;
  return (await exists(path)) ? path : fillTemplate(path, time);
}
