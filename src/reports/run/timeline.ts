import type { AttemptRecord, TaskRecord, TaskStatus } from "../../orchestration/index.ts";
import { criticalPathOf } from "./critical-path.ts";
import { moment, type RunReportInput, taskKey } from "./run-report-input.ts";

/** One try of a task. Offsets are milliseconds from the timeline's start. */
export interface TimelineAttempt {
  readonly round: number;
  readonly attempt: number;
  readonly status: AttemptRecord["status"];
  readonly startMs: number;
  /** Null while it runs, or when it was lost. */
  readonly endMs: number | null;
  /** Its process died before it could record an end. */
  readonly lost: boolean;
}

/** One task of one account. Offsets are milliseconds from the timeline's start. */
export interface TimelineRow {
  readonly account: string;
  readonly task: string;
  readonly kind: string;
  readonly status: TaskStatus;
  /** When its predecessors had let it start. */
  readonly readyMs: number | null;
  readonly startMs: number | null;
  /** Null while it is not over. */
  readonly endMs: number | null;
  /** Run that its result was taken over from; such a task has no times here. */
  readonly takenFrom: string | null;
  readonly onCriticalPath: boolean;
  readonly attempts: readonly TimelineAttempt[];
}

/** When what ran, as JSON. */
export interface Timeline {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** To the end of the run, or to the last thing known of one that goes on. */
  readonly lengthMs: number;
  /** By account in the order of the run, then by the time at which they could start. */
  readonly rows: readonly TimelineRow[];
}

/** Put the records of a run in their places in time. */
export function timeline({
  run,
  tasks,
  attempts,
  workflow,
}: Pick<RunReportInput, "run" | "tasks" | "attempts" | "workflow">): Timeline {
  const startMs = Date.parse(run.startedAt);
  const triesOf = byTask(attempts);
  const critical = new Set(criticalPathOf(tasks, workflow).map(taskKey));
  const rows = tasks.map((task): TimelineRow => {
    const key = taskKey(task);
    return rowOf(task, triesOf.get(key) ?? [], startMs, critical.has(key));
  });
  const order = new Map(run.accounts.map((account, i) => [account, i]));
  const place = ({ account }: TimelineRow): number => order.get(account) ?? order.size;
  return {
    startedAt: run.startedAt,
    lengthMs: rows.reduce(
      (length, row) => Math.max(length, lastOf(row)),
      Math.max(0, (moment(run.endedAt) ?? startMs) - startMs),
    ),
    rows: rows.toSorted((a, b) => place(a) - place(b) || firstOf(a) - firstOf(b)),
  };
}

function byTask(attempts: readonly AttemptRecord[]): Map<string, AttemptRecord[]> {
  const groups = new Map<string, AttemptRecord[]>();
  for (const attempt of attempts) {
    const key = taskKey(attempt);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [attempt]);
    else group.push(attempt);
  }
  return groups;
}

function rowOf(
  record: TaskRecord,
  tries: readonly AttemptRecord[],
  runStart: number,
  onCriticalPath: boolean,
): TimelineRow {
  const { account, task, kind, status, takenFrom } = record;
  const offset = (time: string | null): number | null => {
    const at = moment(time);
    return at === null || takenFrom !== null ? null : Math.max(0, at - runStart);
  };
  return {
    account,
    task,
    kind,
    status,
    readyMs: offset(record.readyAt),
    startMs: offset(record.startedAt),
    endMs: offset(record.endedAt),
    takenFrom,
    onCriticalPath,
    attempts: tries.map((own, i) => ({
      round: own.round,
      attempt: own.attempt,
      status: own.status,
      startMs: Math.max(0, Date.parse(own.startedAt) - runStart),
      endMs: own.endedAt === null ? null : Math.max(0, Date.parse(own.endedAt) - runStart),
      lost: own.endedAt === null && (i < tries.length - 1 || record.endedAt !== null),
    })),
  };
}

/** Where a row begins; rows without times come last. */
function firstOf(row: TimelineRow): number {
  const first = Math.min(
    row.readyMs ?? row.startMs ?? row.endMs ?? Infinity,
    ...row.attempts.map((attempt) => attempt.startMs),
  );
  // The difference of two infinities would be no number.
  return Math.min(first, Number.MAX_SAFE_INTEGER);
}

/** The last moment known of a row. */
function lastOf(row: TimelineRow): number {
  return Math.max(
    row.readyMs ?? 0,
    row.startMs ?? 0,
    row.endMs ?? 0,
    ...row.attempts.map((attempt) => attempt.endMs ?? attempt.startMs),
  );
}
