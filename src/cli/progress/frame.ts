/** One picture of a running run. */
import { duration } from "../figures.ts";
import { clip, printable, widthOf } from "../printable.ts";
import type { Style } from "../style.ts";
import type { Board } from "./board.ts";
import { ownTasks, type Row, rowsOf, sumsOf } from "./rows.ts";
import type { Progress } from "./task-state.ts";

const BAR = 7;

/** Columns that a name keeps however deep it stands. */
const LEAST_NAME = 8;

const SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

export interface Screen {
  readonly columns: number;
  readonly rows: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly style: Style;
}

interface Widths {
  readonly name: number;
  readonly doing: number;
}

/** Lines of the live display: never more than the screen holds, none wider than it. */
export function frame(board: Board, screen: Screen): string[] {
  const rows = rowsOf(board, screen.now);
  const room = Math.max(1, screen.rows - 3);
  const shown = mostTelling(rows, room);
  const hidden = rows.length - shown.length;
  const widths = {
    name: Math.min(40, Math.max(...shown.map(nameWidth))),
    doing: Math.min(34, Math.max(...shown.map(({ doing }) => widthOf(printable(doing))), 14)),
  };
  return [
    clip(headOf(board, rows, screen.now), screen.columns - 1),
    ...shown.map((row) => drawRow(row, widths, screen)),
    ...(hidden > 0 ? [clip(`… and ${hidden} more`, screen.columns - 1)] : []),
  ];
}

/** The sums of all accounts. */
function headOf(board: Board, rows: readonly Row[], now: number): string {
  const elapsed = duration(now - board.startedAt);
  if (!board.lone) {
    const sums = sumsOf(board.accounts.flatMap(ownTasks));
    return `run ${board.runId} of ${printable(board.workflow)}  tasks: ${sums}  ${elapsed}`;
  }
  const count = (wanted: Progress): number =>
    rows.filter(({ progress }) => progress === wanted).length;
  const failed = count("failed");
  const counts = `${count("done")} of ${rows.length} done${failed > 0 ? `, ${failed} failed` : ""}`;
  return `run ${board.runId}  ${counts}  ${elapsed}`;
}

/** Which rows to keep where there is no room for all: an account never comes after its tasks here. */
const TELLING: readonly Progress[] = ["working", "asking", "failed", "pending", "skipped", "done"];

/** Of more rows than there is room for, those that tell most; in their own order. */
function mostTelling(rows: readonly Row[], room: number): readonly Row[] {
  if (rows.length <= room) return rows;
  const chosen = new Set(rows.toSorted((a, b) => rankOf(a) - rankOf(b)).slice(0, room));
  return rows.filter((row) => chosen.has(row));
}

function rankOf({ progress }: Row): number {
  return TELLING.indexOf(progress);
}

function drawRow(row: Row, widths: Widths, { columns, now, style }: Screen): string {
  const filled = row.progress === "done" ? BAR : Math.floor(row.share * BAR + 1e-9);
  const bar = "■".repeat(filled).padEnd(BAR, "·");
  const time = row.elapsedMs === null ? "" : duration(row.elapsedMs);
  const indent = indentOf(row);
  const texts = [
    padded(nameOf(row), Math.max(LEAST_NAME, widths.name - indent)),
    bar,
    `${padded(printable(row.doing), widths.doing)} ${time.padStart(8)}`,
    printable(row.message),
  ];
  const rest = clip(texts.join("  "), Math.max(1, columns - 3 - indent)).trimEnd();
  return `${" ".repeat(indent)}${mark(row.progress, now, style)} ${rest}`;
}

function padded(text: string, width: number): string {
  const clipped = clip(text, width);
  return clipped + " ".repeat(width - widthOf(clipped));
}

function mark(progress: Progress, now: number, style: Style): string {
  if (progress === "done") return style.green("✔");
  if (progress === "failed") return style.red("✘");
  if (progress === "asking") return style.yellow("?");
  if (progress === "skipped") return style.dim("-");
  if (progress === "pending") return style.dim("·");
  return style.yellow(SPINNER.charAt(Math.floor(now / 100) % SPINNER.length));
}

function nameWidth(row: Row): number {
  return indentOf(row) + Math.max(LEAST_NAME, widthOf(nameOf(row)));
}

function indentOf({ depth }: Row): number {
  return Math.min(20, 2 * depth);
}

function nameOf({ name }: Row): string {
  return printable(name);
}
