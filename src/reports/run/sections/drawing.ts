/** The workflow as drawn, with what became of each task. */
import type { TaskStatus, WorkflowDefinition } from "../../../orchestration/index.ts";
import { count, type Html, html, prose } from "../../markup/index.ts";
import { drawInline, workflowModel } from "../../workflow-graph/index.ts";
import type { RunView } from "../run-view.ts";

/** More boxes than this show nothing at a glance, and would take megabytes. */
const TASKS = 300;

/** From what a reader has to see to what needs no look. */
const GRAVITY: readonly TaskStatus[] = [
  "FAILED",
  "CANCELED",
  "WAITING",
  "IN_PROGRESS",
  "NOT_STARTED",
  "SKIPPED",
  "COMPLETED",
];

/** One drawing for all accounts: a task shows the gravest status that it had in any. */
export function drawing({ input, severalAccounts }: RunView): Html {
  const { workflow, tasks, nested = new Map<string, WorkflowDefinition>() } = input;
  if (workflow.tasks.length > TASKS) {
    return html`<p>
      The ${count(workflow.tasks.length)} tasks of ${prose(workflow.name, 80)} are too many for a
      picture on this page; <code>data-wrangler graph</code> draws them.
    </p>`;
  }
  const statuses = new Map<string, TaskStatus>();
  for (const { task, status } of tasks) {
    const known = statuses.get(task);
    if (known === undefined || GRAVITY.indexOf(status) < GRAVITY.indexOf(known)) {
      statuses.set(task, status);
    }
  }
  const note = severalAccounts
    ? html`<p class="muted small">A task shows the gravest status that it has in any account.</p>`
    : "";
  return html`${note}
    <div class="wide">${drawInline(workflowModel(workflow, { statuses, nested }))}</div>`;
}
