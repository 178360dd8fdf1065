import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../../shared/data/", import.meta.url));

/** Benchmark data kept beside the repository; too large to be part of it, so not on every machine. */
export const hasSharedData = existsSync(FOLDER);

/** Path of a file of the benchmark data, such as `repair/beers/dirty.csv`. */
export function sharedData(path: string): string {
  return FOLDER + path;
}
