/** What a run came to. */
import type { AccountSummary, DatasetSummary, RunResult } from "../../orchestration/index.ts";
import { count, counted, duration, percent, shortPath } from "../figures.ts";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";
import { statusText } from "./status.ts";
import { table } from "./table.ts";

export interface SummaryOptions {
  readonly style: Style;
  /** Paths are told from here. */
  readonly cwd: string;
  readonly width?: number | undefined;
  /** Show stack traces of failures. */
  readonly verbose?: boolean;
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

/** Lines of a run's summary: a table of datasets, where the reports are, what failed and what to do. */
export function runSummary(result: RunResult, options: SummaryOptions): string[] {
  const { style, cwd } = options;
  const { run, accounts, durationMs } = result;
  const rows = inOrder(result).flatMap((account) => rowsOf(account, style));
  const done = accounts.filter(({ status }) => status === "COMPLETED").length;
  return [
    ...section(table(COLUMNS, rows, style, options.width)),
    ...section(reportLines(inOrder(result), options)),
    ...section(inOrder(result).flatMap((account) => failureLines(account, options))),
    `${statusText(run.status, style)}: ${done} of ${counted(accounts.length, "account")} in ${duration(durationMs)}, run ${run.runId}, log ${shortPath(run.logPath, cwd)}`,
    ...(run.status === "CANCELED" ? [`Go on with: data-wrangler resume ${run.runId}`] : []),
  ];
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

function failureLines(account: AccountSummary, options: SummaryOptions): string[] {
  const failures = [account.failure, ...account.datasets.map(({ failure }) => failure)].filter(
    (failure) => failure !== null,
  );
  const shown = new Set<string>();
  return failures.flatMap(({ at, code, message, remedy, stack }) => {
    const head = options.style.red(`${at}: ${code}: ${printableLines(message)}`);
    if (shown.has(message)) return [];
    shown.add(message);
    const trace =
      options.verbose === true && stack !== undefined ? printableLines(stack).split("\n") : [];
    return [head, `  what to do: ${remedy}`].concat(trace.map((line) => `  ${line}`));
  });
}

/** Text of several lines, each safe to print. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}
