/** Where a run stands, from its events. */
import type {
  ProgressEvent,
  StageHappening,
  TaskHappening,
  TaskStatus,
} from "../../orchestration/index.ts";
import { DEFAULT_WORKFLOW } from "../default-workflow.ts";
import {
  beginningOf,
  type DatasetState,
  type Progress,
  progressOf,
  taskAfter,
  type TaskState,
} from "./task-state.ts";

export interface AccountState {
  readonly account: string;
  progress: Progress;
  /** Milliseconds since the epoch. */
  startedAt: number;
  endedAt: number | null;
  readonly tasks: Map<string, TaskState>;
}

export class Board {
  readonly #accounts = new Map<string, AccountState>();
  runId = "";
  workflow = "";
  /** Milliseconds since the epoch. */
  startedAt = 0;

  /** In the order of the configuration. */
  get accounts(): readonly AccountState[] {
    return [...this.#accounts.values()];
  }

  /** Whether each account has the one task of a configuration without workflows. */
  get lone(): boolean {
    return this.accounts.every(({ tasks }) => isLone([...tasks.keys()]));
  }

  take(event: ProgressEvent): void {
    const at = Date.parse(event.at);
    if ("task" in event) {
      this.#takeTask(event, at);
      return;
    }
    switch (event.type) {
      case "run-started":
        this.runId = event.runId;
        this.workflow = event.workflow;
        this.startedAt = at;
        for (const account of event.accounts) this.#account(account, at);
        break;
      case "account-started":
        this.#begin(event.account, event.tasks, at);
        break;
      case "account-finished":
        this.#settle(event.summary.account, event.summary.status, at);
        break;
      case "run-draining":
      case "run-finished":
      case "engine-replaced":
        break;
    }
  }

  #account(account: string, at: number): AccountState {
    const known = this.#accounts.get(account);
    if (known) return known;
    const begun: AccountState = {
      account,
      progress: "pending",
      startedAt: at,
      endedAt: null,
      tasks: new Map(),
    };
    this.#accounts.set(account, begun);
    return begun;
  }

  #begin(name: string, tasks: readonly string[], at: number): void {
    const account = this.#account(name, at);
    account.progress = "working";
    account.startedAt = at;
    account.endedAt = null;
    for (const task of tasks) {
      // what was at work when a run was lost begins anew
      if (!isOver(account.tasks.get(task))) account.tasks.set(task, beginningOf(task, at));
    }
  }

  #takeTask(event: TaskHappening | StageHappening, at: number): void {
    const { tasks } = this.#account(event.account, at);
    const task = tasks.get(event.task) ?? beginningOf(event.task, at);
    tasks.set(event.task, taskAfter(task, event, at));
  }

  #settle(name: string, status: TaskStatus, at: number): void {
    const account = this.#account(name, at);
    account.progress = progressOf(status);
    account.endedAt = at;
    for (const [id, task] of account.tasks) {
      const datasets = new Map(
        [...task.datasets].map(([key, dataset]) => [key, ended(dataset, at)]),
      );
      // what a resumed run tells nothing of was done before
      const before = task.progress === "pending" && status === "COMPLETED";
      account.tasks.set(id, { ...task, datasets, ...(before ? { progress: "done" } : {}) });
    }
  }
}

/** Whether tasks are those of a configuration without workflows. */
export function isLone(tasks: readonly string[]): boolean {
  return tasks.length === 0 || (tasks.length === 1 && tasks[0] === DEFAULT_WORKFLOW);
}

function isOver(task: TaskState | undefined): boolean {
  return task !== undefined && (task.endedAt !== null || task.progress === "done");
}

/** Of a failed account, datasets without a failed stage of their own may be done. */
function ended(dataset: DatasetState, at: number): DatasetState {
  if (dataset.endedAt !== null) return dataset;
  return { ...dataset, progress: "done", endedAt: at };
}
