/** Runs, and where one stands. */
import type { RunRecord, RunReport, StageRecord } from "../../orchestration/index.ts";
import { countsText, duration, moment, shortPath } from "../figures.ts";
import { printable } from "../printable.ts";
import { printableLines, type SummaryOptions } from "./summary.ts";
import { statusText } from "./status.ts";
import { table } from "./table.ts";

/** Lines of `status`: the run, then account × stage with times and counts, then what failed. */
export function runStatus(report: RunReport, options: SummaryOptions): string[] {
  const { run, stages } = report;
  const { style, cwd } = options;
  const rows = stages.map((stage) => [
    stage.account,
    printable(stage.dataset),
    stage.stage,
    statusText(stage.status, style),
    stage.durationMs === null ? "" : duration(stage.durationMs),
    countsText(stage.counts),
  ]);
  const head = ["account", "dataset", "stage", "status", "time", "counts"];
  return [
    `run ${run.runId} of ${printable(run.pipeline)}: ${statusText(run.status, style)}`,
    `started ${moment(run.startedAt)}, ${ending(run)}, taken up ${run.attempts === 1 ? "once" : `${run.attempts} times`}, log ${shortPath(run.logPath, cwd)}`,
    "",
    ...(rows.length === 0
      ? ["No stage has begun yet."]
      : table({ head, right: [4], cut: [0, 1, 5] }, rows, style, options.width)),
    ...failures(stages, report, options),
  ];
}

/** Lines of `runs`. */
export function runList(runs: readonly RunRecord[], options: SummaryOptions): string[] {
  if (runs.length === 0) return ["No runs yet."];
  const rows = runs.map((run) => [
    run.runId,
    printable(run.pipeline),
    statusText(run.status, options.style),
    moment(run.startedAt),
    run.endedAt === null ? "" : duration(Date.parse(run.endedAt) - Date.parse(run.startedAt)),
    run.accounts.join(", "),
  ]);
  const head = ["run", "pipeline", "status", "started", "time", "accounts"];
  return table({ head, right: [4], cut: [1, 5] }, rows, options.style, options.width);
}

function ending({ endedAt, status }: RunRecord): string {
  if (endedAt !== null) return `ended ${moment(endedAt)}`;
  return status === "RUNNING" ? "not ended" : "not finished";
}

function failures(
  stages: readonly StageRecord[],
  { accounts }: RunReport,
  { style }: SummaryOptions,
): string[] {
  const all = [
    ...stages.map(({ failure }) => failure),
    ...accounts.flatMap(({ failure, datasets }) => [failure, ...datasets.map((d) => d.failure)]),
  ].filter((failure) => failure !== null);
  const byMessage = new Map(all.map((failure) => [failure.message, failure]));
  return [...byMessage.values()].flatMap(({ at, code, message, remedy }) => [
    "",
    style.red(`${at}: ${code}: ${printableLines(message)}`),
    `  what to do: ${remedy}`,
  ]);
}
