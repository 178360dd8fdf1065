/** A line of a run's log as a person reads it. */
import { DEFAULT_WORKFLOW } from "../default-workflow.ts";
import { clock } from "../figures.ts";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";

/** Names of pino's levels. */
const LEVELS: Readonly<Record<number, string>> = {
  20: "debug",
  30: "info",
  40: "warn",
  50: "error",
};

/** Fields that the line shows by other means. */
const SHOWN = new Set([
  "level",
  "time",
  "run",
  "account",
  "task",
  "dataset",
  "stage",
  "msg",
  "err",
  "failure",
]);

/**
 * One log line, such as `12:03:01 debug acme/orders validated candidate=balanced passed=true`.
 * What is no JSON is shown as it is.
 */
export function logLine(json: string, style: Style): string {
  const line = parsed(json);
  if (!line) return printable(json.trimEnd());
  const { level, time, account, dataset, stage, msg } = line;
  const task = line["task"] === DEFAULT_WORKFLOW ? undefined : line["task"];
  const place = [account, task, dataset].filter((part) => typeof part === "string").join("/");
  const facts = Object.entries(line)
    .filter(([name]) => !SHOWN.has(name))
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const failed = line["err"] ?? line["failure"];
  const words = [place, stage, msg, ...facts, messageOf(failed)].filter(
    (word) => word !== undefined && word !== "",
  );
  const name = (LEVELS[Number(level)] ?? String(level)).padEnd(5);
  const paint = { warn: style.yellow, error: style.red, debug: style.dim }[name.trim()];
  const text = `${clock(new Date(Number(time)))} ${name} ${printable(words.join(" "))}`;
  return paint ? paint(text) : text;
}

function parsed(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function messageOf(failure: unknown): string | undefined {
  if (typeof failure !== "object" || failure === null || !("message" in failure)) return undefined;
  return String(failure.message);
}
