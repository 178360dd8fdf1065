import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Settings } from "../config/index.ts";
import { readJson, stableJson, WranglerError, writeText } from "../core/index.ts";
import type { Cipher } from "../stores/index.ts";

/** The settings that a run was started with, kept in its folder; sealed where the store is. */
export interface RunSettings {
  write(folder: string, settings: Settings): Promise<void>;
  /** @throws {WranglerError} ARTIFACT_INVALID when they are damaged, STORE_LOCKED without the key. */
  read(folder: string): Promise<Settings>;
}

const PLAIN = "settings.json";
const SEALED = "settings.sealed";
const PURPOSE = "run settings";

export function runSettings(cipher: Cipher | undefined): RunSettings {
  if (!cipher) {
    return {
      write: (folder, settings) => writeText(join(folder, PLAIN), stableJson(settings)),
      read: (folder) => readJson(join(folder, PLAIN), Settings),
    };
  }
  return {
    write: (folder, settings) =>
      writeText(join(folder, SEALED), cipher.sealText(stableJson(settings), PURPOSE)),
    async read(folder) {
      const sealed = await readFile(join(folder, SEALED), "utf8").catch((cause: unknown) => {
        throw new WranglerError("ARTIFACT_INVALID", join(folder, SEALED), {}, { cause });
      });
      return Settings.parse(JSON.parse(cipher.openText(sealed, PURPOSE)));
    },
  };
}
