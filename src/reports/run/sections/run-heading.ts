/** The top of a run's report: what became of it, in words and in figures. */
import type { RunStatus, TaskStatus } from "../../../orchestration/index.ts";
import {
  type Content,
  count,
  counted,
  duration,
  type Html,
  html,
  prose,
} from "../../markup/index.ts";
import { STATUS_WORDS } from "../../workflow-graph/index.ts";
import { type RunView, waitOf } from "../run-view.ts";

/** Headline of the page. */
export function runHeading(view: RunView): Html {
  const { run } = view.input;
  return html`<header>
    <p class="eyebrow">Run report · ${prose(run.pipeline, 80)}</p>
    <h1>${prose(run.workflow, 120)}</h1>
    <p class="headline">${headline(view)}</p>
    <dl class="figures">
      ${figures(view).map(
        ([term, value]) =>
          html`<div>
            <dt>${term}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    <p class="muted small">${particulars(view)}</p>
  </header>`;
}

const OUTCOMES: Readonly<Record<RunStatus, string>> = {
  IDLE: "Has not begun",
  RUNNING: "Still running",
  COMPLETED: "Completed",
  FAILED: "Failed",
  CANCELED: "Canceled for good",
  WAITING: "Stopped before its end; it can be resumed",
};

/** What became of the run, in a sentence or two. */
function headline({ input, counts }: RunView): Html {
  const { run, tasks, effects } = input;
  const look = run.status === "COMPLETED" ? "ok" : run.status === "FAILED" ? "no" : "";
  const uncertain = effects.filter(({ status }) => status === "UNCERTAIN").length;
  const warning =
    uncertain === 0
      ? ""
      : ` It is not known whether ${counted(uncertain, "effect")} outside took place: see below.`;
  return html`<span class="${look}">${OUTCOMES[run.status]}:</span>
    ${inWords(counts, tasks.length)}${run.accounts.length > 1 && ` in ${counted(run.accounts.length, "account")}`}.${warning}`;
}

/** Statuses in the order in which a reader asks for them. */
const ORDER: readonly TaskStatus[] = [
  "COMPLETED",
  "FAILED",
  "SKIPPED",
  "CANCELED",
  "WAITING",
  "IN_PROGRESS",
  "NOT_STARTED",
];

function inWords(counts: RunView["counts"], all: number): string {
  if (all === 0) return "no task was begun";
  if (counts.get("COMPLETED") === all)
    return `${all === 1 ? "the one task" : `all ${count(all)} tasks`} completed`;
  const parts = ORDER.flatMap((status) => {
    const n = counts.get(status) ?? 0;
    return n === 0 ? [] : [`${count(n)} ${STATUS_WORDS[status]}`];
  });
  return `of ${counted(all, "task")} ${parts.join(", ")}`;
}

function figures(view: RunView): [Content, Content][] {
  const { input, counts } = view;
  const statuses = ORDER.flatMap((status): [Content, Content][] => {
    const n = counts.get(status) ?? 0;
    return n === 0 && status !== "COMPLETED" ? [] : [[`Tasks ${STATUS_WORDS[status]}`, count(n)]];
  });
  return [
    ["Duration", duration(view.timeline.lengthMs)],
    ...statuses,
    ["Attempts", count(input.attempts.length)],
    ...longestWait(view),
  ];
}

/** The task that waited longest between being ready and its start, when any waited at all. */
function longestWait({ input }: RunView): [Content, Content][] {
  let longest: { task: string; ms: number } | undefined;
  for (const task of input.tasks) {
    const ms = waitOf(task) ?? 0;
    if (ms > (longest?.ms ?? 0)) longest = { task: task.task, ms };
  }
  if (longest === undefined) return [];
  return [[html`Longest wait: ${prose(longest.task, 40)}`, duration(longest.ms)]];
}

function particulars({ input: { run } }: RunView): Html {
  const parts = [
    html`Run ${prose(run.runId, 80)}`,
    html`started ${prose(run.startedAt, 40)}`,
    run.endedAt === null ? html`not ended` : html`ended ${prose(run.endedAt, 40)}`,
    ...(run.attempts > 1 ? [html`taken up ${count(run.attempts)} times`] : []),
    ...(run.round > 1 ? [html`failed tasks run again ${counted(run.round - 1, "time")}`] : []),
    ...(run.forkedFrom === null ? [] : [html`forked from ${prose(run.forkedFrom, 80)}`]),
    ...(run.configPath === null ? [] : [html`configured by ${prose(run.configPath, 200)}`]),
  ];
  return html`${parts.map((part, i) => html`${i > 0 && ", "}${part}`)}.`;
}
