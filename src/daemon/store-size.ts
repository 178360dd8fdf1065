import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Bytes of the store's database files: those of runs, and those of accounts. */
export async function storeBytes(checkpointsFolder: string): Promise<number> {
  const folders = [checkpointsFolder, join(checkpointsFolder, "accounts")];
  const sizes = await Promise.all(folders.map(bytesIn));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names
      .filter((name) => /\.sqlite(?:-wal|-shm)?$/.test(name))
      // one that is gone meanwhile has none
      .map((name) =>
        stat(join(folder, name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}
