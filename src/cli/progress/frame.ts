/** One picture of a running run. */
import { countsText, duration } from "../figures.ts";
import { clip, printable, widthOf } from "../printable.ts";
import type { Style } from "../style.ts";
import type { Board, Line } from "./board.ts";

/** Loading, the five stages, apply. */
const STAGES = 7;

const SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

export interface Screen {
  readonly columns: number;
  readonly rows: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly style: Style;
}

/** Lines of the live display: never more than the screen holds, none wider than it. */
export function frame(board: Board, screen: Screen): string[] {
  const { lines } = board;
  const done = lines.filter(({ state }) => state === "done").length;
  const failed = lines.filter(({ state }) => state === "failed").length;
  const elapsed = duration(screen.now - board.startedAt);
  const counts = `${done} of ${lines.length} done${failed > 0 ? `, ${failed} failed` : ""}`;
  const room = Math.max(1, screen.rows - 3);
  const shown = mostTelling(lines, room);
  const hidden = lines.length - shown.length;
  const nameWidth = Math.min(40, Math.max(...shown.map((line) => widthOf(nameOf(line))), 8));
  return [
    clip(`run ${board.runId}  ${counts}  ${elapsed}`, screen.columns - 1),
    ...shown.map((line) => drawLine(line, nameWidth, screen)),
    ...(hidden > 0 ? [clip(`… and ${hidden} more`, screen.columns - 1)] : []),
  ];
}

/** Of more lines than there is room for: those at work, then failed, waiting and done ones; in their own order. */
function mostTelling(lines: readonly Line[], room: number): readonly Line[] {
  if (lines.length <= room) return lines;
  const order = ["working", "failed", "waiting", "done"];
  const chosen = new Set(
    lines.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state)).slice(0, room),
  );
  return lines.filter((line) => chosen.has(line));
}

function drawLine(line: Line, nameWidth: number, { columns, now, style }: Screen): string {
  const name = clip(nameOf(line), nameWidth);
  const padded = name + " ".repeat(nameWidth - widthOf(name));
  const bar = "■"
    .repeat(line.state === "done" ? STAGES : Math.min(STAGES, line.stagesDone))
    .padEnd(STAGES, "·");
  const seconds = line.state === "waiting" ? "" : duration((line.endedAt ?? now) - line.startedAt);
  const rest = `${padded}  ${bar}  ${wordOf(line).padEnd(14)} ${seconds.padStart(8)}  ${countsText(line.counts)}`;
  return `${mark(line, now, style)} ${clip(rest, columns - 3).trimEnd()}`;
}

function mark({ state }: Line, now: number, style: Style): string {
  if (state === "done") return style.green("✔");
  if (state === "failed") return style.red("✘");
  if (state === "waiting") return style.dim("·");
  return style.yellow(SPINNER.charAt(Math.floor(now / 100) % SPINNER.length));
}

function wordOf({ state, stage }: Line): string {
  if (state === "working") return stage === "" ? "starting" : stage;
  return state === "failed" && stage !== "" ? `${stage} failed` : state;
}

function nameOf({ account, dataset }: Line): string {
  return printable(dataset === null ? account : `${account}/${dataset}`);
}
