/** What a run came to. */
import { dirname, join } from "node:path";
import type {
  AccountSummary,
  DatasetSummary,
  RunRecord,
  RunResult,
  TaskRecord,
} from "../../orchestration/index.ts";
import { count, counted, duration, percent, shortPath } from "../figures.ts";
import { printable, printableLines } from "../printable.ts";
import type { Style } from "../style.ts";
import { statusText } from "./status.ts";
import { table } from "./table.ts";
import { hasWorkflow, openLines, taskTable } from "./tasks.ts";

export interface SummaryOptions {
  readonly style: Style;
  /** Paths are told from here. */
  readonly cwd: string;
  readonly width?: number | undefined;
  /** Show stack traces of failures. */
  readonly verbose?: boolean;
  /** Whether the run stopped because this command was interrupted. */
  readonly interrupted?: boolean;
}

const COLUMNS = {
  head: [
    "account",
    "dataset",
    "status",
    "rows",
    "quarantined",
    "cells changed",
    "quality",
    "winner",
    "time",
  ],
  right: [3, 4, 5, 6, 8],
  cut: [0, 1, 7],
};

/** Lines of a run's summary: tables of datasets and tasks, where the reports are, what failed and what to do. */
export function runSummary(result: RunResult, options: SummaryOptions): string[] {
  const { style, cwd } = options;
  const { run, tasks, accounts, durationMs } = result;
  const declared = hasWorkflow(tasks);
  const ordered = inOrder(result);
  const withDatasets = ordered.filter(({ datasets }) => !declared || datasets.length > 0);
  const rows = withDatasets.flatMap((account) => rowsOf(account, style));
  const done = accounts.filter(({ status }) => status === "COMPLETED").length;
  return [
    ...section(rows.length === 0 ? [] : table(COLUMNS, rows, style, options.width)),
    ...section(declared ? taskTable(run, tasks, options) : []),
    ...section(reportLines(ordered, options)),
    ...section(ordered.flatMap((account) => failureLines(account, result, options))),
    ...section(openLines(run, tasks, style)),
    `${statusText(run.status, style)}: ${done} of ${counted(run.accounts.length, "account")} in ${duration(durationMs)}, run ${run.runId}, ${filesOf(run, cwd)}`,
    ...whatNext(result, declared, options),
  ];
}

function filesOf({ logPath, status }: RunRecord, cwd: string): string {
  const log = `log ${shortPath(logPath, cwd)}`;
  if (status === "WAITING" || status === "RUNNING") return log;
  return `report ${shortPath(join(dirname(logPath), "report.html"), cwd)}, ${log}`;
}

/** What to type to go on with a run that is not all done. */
function whatNext(
  { run, tasks }: RunResult,
  declared: boolean,
  { interrupted }: SummaryOptions,
): string[] {
  const { runId, status } = run;
  if (status === "WAITING") {
    const asks = interrupted !== true && tasks.some((task) => task.status === "WAITING");
    return [`${asks ? "When that is said, go on" : "Go on"} with: data-wrangler resume ${runId}`];
  }
  if (status === "CANCELED" || (status === "FAILED" && declared)) {
    return [`Run what was not done again with: data-wrangler retry ${runId}`];
  }
  return [];
}

/** The accounts as the configuration has them. */
function inOrder({ run, accounts }: RunResult): readonly AccountSummary[] {
  const position = ({ account }: AccountSummary): number => run.accounts.indexOf(account);
  return accounts.toSorted((a, b) => position(a) - position(b));
}

function section(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [...lines, ""];
}

function rowsOf(account: AccountSummary, style: Style): string[][] {
  if (account.datasets.length === 0) {
    const rest = COLUMNS.head.slice(3).map(() => "");
    return [[account.account, "", statusText(account.status, style), ...rest]];
  }
  return account.datasets.map((dataset) => rowOf(dataset, style));
}

function rowOf(dataset: DatasetSummary, style: Style): string[] {
  const status = statusText(dataset.status, style) + (dataset.reused ? " (reused)" : "");
  const known = dataset.status === "COMPLETED";
  const removed = dataset.duplicatesRemoved;
  const cells = dataset.cellsQuarantined;
  return [
    dataset.account,
    printable(dataset.dataset),
    status,
    known ? `${count(dataset.recordsIn)} → ${count(dataset.rowsOut)}` : "",
    known ? quarantineText(dataset.rowsQuarantined, cells, removed) : "",
    known ? count(dataset.cellsChanged) : "",
    qualityText(dataset),
    dataset.winner ?? "",
    duration(dataset.durationMs),
  ];
}

function quarantineText(rows: number, cells: number, duplicates: number): string {
  const parts = [
    ...(rows > 0 ? [counted(rows, "row")] : []),
    ...(cells > 0 ? [counted(cells, "cell")] : []),
    ...(duplicates > 0 ? [counted(duplicates, "duplicate")] : []),
  ];
  return parts.length === 0 ? "0" : parts.join(", ");
}

function qualityText({ qualityBefore, qualityAfter }: DatasetSummary): string {
  if (qualityBefore === null || qualityAfter === null) return "";
  return `${percent(qualityBefore).replace(" %", "")} → ${percent(qualityAfter)}`;
}

function reportLines(accounts: readonly AccountSummary[], { cwd }: SummaryOptions): string[] {
  return accounts
    .flatMap(({ datasets }) => datasets)
    .filter(({ status }) => status === "COMPLETED")
    .map(({ account, dataset, reportPath, outputFolder }) => {
      const where = shortPath(reportPath ?? outputFolder, cwd);
      return `${reportPath === null ? "output" : "report"} of ${account}/${printable(dataset)}: ${where}`;
    });
}

/** Failures of an account, its datasets and its tasks, each message once. */
function failureLines(
  account: AccountSummary,
  { tasks }: RunResult,
  { style, verbose }: SummaryOptions,
): string[] {
  const ofDatasets = [account.failure, ...account.datasets.map(({ failure }) => failure)]
    .filter((failure) => failure !== null)
    .map((failure) => ({ place: failure.at, failure }));
  const ofTasks = failedTasks(tasks, account.account, ofDatasets.length > 0);
  const shown = new Set<string>();
  return [...ofDatasets, ...ofTasks].flatMap(({ place, failure }) => {
    const { code, message, remedy, stack } = failure;
    const head = style.red(`${printable(place)}: ${code}: ${printableLines(message)}`);
    if (shown.has(message)) return [];
    shown.add(message);
    const trace = verbose === true && stack !== undefined ? printableLines(stack).split("\n") : [];
    return [head, `  what to do: ${remedy}`].concat(trace.map((line) => `  ${line}`));
  });
}

/** A lone task that failed by its datasets has nothing of its own to say. */
function failedTasks(tasks: readonly TaskRecord[], account: string, told: boolean) {
  if (told && !hasWorkflow(tasks)) return [];
  return tasks.flatMap(({ account: of, task, status, failure }) =>
    of === account && status === "FAILED" && failure !== null
      ? [{ place: `${account}/${task}`, failure }]
      : [],
  );
}
