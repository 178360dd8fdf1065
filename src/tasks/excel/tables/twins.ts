import { basename, dirname, join } from "node:path";

const EXTENSION = /\.(csv|tsv|tab|txt|psv|json|ndjson|jsonl|parquet|xlsx)(\.(gz|gzip|zst|zstd))?$/i;
/** What the preparation calls its tables, each in the folder of its dataset. */
const PREPARED = "cleaned";

/**
 * The files, without those that are another one's table in another format: of a prepared table one is
 * taken, and any table that is there as Parquet too is taken as Parquet.
 */
export function withoutTwins(files: readonly string[]): string[] {
  const best = new Map<string, string>();
  for (const file of files) {
    const known = best.get(placeOf(file));
    if (known === undefined || (isParquet(file) && !isParquet(known)))
      best.set(placeOf(file), file);
  }
  return files.filter((file) => {
    const chosen = best.get(placeOf(file)) ?? file;
    return file === chosen || !(isParquet(chosen) || stemOf(file) === PREPARED);
  });
}

/** What a table is called by its file: a prepared one by its dataset. */
export function tableName(file: string): string {
  const stem = stemOf(file);
  return stem === PREPARED ? basename(dirname(file)) : stem;
}

function stemOf(file: string): string {
  return basename(file).replace(EXTENSION, "");
}

function placeOf(file: string): string {
  return join(dirname(file), stemOf(file));
}

function isParquet(file: string): boolean {
  return /\.parquet$/i.test(file);
}
