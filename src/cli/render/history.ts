/** All that is kept of a run, for a person. */
import type {
  AttemptRecord,
  EffectRecord,
  ProgressEvent,
  RunHistory,
  TaskRecord,
} from "../../orchestration/index.ts";
import { clock, counted, duration, moment } from "../figures.ts";
import { printable } from "../printable.ts";
import { plainLine } from "../progress/plain.ts";
import type { Style } from "../style.ts";
import { treeOf } from "../task-tree.ts";
import { runHead } from "./run-status.ts";
import { statusText } from "./status.ts";
import type { SummaryOptions } from "./summary.ts";

/** Lines of `history`: per account and task its attempts and effects; then the events when asked for. */
export function historyLines(
  history: RunHistory,
  withEvents: boolean,
  options: SummaryOptions,
): string[] {
  const { run, tasks, events } = history;
  return [
    ...runHead(run, options),
    ...(tasks.length === 0 ? ["", "No task has begun yet."] : []),
    ...run.accounts.flatMap((account) => accountLines(account, history, options.style)),
    ...(withEvents ? eventLines(events) : []),
  ];
}

function accountLines(account: string, history: RunHistory, style: Style): string[] {
  const mine = new Map(
    history.tasks.filter((task) => task.account === account).map((task) => [task.task, task]),
  );
  if (mine.size === 0) return [];
  const lines = treeOf([...mine.keys()]).flatMap(({ task, name, depth }) => {
    const of = (record: { account: string; task: string }): boolean =>
      record.account === account && record.task === task;
    const indent = "  ".repeat(depth + 1);
    return [`${indent}${taskLine(mine.get(task)!, name, style)}`].concat(
      history.attempts.filter(of).map((one) => `${indent}  ${attemptLine(one, style)}`),
      history.effects.filter(of).map((one) => `${indent}  ${effectLine(one, style)}`),
    );
  });
  return ["", style.bold(account), ...lines];
}

function taskLine(record: TaskRecord, name: string, style: Style): string {
  const { kind, status, reason, durationMs, takenFrom } = record;
  const facts = [
    ...(durationMs === null || record.attempts === 0 ? [] : [duration(durationMs)]),
    ...(record.attempts > 1 ? [counted(record.attempts, "attempt")] : []),
    ...(takenFrom === null ? [] : [`from run ${takenFrom}`]),
    ...(record.nextAttemptAt === null ? [] : [`next attempt ${timeOf(record.nextAttemptAt)}`]),
  ];
  const why = reason === null ? "" : `: ${printable(reason)}`;
  const of = printable(name) + (kind === name ? "" : ` (${kind})`);
  return `${[`${of} ${statusText(status, style)}`, ...facts].join(", ")}${why}`;
}

function attemptLine(record: AttemptRecord, style: Style): string {
  const { round, attempt, status, startedAt, endedAt, failure, next } = record;
  const took = endedAt === null ? "" : `, ${tookFrom(startedAt, endedAt)}`;
  const number = round === 1 ? `${attempt}` : `${attempt} of round ${round}`;
  const why = failure === null ? "" : `: ${failure.code}: ${printable(failure.message)}`;
  const then = next === null ? "" : ` → ${printable(next)}`;
  return `attempt ${number} ${timeOf(startedAt)} ${statusText(status, style)}${took}${why}${then}`;
}

function effectLine(record: EffectRecord, style: Style): string {
  const { effect, key, status, reason, wasUncertain, intendedAt, settledAt } = record;
  const word = status.toLowerCase().replaceAll("_", " ");
  const when = timeOf(settledAt ?? intendedAt);
  const was = wasUncertain && status !== "UNCERTAIN" ? ", was uncertain" : "";
  const why = reason === null ? "" : ` (${printable(reason)})`;
  const text = `effect ${printable(effect)} ${when} ${word}${was}${why}, key ${printable(key)}`;
  return wasUncertain ? style.yellow(text) : text;
}

function eventLines(events: readonly ProgressEvent[]): string[] {
  const width = String(events.at(-1)?.seq ?? 0).length;
  return ["", ...events.map((event) => `${String(event.seq).padStart(width)} ${plainLine(event)}`)];
}

function tookFrom(startedAt: string, endedAt: string): string {
  return duration(Date.parse(endedAt) - Date.parse(startedAt));
}

/** Day, hour and second. */
function timeOf(iso: string): string {
  return `${moment(iso).slice(0, 10)} ${clock(new Date(iso))}`;
}
