/** When what ran, and what the run's length consisted of. */
import { bar } from "../../charts/index.ts";
import {
  andMore,
  counted,
  duration,
  fitting,
  type Heading,
  type Html,
  html,
  name,
  percent,
  prose,
  row,
  table,
} from "../../markup/index.ts";
import { STATUS_WORDS } from "../../workflow-graph/index.ts";
import { gantt } from "../gantt.ts";
import type { RunView } from "../run-view.ts";

const BUDGET_BYTES = 60_000;

/** A row for each task along a time axis. */
export function times({ timeline }: RunView): Html {
  if (timeline.rows.length === 0) return html`<p>No task was begun.</p>`;
  const { picture, left } = gantt(timeline);
  const bars = timeline.rows.flatMap(({ attempts }) => attempts);
  const looks = [
    { look: "work", text: "at work", shown: true },
    {
      look: "wait",
      text: "waiting for its turn, its time of the day, or the next attempt",
      shown: true,
    },
    {
      look: "failed",
      text: "failed attempt",
      shown: bars.some(({ status }) => status === "FAILED"),
    },
    {
      look: "canceled",
      text: "canceled attempt",
      shown: bars.some(({ status }) => status === "CANCELED"),
    },
    { look: "gone", text: "attempt lost with its process", shown: bars.some(({ lost }) => lost) },
    {
      look: "critical",
      text: "critical path",
      shown: timeline.rows.some(({ onCriticalPath }) => onCriticalPath),
    },
  ];
  return html`<p class="muted small">
      Times count from the start of the run, ${prose(timeline.startedAt, 40)}.
    </p>
    <div class="wide">${picture}</div>
    <ul class="legend small">
      ${looks.filter(({ shown }) => shown).map(({ look, text }) => html`<li><span class="${look}"></span>${text}</li>`)}
    </ul>
    ${left > 0 && html`<p class="more">The tasks that took longest are shown; ${counted(left, "shorter task")} left out.</p>`}`;
}

const HEADINGS: readonly Heading[] = [
  { label: "Task" },
  { label: "Status" },
  { label: "Waited", numeric: true },
  { label: "Worked", numeric: true },
  { label: "Share", numeric: true },
  { label: "Of the path" },
];

/** The chain of tasks that decided when the run ended. */
export function criticalPath({ path, severalAccounts }: RunView): Html {
  const [first] = path;
  if (first === undefined) return html`<p>No task has ended.</p>`;
  const total = path.reduce((sum, { waitMs, workMs }) => sum + waitMs + workMs, 0);
  const waited = path.reduce((sum, { waitMs }) => sum + waitMs, 0);
  const rows = fitting(path, BUDGET_BYTES, (step) =>
    row(HEADINGS, [
      name(step.task, 120),
      STATUS_WORDS[step.status],
      duration(step.waitMs),
      duration(step.workMs),
      percent(step.share),
      bar(step.share, `${percent(step.share)} of the path`, "plain"),
    ]),
  );
  return html`<p>
      ${counted(path.length, "task")} one after the other decided when the run
      ended${severalAccounts && html`, all in account ${prose(first.account, 80)}`}:
      ${duration(total)}, of which ${duration(waited)} waiting. It ends sooner only when these
      tasks, or what they waited for, get quicker.
    </p>
    ${table("In the order in which they ran.", HEADINGS, rows.shown)}${andMore(rows.left, "tasks")}`;
}
