/** The tasks of a workflow's latest run: all of a few accounts, of many only how they stand. */
import type { RunRecord, TaskRecord } from "../../orchestration/index.ts";
import { count, counted } from "../figures.ts";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";
import { treeOf } from "../task-tree.ts";
import { dayAndTime, timeLeft } from "../time-words.ts";
import { taskCells } from "./run-status.ts";
import { statusText } from "./status.ts";
import type { SummaryOptions } from "./summary.ts";
import { table } from "./table.ts";
import { askingLines, ownTasks, SHOWN } from "./tasks.ts";

/** Of more accounts their tasks are counted, not listed. */
const MAX_TREES = 10;
/** Of more accounts that are to be told of, the rest is summed up. */
const MAX_ACCOUNTS = 20;

interface Told extends SummaryOptions {
  readonly now: Date;
  /** That of the schedule that started the run; if any did. */
  readonly timeZone: string | undefined;
}

/** Lines of a table of accounts and tasks, then what waits for a person, then where to see more. */
export function latestTasks(run: RunRecord, tasks: readonly TaskRecord[], options: Told): string[] {
  const few = run.accounts.length <= MAX_TREES;
  const told = few ? run.accounts : run.accounts.filter((account) => !isEven(account, tasks));
  const shown = told.slice(0, few ? MAX_TREES : MAX_ACCOUNTS);
  const rows = shown.flatMap((account) => {
    const mine = tasks.filter((task) => task.account === account);
    return [accountRow(account, mine, options.style), ...(few ? taskRows(mine, options) : [])];
  });
  const { style, width } = options;
  const head = ["account, task", "status", "attempts", "time", "what"];
  return [
    ...(rows.length === 0 ? [] : table({ head, right: [2, 3], cut: [0, 4] }, rows, style, width)),
    ...restLines(run, told.length - shown.length, run.accounts.length - told.length),
    ...shown.flatMap((account) => askingLines(run, account, tasks, style)),
    ...(tasks.some(({ status }) => status === "FAILED")
      ? [`Read more with: data-wrangler status ${run.runId}`]
      : []),
  ];
}

/** Whether there is nothing to tell of an account's tasks: all are done, or none has begun. */
function isEven(account: string, tasks: readonly TaskRecord[]): boolean {
  const mine = tasks.filter((task) => task.account === account);
  return ["COMPLETED", "NOT_STARTED"].some((even) => mine.every(({ status }) => status === even));
}

function restLines({ runId }: RunRecord, more: number, even: number): string[] {
  const parts = [
    ...(more > 0 ? [`${counted(more, "more account")}: data-wrangler status ${runId}`] : []),
    ...(even > 0 ? [`${counted(even, "other account")}: all done, or not begun`] : []),
  ];
  return parts;
}

function accountRow(account: string, mine: readonly TaskRecord[], style: Style): string[] {
  const own = ownTasks(mine);
  const parts = SHOWN.flatMap((status) => {
    const n = own.filter((task) => task.status === status).length;
    return n === 0 ? [] : [`${count(n)} ${statusText(status, PLAIN)}`];
  });
  return [style.bold(account), "", "", "", parts.join(", ")];
}

/** Where several statuses stand in one cell, colours would only confuse. */
const PLAIN: Style = { bold: String, dim: String, red: String, green: String, yellow: String };

function taskRows(mine: readonly TaskRecord[], { style, now, timeZone }: Told): string[][] {
  const byName = new Map(mine.map((task) => [task.task, task]));
  return treeOf([...byName.keys()]).map(({ task, name, depth }) => {
    const record = byName.get(task)!;
    const cells = taskCells(record, `${"  ".repeat(depth + 1)}${printable(name)}`, style);
    const next = record.nextAttemptAt;
    if (next === null || Date.parse(next) <= now.getTime()) return cells;
    const said = cells.pop() ?? "";
    return cells.concat(
      `${timeLeft(next, now)}, ${dayAndTime(next, now, timeZone)}` +
        (said === "" ? "" : `: ${said}`),
    );
  });
}
