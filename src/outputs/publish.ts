import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  discard,
  exists,
  fileSha256,
  flush,
  Manifest,
  readJson,
  unwritable,
  writeJson,
} from "../core/index.ts";

const MANIFEST = "manifest.json";

/** The page carries timings, which differ from run to run; all else is a function of the key. */
const NOT_HASHED = new Set(["report.html", MANIFEST]);

/** Whether the folder holds the complete, undamaged outputs of this key. */
export async function standing(folder: string, key: string): Promise<boolean> {
  const path = join(folder, MANIFEST);
  if (!(await exists(path))) return false;
  const manifest = await readJson(path, Manifest).catch(() => undefined);
  if (manifest?.key !== key) return false;
  for (const [name, { sha256 }] of Object.entries(manifest.files)) {
    const file = join(folder, name);
    if (!(await exists(file)) || (await fileSha256(file)) !== sha256) return false;
  }
  return true;
}

/**
 * Put the outputs of a dataset into a folder: `write` puts them aside and gives back the manifest,
 * less the list of files; when all are there they get their names, the manifest last. A folder with
 * a manifest is complete.
 *
 * @param id - Sets this writer's files apart from those of another, such as a run id.
 * @throws {WranglerError} OUTPUT_UNWRITABLE when the folder or disk refuses. Nothing is left behind.
 */
export async function publish(
  folder: string,
  id: string,
  write: (aside: string) => Promise<Omit<Manifest, "files">>,
): Promise<void> {
  const aside = join(folder, `.aside-${id}`);
  try {
    await rm(aside, { recursive: true, force: true });
    await mkdir(aside, { recursive: true });
    const manifest = await write(aside);
    await writeJson(join(aside, MANIFEST), { ...manifest, files: await hashes(aside) });
    await giveNames(aside, folder);
  } catch (error) {
    throw unwritable(error, folder);
  } finally {
    await discard(aside);
  }
}

async function hashes(folder: string): Promise<Manifest["files"]> {
  const files: Manifest["files"] = {};
  for (const name of (await readdir(folder, { recursive: true })).toSorted()) {
    const path = join(folder, name);
    const facts = await stat(path);
    if (!facts.isFile() || NOT_HASHED.has(name)) continue;
    files[name] = { sha256: await fileSha256(path), sizeBytes: facts.size };
  }
  return files;
}

async function giveNames(aside: string, folder: string): Promise<void> {
  await rm(join(folder, MANIFEST), { force: true });
  for (const name of await readdir(aside)) {
    if (name === MANIFEST) continue;
    const target = join(folder, name);
    await flush(join(aside, name));
    // A folder cannot be renamed over one that holds files.
    if ((await stat(join(aside, name))).isDirectory())
      await rm(target, { recursive: true, force: true });
    await rename(join(aside, name), target);
  }
  await rename(join(aside, MANIFEST), join(folder, MANIFEST));
  await flush(folder);
}
