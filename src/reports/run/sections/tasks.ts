/** Every task, what became of it and why. */
import type { AttemptRecord, TaskRecord, TaskStatus } from "../../../orchestration/index.ts";
import {
  andMore,
  type Content,
  count,
  duration,
  fitting,
  type Heading,
  type Html,
  html,
  name,
  prose,
  row,
  table,
} from "../../markup/index.ts";
import { STATUS_WORDS } from "../../workflow-graph/index.ts";
import type { RunView } from "../run-view.ts";

const BUDGET_BYTES = 220_000;
const FAILURES_BYTES = 120_000;

const HEADINGS: readonly Heading[] = [
  { label: "Task" },
  { label: "Kind" },
  { label: "Status" },
  { label: "Attempts", numeric: true },
  { label: "Duration", numeric: true },
  { label: "Why" },
];

/** A table for each account, in the order of the run. */
export function taskTables(view: RunView): Html {
  const { tasks, run } = view.input;
  if (tasks.length === 0) return html`<p>No task was begun.</p>`;
  const accounts = [...new Set([...run.accounts, ...tasks.map(({ account }) => account)])];
  return html`${accounts.map((account) => {
    const own = tasks.filter((task) => task.account === account);
    const rows = fitting(own, BUDGET_BYTES / accounts.length, taskRow);
    const caption = view.severalAccounts
      ? html`Tasks of account ${prose(account, 80)}.`
      : html`In the order in which they were recorded.`;
    return own.length === 0
      ? html`<p>No task of account ${prose(account, 80)} was begun.</p>`
      : html`${table(caption, HEADINGS, rows.shown)}${andMore(rows.left, "tasks")}`;
  })}`;
}

function taskRow(task: TaskRecord): Html {
  return row(HEADINGS, [
    name(task.task, 120),
    prose(task.kind, 60),
    status(task.status),
    task.attempts === 0 ? "–" : count(task.attempts),
    task.durationMs === null ? "–" : duration(task.durationMs),
    why(task),
  ]);
}

function status(of: TaskStatus): Html {
  const look = of === "COMPLETED" ? "ok" : of === "FAILED" ? "no" : "";
  return html`<span class="${look}">${STATUS_WORDS[of]}</span>`;
}

function why({ reason, failure, takenFrom }: TaskRecord): Content {
  const parts: Html[] = [];
  if (takenFrom !== null) parts.push(html`<div>Taken over from run ${prose(takenFrom, 80)}.</div>`);
  if (reason !== null) parts.push(html`<div>${prose(reason, 300)}</div>`);
  if (failure !== null) {
    parts.push(html`<div>${prose(failure.message, 300)}</div>`);
    if (failure.remedy !== "") {
      parts.push(html`<div class="muted">${prose(failure.remedy, 300)}</div>`);
    }
  }
  return parts;
}

/** Failed tasks with each of their attempts, and what can be done. */
export function failures(view: RunView): Html {
  const failed = view.input.tasks.filter((task) => task.status === "FAILED");
  const { shown, left } = fitting(failed, FAILURES_BYTES, (task) => card(view, task));
  return html`${shown}${andMore(left, "failed tasks", "see the tables of tasks")}`;
}

function card(view: RunView, task: TaskRecord): Html {
  const { failure, reason } = task;
  const attempts = view.attemptsOf(task);
  const { shown, left } = fitting(attempts, 20_000, attemptItem);
  return html`<article>
    <h3>${name(task.task, 120)}${view.severalAccounts && html` of ${prose(task.account, 80)}`}</h3>
    <p>${prose(failure?.message ?? reason ?? "No reason is recorded.", 1200)}</p>
    ${failure !== null && html`<p><strong>What to do:</strong> ${prose(failure.remedy, 600)}</p>`}
    ${
      failure !== null &&
      html`<p class="muted small">
        ${name(failure.code, 60)}${failure.class !== undefined && html`, ${failure.class}`}, at
        ${prose(failure.at, 200)}
      </p>`
    }
    ${
      attempts.length > 1 &&
      html`<h4>Attempts</h4>
        <ol>
          ${shown}
        </ol>
        ${andMore(left, "attempts")}`
    }
  </article>`;
}

function attemptItem(attempt: AttemptRecord): Html {
  const { startedAt, endedAt, failure, next } = attempt;
  const length =
    endedAt === null ? "" : `, ${duration(Date.parse(endedAt) - Date.parse(startedAt))}`;
  const outcome =
    attempt.status === "IN_PROGRESS" ? "no end recorded" : STATUS_WORDS[attempt.status];
  return html`<li>
    ${outcome}${length}${failure !== null && html`: ${prose(failure.message, 300)}`}${next !== null && html` <span class="muted">→ ${prose(next, 120)}</span>`}
  </li>`;
}
