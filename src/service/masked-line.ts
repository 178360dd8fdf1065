import { Json, masked } from "../core/index.ts";
import { maskedJson } from "../orchestration/index.ts";

/** A line of a log, JSON, without secrets. Only texts are masked: it stays JSON, whatever a secret looks like. */
export function maskedLine(line: string): string {
  if (masked(line) === line) return line;
  return `${JSON.stringify(maskedJson(Json.parse(JSON.parse(line))))}\n`;
}
