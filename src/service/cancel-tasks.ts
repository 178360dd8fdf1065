import {
  type AttemptRecord,
  isSettled,
  type RunHappening,
  type TaskRecord,
} from "../orchestration/index.ts";
import type { Store } from "../stores/index.ts";

/**
 * Note of all tasks of an account in a canceled run that have not ended that they were canceled.
 * Nothing is cleaned up here: what could, has done so before. Needs the run's lease.
 */
export async function cancelTasks(
  store: Store,
  runId: string,
  account: string,
  nowMs: number,
): Promise<void> {
  const opened = store.openAccount(runId, account);
  const { journal } = opened;
  const endedAt = new Date(nowMs).toISOString();
  const reason = "The run was canceled by request.";
  const tasks: TaskRecord[] = [];
  const attempts: AttemptRecord[] = [];
  const happenings: RunHappening[] = [];
  for (const task of journal.tasks()) {
    if (isSettled(task.status)) continue;
    tasks.push({ ...task, status: "CANCELED", reason, endedAt, nextAttemptAt: null });
    const told = { status: "CANCELED", attempts: task.attempts, durationMs: 0, reason } as const;
    happenings.push({ type: "task-finished", account, task: task.task, ...told });
    for (const attempt of journal.attempts(task.task)) {
      if (attempt.status !== "IN_PROGRESS") continue;
      attempts.push({ ...attempt, status: "CANCELED", endedAt, next: reason });
    }
  }
  try {
    if (tasks.length > 0) await journal.commit({ tasks, attempts, happenings });
  } finally {
    await opened.close();
  }
}
