import type { TaskRecord, TaskStatus } from "../orchestration/index.ts";
import type { Connection } from "./database.ts";
import type { JournalTables } from "./journal-tables.ts";

/** The latest record of a task over several runs. */
export interface LatestTask {
  readonly runId: string;
  readonly record: TaskRecord;
}

/** So many of a task's latest durations make its median. */
const DURATIONS = 10;
const RECENT = `SELECT task, duration_ms AS ms FROM (
    SELECT task, duration_ms, row_number() OVER (PARTITION BY task ORDER BY fences.n DESC) AS place
    FROM tasks JOIN fences USING (run_id)
    WHERE workflow = ? AND status = 'COMPLETED' AND taken = 0 AND duration_ms IS NOT NULL)
  WHERE place <= ${DURATIONS} ORDER BY task, ms`;

const BEFORE = "(SELECT n FROM fences WHERE run_id = @beforeRunId)";
const AMONG = "(SELECT value FROM json_each(@statuses))";
const LATEST = `SELECT * FROM (
    SELECT tasks.*, row_number() OVER (PARTITION BY task ORDER BY fences.n DESC) AS place
    FROM tasks JOIN fences USING (run_id)
    WHERE workflow = @workflow AND (@statuses IS NULL OR status IN ${AMONG})
      AND (${BEFORE} IS NULL OR fences.n < ${BEFORE}))
  WHERE place = 1 ORDER BY n`;

/** What one account's file tells of tasks over all runs; the order of runs is that of their coming. */
export class TaskHistory {
  readonly #database: Connection;
  readonly #journal: JournalTables;

  constructor(database: Connection, journal: JournalTables) {
    this.#database = database;
    this.#journal = journal;
  }

  /** Median of the last durations of each task of a workflow that COMPLETED, in milliseconds. */
  durations(workflow: string): Map<string, number> {
    const byTask = new Map<string, number[]>();
    const rows = this.#database.prepare<[string], { task: string; ms: number }>(RECENT);
    for (const { task, ms } of rows.all(workflow)) {
      const known = byTask.get(task);
      if (known) known.push(ms);
      else byTask.set(task, [ms]);
    }
    return new Map([...byTask].map(([task, sorted]) => [task, medianOf(sorted)]));
  }

  /** Of each task its record in the latest run of a workflow that has one. */
  latest(
    workflow: string,
    beforeRunId: string | undefined,
    statuses: readonly TaskStatus[] | undefined,
  ): Map<string, LatestTask> {
    type Row = { task: string; run_id: string; body: unknown };
    const rows = this.#database.prepare<[object], Row>(LATEST).all({
      workflow,
      beforeRunId: beforeRunId ?? null,
      statuses: statuses ? JSON.stringify(statuses) : null,
    });
    return new Map(
      rows.map(({ task, run_id, body }) => {
        const record = this.#journal.taskOf(run_id, { task, body });
        return [task, { runId: run_id, record }];
      }),
    );
  }
}

function medianOf(sorted: readonly number[]): number {
  const middle = (sorted.length - 1) / 2;
  const low = sorted[Math.floor(middle)] ?? 0;
  return (low + (sorted[Math.ceil(middle)] ?? low)) / 2;
}
