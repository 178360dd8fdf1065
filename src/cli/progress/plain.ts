/** Progress as lines, for logs and narrow terminals. */
import type { ProgressEvent, StageHappening, TaskHappening } from "../../orchestration/index.ts";
import { DEFAULT_WORKFLOW } from "../default-workflow.ts";
import { clock, countsText, duration } from "../figures.ts";
import { printable } from "../printable.ts";
import { isLone } from "./board.ts";

type RunStarted = Extract<ProgressEvent, { type: "run-started" }>;
type TaskFinished = Extract<TaskHappening, { type: "task-finished" }>;

/** Turns events into lines. It remembers which accounts have but the one task that goes without saying. */
export class PlainProgress {
  readonly #lone = new Set<string>();

  /** The line that tells of an event; none for beginnings, of which the ends say it all. */
  line(event: ProgressEvent): string | undefined {
    if (event.type === "account-started" && isLone(event.tasks)) this.#lone.add(event.account);
    return this.#isTold(event) ? plainLine(event, this.#isLone(event)) : undefined;
  }

  #isTold(event: ProgressEvent): boolean {
    if (event.type === "task-finished") return !this.#isLone(event);
    return !UNTOLD.has(event.type);
  }

  #isLone(event: ProgressEvent): boolean {
    return "account" in event && this.#lone.has(event.account);
  }
}

const UNTOLD: ReadonlySet<ProgressEvent["type"]> = new Set([
  "account-started",
  "stage-started",
  "task-ready",
  "task-started",
]);

/**
 * The line that tells of an event, such as `12:03:01 acme/orders profiling done 0.4 s (rows=2410)`.
 *
 * @param lone Whether its task is the only one and is not named.
 */
export function plainLine(event: ProgressEvent, lone = false): string {
  return `${clock(new Date(event.at))} ${printable(sentence(event, lone))}`;
}

function sentence(event: ProgressEvent, lone: boolean): string {
  if ("stage" in event) {
    const place = [event.account, ...(lone ? [] : [event.task]), event.dataset].join("/");
    return `${place} ${event.stage} ${stageWords(event)}`;
  }
  if ("task" in event) return `${event.account}${lone ? "" : `/${event.task}`} ${taskWords(event)}`;
  switch (event.type) {
    case "run-started":
      return startWords(event);
    case "run-draining":
      return `run ${event.runId} ends after the tasks at work: ${event.reason}`;
    case "run-finished":
      return `run ${event.runId} ${event.status.toLowerCase()} ${duration(event.durationMs)}`;
    case "account-started":
      return `${event.account} started`;
    case "account-finished":
      return `${event.summary.account} ${event.summary.status.toLowerCase()}`;
    case "engine-replaced":
      return `${event.account} engine replaced: ${event.reason}`;
    default:
      return event satisfies never;
  }
}

function startWords({ runId, workflow, resumed, accounts }: RunStarted): string {
  const name = workflow === DEFAULT_WORKFLOW ? runId : `${runId} of ${workflow}`;
  return `run ${name} ${resumed ? "resumed" : "started"}, accounts: ${accounts.join(", ")}`;
}

function stageWords(event: StageHappening): string {
  if (event.type === "stage-started") return "started";
  if (event.type === "stage-failed") return `failed: ${event.message ?? "no reason given"}`;
  const counts = countsText(event.counts);
  const word = event.type === "stage-reused" ? "done before" : `done ${duration(event.durationMs)}`;
  return counts === "" ? word : `${word} (${counts})`;
}

function taskWords(event: TaskHappening): string {
  switch (event.type) {
    case "task-ready":
      return "ready";
    case "task-started":
      return event.attempt === 1 ? "started" : `started, attempt ${event.attempt}`;
    case "task-retrying":
      return `attempt ${event.attempt} failed: ${event.message}; ${event.next}`;
    case "task-finished":
      return endWords(event);
    case "task-waiting":
      return `waiting: ${event.reason}`;
    case "effect-uncertain":
      return `not known whether ${event.effect} took place (key ${event.key})`;
    default:
      return event satisfies never;
  }
}

function endWords({ status, attempts, durationMs, reason }: TaskFinished): string {
  const tries = attempts > 1 ? ` after ${attempts} attempts` : "";
  const time = attempts > 0 ? ` ${duration(durationMs)}` : "";
  const why = reason === null || reason === "" ? "" : `: ${reason}`;
  return `${status.toLowerCase()}${time}${tries}${why}`;
}
