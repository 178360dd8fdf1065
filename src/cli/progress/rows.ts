/** A board as the rows of a picture: accounts with their tasks below them. */
import { countsText, duration } from "../figures.ts";
import { parentOf, type Placed, treeOf } from "../task-tree.ts";
import type { AccountState, Board } from "./board.ts";
import type { DatasetState, Progress, TaskState } from "./task-state.ts";

/** Loading, the five stages, apply. */
const STAGES = 7;

export interface Row {
  /** 0 for accounts. */
  readonly depth: number;
  readonly name: string;
  readonly progress: Progress;
  /** Share in [0, 1] of what is done. */
  readonly share: number;
  /** What it does. */
  readonly doing: string;
  /** Milliseconds; null while there is nothing to time. */
  readonly elapsedMs: number | null;
  readonly message: string;
}

/** Rows in the order of the configuration; `now` in milliseconds since the epoch. */
export function rowsOf(board: Board, now: number): Row[] {
  return board.lone
    ? board.accounts.flatMap((account) => loneRows(account, now))
    : board.accounts.flatMap((account) => treeRows(account, now));
}

/** The workflow's own tasks of an account: not those within others. */
export function ownTasks({ tasks }: AccountState): TaskState[] {
  return [...tasks.values()].filter(({ task }) => parentOf(task, tasks) === undefined);
}

/** How many tasks ended how. */
export function sumsOf(own: readonly TaskState[]): string {
  const ended = (progress: Progress): number =>
    own.filter((task) => task.progress === progress).length;
  const some = (progress: Progress): string[] => {
    const n = ended(progress);
    return n > 0 ? [`${n} ${progress}`] : [];
  };
  const done = `${ended("done")} of ${own.length} done`;
  return [done, ...some("failed"), ...some("skipped"), ...some("asking")].join(", ");
}

/** Of a configuration without workflows: a row for each dataset, or for an account without any. */
function loneRows(
  { account, progress, startedAt, endedAt, tasks }: AccountState,
  now: number,
): Row[] {
  const datasets = [...tasks.values()].flatMap((task) => Array.from(task.datasets.values()));
  if (datasets.length > 0) {
    return datasets.map((dataset) => datasetRow(account, dataset, now));
  }
  const waiting = progress === "pending" ? "waiting" : progress;
  const task = [...tasks.values()].find(({ retryAt }) => retryAt !== null);
  const doing = progress === "working" ? (task ? retryText(task, now) : "starting") : waiting;
  const elapsedMs = progress === "pending" ? null : (endedAt ?? now) - startedAt;
  const share = progress === "done" ? 1 : 0;
  return [{ depth: 0, name: account, progress, share, doing, elapsedMs, message: "" }];
}

function datasetRow(account: string, state: DatasetState, now: number): Row {
  const { dataset, progress, stage, stagesDone, counts, startedAt, endedAt } = state;
  return {
    depth: 0,
    name: `${account}/${dataset}`,
    progress,
    share: progress === "done" ? 1 : Math.min(1, stagesDone / STAGES),
    doing: progress === "working" ? stage : progress === "failed" ? `${stage} failed` : progress,
    elapsedMs: (endedAt ?? now) - startedAt,
    message: countsText(counts),
  };
}

/** An account and its tasks. */
function treeRows(account: AccountState, now: number): Row[] {
  const { progress, startedAt, endedAt, tasks } = account;
  const own = ownTasks(account);
  const settled = own.filter(({ endedAt: end, progress: p }) => end !== null || p === "done");
  const head: Row = {
    depth: 0,
    name: account.account,
    progress,
    share: own.length === 0 ? 0 : settled.length / own.length,
    doing: progress === "pending" ? "waiting" : sumsOf(own),
    elapsedMs: progress === "pending" ? null : (endedAt ?? now) - startedAt,
    message: "",
  };
  const shown = treeOf([...tasks.keys()]).flatMap((placed) => {
    const task = tasks.get(placed.task);
    return task && isShown(task, endedAt !== null) ? [taskRow(task, placed, now)] : [];
  });
  return [head, ...shown];
}

/** Of an ended account only tasks that went wrong or ask are shown. */
function isShown({ progress }: TaskState, over: boolean): boolean {
  return !over || progress === "failed" || progress === "asking";
}

function taskRow(task: TaskState, { name, depth }: Placed, now: number): Row {
  const { progress, message, startedAt, endedAt } = task;
  const timed = progress === "working" || endedAt !== null;
  return {
    depth: 1 + depth,
    name,
    progress,
    share: shareOf(task),
    doing: doingOf(task, now),
    elapsedMs: timed ? (endedAt ?? now) - startedAt : null,
    message,
  };
}

function doingOf(task: TaskState, now: number): string {
  if (task.progress === "pending") return task.ready ? "waiting for its turn" : "";
  if (task.progress === "asking") return "waits for an answer";
  if (task.progress !== "working") {
    return task.progress + (task.attempt > 1 ? ` after ${task.attempt} attempts` : "");
  }
  if (task.retryAt !== null) return retryText(task, now);
  const busy = [...task.datasets.values()].filter(({ progress }) => progress === "working");
  const [first] = busy;
  if (first)
    return `${first.stage} ${first.dataset}${busy.length > 1 ? ` +${busy.length - 1}` : ""}`;
  return task.attempt > 1 ? `attempt ${task.attempt}` : "working";
}

function retryText({ retryAt }: TaskState, now: number): string {
  return `retry in ${duration(Math.max(0, (retryAt ?? now) - now))}`;
}

function shareOf({ progress, datasets }: TaskState): number {
  if (progress === "done") return 1;
  const stages = [...datasets.values()].reduce((sum, { stagesDone }) => sum + stagesDone, 0);
  return datasets.size === 0 ? 0 : Math.min(1, stages / (STAGES * datasets.size));
}
