import { existsSync, readFileSync } from "node:fs";

/** The tool's version, from the nearest package.json above: this file runs from `src` and from `dist/src`. */
export function version(): string {
  for (let folder = new URL(".", import.meta.url); ; folder = new URL("..", folder)) {
    const file = new URL("package.json", folder);
    if (existsSync(file)) return versionIn(readFileSync(file, "utf8"));
    if (folder.pathname === "/") return "unknown";
  }
}

function versionIn(text: string): string {
  const found = /"version"\s*:\s*"([^"]+)"/.exec(text);
  return found?.[1] ?? "unknown";
}
