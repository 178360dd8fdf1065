/** All columns at a glance. */
import type { ColumnProfile } from "../../stages/profiling/index.ts";
import {
  count,
  fitting,
  type Heading,
  type Html,
  html,
  name,
  percent,
  row,
  table,
} from "../markup/index.ts";
import type { AfterColumn } from "../report-input.ts";
import { beforeAfter } from "./quality.ts";

const BUDGET_BYTES = 190_000;

/** A column as loaded and as cleaned; either may be missing where a step added or dropped it. */
export interface ColumnPair {
  readonly name: string;
  readonly before: ColumnProfile | undefined;
  readonly after: AfterColumn | undefined;
  /** Changed cells. */
  readonly changed: number;
}

const HEADINGS: readonly Heading[] = [
  { label: "Column" },
  { label: "Kind" },
  { label: "Filled" },
  { label: "Different values", numeric: true },
  { label: "Cells changed", numeric: true },
];

/** One row for each column, as many as fit. */
export function columnOverview(pairs: readonly ColumnPair[]): { table: Html; left: number } {
  const { shown, left } = fitting(pairs, BUDGET_BYTES, (pair) =>
    row(HEADINGS, [
      name(pair.name, 50),
      pair.before?.kind ?? "",
      beforeAfter("filled", filled(pair.before), filled(pair.after), percent),
      arrow(pair.before?.distinct, pair.after?.distinct),
      pair.changed === 0 ? "0" : html`<strong>${count(pair.changed)}</strong>`,
    ]),
  );
  return { table: table("Columns as loaded and as cleaned.", HEADINGS, shown), left };
}

/** Share of filled cells; nothing for a table without rows. */
export function filled(column: { rows: number; nulls: number } | undefined): number | undefined {
  return column === undefined || column.rows === 0 ? undefined : 1 - column.nulls / column.rows;
}

/** `12 → 9`, or one number where nothing changed. */
export function arrow(before: number | undefined, after: number | undefined): string {
  if (before === undefined) return after === undefined ? "" : count(after);
  return after === undefined || after === before
    ? count(before)
    : `${count(before)} → ${count(after)}`;
}
