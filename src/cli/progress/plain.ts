/** Progress as lines, for logs and narrow terminals. */
import type { ProgressEvent } from "../../orchestration/index.ts";
import { clock, countsText, duration } from "../figures.ts";
import { printable } from "../printable.ts";

type StageEvent = Extract<ProgressEvent, { stage: unknown }>;

/** The line that tells of an event, such as `12:03:01 acme/orders profiling done 0.4 s (rows=2410)`. */
export function plainLine(event: ProgressEvent, now: Date): string {
  return `${clock(now)} ${printable(sentence(event))}`;
}

function sentence(event: ProgressEvent): string {
  switch (event.type) {
    case "run-started": {
      const accounts = event.accounts.join(", ");
      return `run ${event.runId} ${event.resumed ? "resumed" : "started"}, accounts: ${accounts}`;
    }
    case "account-started":
      return `${event.account} started`;
    case "stage-started":
    case "stage-finished":
    case "stage-reused":
    case "stage-failed":
      return `${event.account}/${event.dataset} ${event.stage} ${stageWords(event)}`;
    case "engine-replaced":
      return `${event.account} engine replaced: ${event.reason}`;
    case "account-finished":
      return `${event.summary.account} ${event.summary.status.toLowerCase()}`;
    case "run-finished":
      return `run ${event.runId} ${event.status.toLowerCase()} ${duration(event.durationMs)}`;
    default:
      return event satisfies never;
  }
}

function stageWords(event: StageEvent): string {
  if (event.type === "stage-started") return "started";
  if (event.type === "stage-failed") return `failed: ${event.message ?? "no reason given"}`;
  const counts = countsText(event.counts);
  const word = event.type === "stage-reused" ? "done before" : `done ${duration(event.durationMs)}`;
  return counts === "" ? word : `${word} (${counts})`;
}
