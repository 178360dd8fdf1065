import { clip, widthOf } from "../printable.ts";
import type { Style } from "../style.ts";

export interface Columns {
  readonly head: readonly string[];
  /** Positions of columns with numbers, put to the right. */
  readonly right?: readonly number[];
  /** Positions of columns that may be cut where the table is too wide. */
  readonly cut?: readonly number[];
}

const GAP = 2;
const LEAST_WIDTH = 8;

/** Lines of a table without rules: columns two spaces apart, at most `width` wide where columns may be cut. */
export function table(
  columns: Columns,
  rows: readonly (readonly string[])[],
  style: Style,
  width = Number.POSITIVE_INFINITY,
): string[] {
  const widths = fitted(columns, rows, width);
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => {
        const text = clipStyled(cell, widths[i]!);
        const space = " ".repeat(Math.max(0, widths[i]! - widthOf(text)));
        return columns.right?.includes(i) === true ? space + text : text + space;
      })
      .join(" ".repeat(GAP))
      .trimEnd();
  return [style.dim(line(columns.head)), ...rows.map(line)];
}

/** Natural widths, with the widest of the columns that may be cut made narrower until all fit. */
function fitted(columns: Columns, rows: readonly (readonly string[])[], width: number): number[] {
  const widths = columns.head.map((head, i) =>
    Math.max(widthOf(head), ...rows.map((row) => widthOf(row[i] ?? ""))),
  );
  const total = (): number => widths.reduce((sum, w) => sum + w + GAP, -GAP);
  for (let over = total() - width; over > 0; over = total() - width) {
    const widest = (columns.cut ?? []).toSorted((a, b) => widths[b]! - widths[a]!)[0];
    if (widest === undefined || widths[widest]! <= LEAST_WIDTH) break;
    widths[widest] = widths[widest]! - 1;
  }
  return widths;
}

function clipStyled(cell: string, width: number): string {
  return widthOf(cell) <= width ? cell : clip(cell, width);
}
