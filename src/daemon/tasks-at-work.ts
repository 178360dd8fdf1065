import type { ProgressEvent } from "../orchestration/index.ts";

/** An attempt that is at work. */
export interface TaskAtWork {
  readonly runId: string;
  readonly account: string;
  readonly task: string;
  readonly kind: string;
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
}

/** Which tasks of the service's runs are at work, as their events tell. */
export class TasksAtWork {
  /** By run, then by account and task. */
  readonly #runs = new Map<string, Map<string, TaskAtWork>>();

  hear(event: ProgressEvent, nowMs: number): void {
    const { runId } = event;
    if (event.type === "run-finished") this.#runs.delete(runId);
    if (isEndOfAttempt(event)) this.#runs.get(runId)?.delete(keyOf(event));
    if (event.type !== "task-started") return;
    const { account, task, kind } = event;
    const tasks = this.#runs.get(runId) ?? new Map<string, TaskAtWork>();
    tasks.set(keyOf(event), { runId, account, task, kind, sinceMs: nowMs });
    this.#runs.set(runId, tasks);
  }

  /** A task that an event is about, before the event is heard. */
  get(event: { readonly runId: string } & Place): TaskAtWork | undefined {
    return this.#runs.get(event.runId)?.get(keyOf(event));
  }

  all(): TaskAtWork[] {
    return [...this.#runs.values()].flatMap((tasks) => Array.from(tasks.values()));
  }
}

type EndOfAttempt = Extract<
  ProgressEvent,
  { type: "task-retrying" | "task-waiting" | "task-finished" }
>;

function isEndOfAttempt(event: ProgressEvent): event is EndOfAttempt {
  return ["task-retrying", "task-waiting", "task-finished"].includes(event.type);
}

interface Place {
  readonly account: string;
  readonly task: string;
}

function keyOf({ account, task }: Place): string {
  return JSON.stringify([account, task]);
}
