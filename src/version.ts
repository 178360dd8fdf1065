import { readFileSync } from "node:fs";
import { z } from "zod";

/** The package's own version; package.json is two folders up from `dist/src`, one from `src`. */
export function toolVersion(): string {
  const up = import.meta.url.endsWith(".ts") ? "../package.json" : "../../package.json";
  const text = readFileSync(new URL(up, import.meta.url), "utf8");
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
