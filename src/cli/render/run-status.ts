/** Runs, and where one stands. */
import type { RunRecord, RunReport, StageRecord, TaskRecord } from "../../orchestration/index.ts";
import { DEFAULT_WORKFLOW } from "../default-workflow.ts";
import { countsText, duration, moment, shortPath } from "../figures.ts";
import { printable, printableLines } from "../printable.ts";
import type { Style } from "../style.ts";
import { treeOf } from "../task-tree.ts";
import { statusText } from "./status.ts";
import type { SummaryOptions } from "./summary.ts";
import { table } from "./table.ts";
import { hasWorkflow, openLines } from "./tasks.ts";

/** Lines of `status`: the run, then its accounts, tasks and stages with times, then what failed. */
export function runStatus(report: RunReport, options: SummaryOptions): string[] {
  const { run, stages, tasks } = report;
  const body = hasWorkflow(tasks) ? taskTree(report, options) : stageTable(stages, options);
  return [
    ...runHead(run, options),
    "",
    ...body,
    ...failures(report, options),
    ...precededByBlank(openLines(run, tasks, options.style)),
  ];
}

/** Lines that say what a run is and how it stands. */
export function runHead(run: RunRecord, { style, cwd }: SummaryOptions): string[] {
  const name = `${printable(run.pipeline)}${run.workflow === DEFAULT_WORKFLOW ? "" : `, workflow ${printable(run.workflow)}`}`;
  const taken = run.attempts === 1 ? "once" : `${run.attempts} times`;
  const from = run.forkedFrom === null ? "" : `, forked from ${run.forkedFrom}`;
  return [
    `run ${run.runId} of ${name}: ${statusText(run.status, style)}`,
    `started ${moment(run.startedAt)}, ${ending(run)}, taken up ${taken}${from}, log ${shortPath(run.logPath, cwd)}`,
  ];
}

/** Lines of `runs`. */
export function runList(runs: readonly RunRecord[], options: SummaryOptions): string[] {
  if (runs.length === 0) return ["No runs yet."];
  const rows = runs.map((run) => [
    run.runId,
    printable(run.pipeline),
    printable(run.workflow),
    statusText(run.status, options.style),
    moment(run.startedAt),
    run.endedAt === null ? "" : duration(Date.parse(run.endedAt) - Date.parse(run.startedAt)),
    run.accounts.join(", "),
  ]);
  const head = ["run", "pipeline", "workflow", "status", "started", "time", "accounts"];
  return table({ head, right: [5], cut: [1, 2, 6] }, rows, options.style, options.width);
}

function stageTable(stages: readonly StageRecord[], { style, width }: SummaryOptions): string[] {
  if (stages.length === 0) return ["No stage has begun yet."];
  const rows = stages.map((stage) => [
    stage.account,
    printable(stage.dataset),
    stage.stage,
    statusText(stage.status, style),
    timeOf(stage),
    countsText(stage.counts),
  ]);
  const head = ["account", "dataset", "stage", "status", "time", "counts"];
  return table({ head, right: [4], cut: [0, 1, 5] }, rows, style, width);
}

function taskTree({ run, stages, tasks, accounts }: RunReport, options: SummaryOptions): string[] {
  const { style, width } = options;
  const rows = run.accounts.flatMap((account) => {
    const status = accounts.find((summary) => summary.account === account)?.status;
    const mine = tasks.filter((task) => task.account === account);
    const byName = new Map(mine.map((task) => [task.task, task]));
    return [
      [style.bold(account), status ? statusText(status, style) : "", "", "", ""],
      ...treeOf([...byName.keys()]).flatMap(({ task, name, depth }) =>
        [taskCells(byName.get(task)!, `${"  ".repeat(depth + 1)}${printable(name)}`, style)].concat(
          stages
            .filter((stage) => stage.account === account && stage.task === task)
            .map((stage) => stageCells(stage, "  ".repeat(depth + 2), style)),
        ),
      ),
    ];
  });
  const head = ["account, task, stage", "status", "attempts", "time", "what"];
  return table({ head, right: [2, 3], cut: [0, 4] }, rows, style, width);
}

/** A task as a row: its name, how it stands, attempts, time, and why. */
export function taskCells(task: TaskRecord, name: string, style: Style): string[] {
  const { status, attempts, reason, failure, takenFrom } = task;
  const said = reason ?? failure?.message ?? (takenFrom === null ? "" : `from run ${takenFrom}`);
  const tries = attempts === 0 ? "" : String(attempts);
  const time = attempts === 0 ? "" : timeOf(task);
  return [name, statusText(status, style), tries, time, printable(said)];
}

function stageCells(stage: StageRecord, indent: string, style: Style): string[] {
  const name = `${indent}${printable(stage.dataset)} ${stage.stage}`;
  return [name, statusText(stage.status, style), "", timeOf(stage), countsText(stage.counts)];
}

function timeOf({ durationMs }: { readonly durationMs: number | null }): string {
  return durationMs === null ? "" : duration(durationMs);
}

function ending({ endedAt, status }: RunRecord): string {
  if (endedAt !== null) return `ended ${moment(endedAt)}`;
  return status === "RUNNING" ? "not ended" : "not finished";
}

function failures({ stages, tasks, accounts }: RunReport, { style }: SummaryOptions): string[] {
  const all = [
    ...stages.map(({ failure }) => failure),
    ...accounts.flatMap(({ failure, datasets }) => [failure, ...datasets.map((d) => d.failure)]),
    ...tasks.filter(({ status }) => status === "FAILED").map(({ failure }) => failure),
  ].filter((failure) => failure !== null);
  const byMessage = new Map(all.map((failure) => [failure.message, failure]));
  return [...byMessage.values()].flatMap(({ at, code, message, remedy }) => [
    "",
    style.red(`${at}: ${code}: ${printableLines(message)}`),
    `  what to do: ${remedy}`,
  ]);
}

function precededByBlank(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", ...lines];
}
