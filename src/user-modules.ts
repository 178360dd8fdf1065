/** Modules that users bring; each registers its generators, operations, kinds … by being loaded. */
import { pathToFileURL } from "node:url";
import type { Settings } from "./config/index.ts";
import { WranglerError } from "./core/index.ts";

/** Those of a configuration, one after the other. */
export async function loadModules({ modules }: Settings): Promise<void> {
  for (const path of modules) await loadModule(path);
}

/** @throws {WranglerError} MODULE_INVALID with what went wrong in it. */
export async function loadModule(path: string): Promise<void> {
  try {
    await import(pathToFileURL(path).href);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WranglerError("MODULE_INVALID", `${path}: ${reason}`, { path }, { cause });
  }
}
