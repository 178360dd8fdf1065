/** Schedules and how they stand. */
import type { ScheduleReport } from "../../orchestration/index.ts";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";
import { namesOf } from "./coming.ts";
import { aboutWhen, dayAndTime, dayAndTimeThere, timeLeft } from "../time-words.ts";
import type { SummaryOptions } from "./summary.ts";
import { table } from "./table.ts";

interface Told extends SummaryOptions {
  readonly now: Date;
}

/** Lines of `schedule list`. Times of slots are those that clocks show in the schedule's own zone. */
export function scheduleTable(schedules: readonly ScheduleReport[], options: Told): string[] {
  if (schedules.length === 0) {
    return [
      "No schedules. They stand under `schedules:` in a configuration: name it with --config.",
    ];
  }
  const { style, width } = options;
  const rows = schedules.map((report) => [
    printable(report.definition.name),
    printable(report.rule),
    runsWords(report),
    stateWords(report, style),
    lastWords(report, options),
    nextWords(report, options),
  ]);
  const head = ["schedule", "rule", "runs", "state", "last slot", "next"];
  return table({ head, cut: [0, 1, 2, 4] }, rows, style, width);
}

/** Lines of `schedule pause` and `schedule resume`: how it stands now. */
export function scheduleLines(report: ScheduleReport, options: Told): string[] {
  const name = printable(report.definition.name);
  const { style, now } = options;
  const state = stateWords(report, style);
  if (report.pausedAt !== null) {
    return [
      `schedule ${name}: ${state} since ${aboutWhen(report.pausedAt, now)}`,
      `Its slots are left out until: data-wrangler schedule resume ${name}`,
    ];
  }
  if (report.paused) {
    return [
      `schedule ${name}: ${state}, as the configuration says`,
      "Take `paused: true` out of the configuration, and have the service read it anew (SIGHUP).",
    ];
  }
  const { next } = report;
  if (next === null) return [`schedule ${name}: ${state}, but no slot comes`];
  const at = dayAndTime(next.startAt, now, report.definition.timeZone);
  return [`schedule ${name}: ${state}, next ${at} (${timeLeft(next.startAt, now)})`];
}

function runsWords({ definition: { workflow, task, accounts } }: ScheduleReport): string {
  const what = printable(task === null ? workflow : `${workflow}/${task}`);
  return accounts === null ? what : `${what} for ${namesOf(accounts)}`;
}

function stateWords({ paused }: ScheduleReport, style: Style): string {
  return paused ? style.yellow("paused") : style.green("active");
}

function lastWords({ last, definition }: ScheduleReport, { style, now }: Told): string {
  if (last === null) return "";
  const at = dayAndTimeThere(last.dueAt, now, definition.timeZone);
  const status = slotStatus(last.status, style);
  const run = last.runId === null ? "" : `, run ${last.runId}`;
  const why = last.reason === null ? "" : `: ${printable(last.reason)}`;
  return `${at} ${status}${run}${why}`;
}

function slotStatus(status: NonNullable<ScheduleReport["last"]>["status"], style: Style): string {
  const word = status.toLowerCase();
  return status === "SKIPPED" || status === "MISSED" ? style.yellow(word) : word;
}

function nextWords({ next, paused, definition }: ScheduleReport, { style, now }: Told): string {
  if (next === null) return paused ? "" : style.yellow("never");
  const at = dayAndTimeThere(next.startAt, now, definition.timeZone);
  return `${at} (${timeLeft(next.startAt, now)})`;
}
