/** The tasks of a run in a summary: how many ended how, and what became of those not done. */
import type { RunRecord, TaskRecord, TaskStatus } from "../../orchestration/index.ts";
import { DEFAULT_WORKFLOW } from "../default-workflow.ts";
import { count, counted } from "../figures.ts";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";
import { parentOf } from "../task-tree.ts";
import { statusText } from "./status.ts";
import { table } from "./table.ts";

/** Whether a run has more to tell of than the one task of a configuration without workflows. */
export function hasWorkflow(tasks: readonly TaskRecord[]): boolean {
  const accounts = new Set(tasks.map(({ account }) => account));
  return tasks.length > accounts.size || tasks.some(({ task }) => task !== DEFAULT_WORKFLOW);
}

/** The workflow's own tasks: not those within others. */
export function ownTasks(tasks: readonly TaskRecord[]): readonly TaskRecord[] {
  const known = new Set(tasks.map(({ task }) => task));
  return tasks.filter(({ task }) => parentOf(task, known) === undefined);
}

/** Statuses in the order in which they are told. */
export const SHOWN: readonly TaskStatus[] = [
  "COMPLETED",
  "FAILED",
  "SKIPPED",
  "CANCELED",
  "WAITING",
  "IN_PROGRESS",
  "NOT_STARTED",
];

/** Lines of a table with the number of tasks by status for each account. */
export function taskTable(
  run: RunRecord,
  tasks: readonly TaskRecord[],
  { style, width }: { readonly style: Style; readonly width?: number | undefined },
): string[] {
  const own = ownTasks(tasks);
  const statuses = SHOWN.filter(
    (status) => status === "COMPLETED" || own.some((task) => task.status === status),
  );
  const rows = run.accounts.map((account) => {
    const mine = own.filter((task) => task.account === account);
    const counts = statuses.map((status) => mine.filter((task) => task.status === status).length);
    return [account, count(mine.length), ...counts.map((n) => (n === 0 ? "" : count(n)))];
  });
  const names = statuses.map((status) => statusText(status, plain));
  const head = ["account", "tasks", ...names];
  return table({ head, right: head.map((_, i) => i).slice(1), cut: [0] }, rows, style, width);
}

/** The head of a table has a colour of its own. */
const plain = { green: String, red: String, dim: String, yellow: String, bold: String };

/** Lines about tasks that wait for a person, and about those that never ran. */
export function openLines(run: RunRecord, tasks: readonly TaskRecord[], style: Style): string[] {
  return run.accounts.flatMap((account) => {
    const mine = ownTasks(tasks).filter((task) => task.account === account);
    return [
      ...askingLines(run, account, tasks, style),
      ...leftOut(account, mine, "SKIPPED"),
      ...leftOut(account, mine, "CANCELED"),
    ];
  });
}

/** Lines about an account's tasks that wait for a person, and what to type. */
export function askingLines(
  run: RunRecord,
  account: string,
  tasks: readonly TaskRecord[],
  style: Style,
): string[] {
  const waiting = tasks.filter((task) => task.account === account && task.status === "WAITING");
  // a task waits as well when one within it does
  const asking = waiting.filter(
    ({ task }) => !waiting.some((inner) => inner.task.startsWith(`${task}/`)),
  );
  return asking.flatMap((task) => waitingLines(run, task, style));
}

function waitingLines({ runId, accounts }: RunRecord, record: TaskRecord, style: Style): string[] {
  const { account, task, reason, failure } = record;
  const why = printable(reason ?? failure?.message ?? "for an answer");
  const one = accounts.length > 1 ? ` --account ${account}` : "";
  return [
    style.yellow(`${account}/${printable(task)} waits: ${why}`),
    `  what to do: data-wrangler resolve ${runId} --task ${printable(task)}${one} --as done (or not-done)`,
  ];
}

function leftOut(
  account: string,
  tasks: readonly TaskRecord[],
  status: "SKIPPED" | "CANCELED",
): string[] {
  const left = tasks.filter((task) => task.status === status);
  const [first] = left;
  if (!first) return [];
  const why = first.reason === null ? "" : `: ${printable(first.reason)}`;
  return [`${account}: ${counted(left.length, "task")} ${status.toLowerCase()}${why}`];
}
