import type { Style } from "../style.ts";

/** A status of a run or a task in words and colour. */
export function statusText(status: string, style: Style): string {
  const word = status.toLowerCase().replaceAll("_", " ");
  if (status === "COMPLETED") return style.green(word);
  if (status === "FAILED") return style.red(word);
  if (status === "NOT_STARTED" || status === "SKIPPED" || status === "IDLE") return style.dim(word);
  return style.yellow(word);
}
