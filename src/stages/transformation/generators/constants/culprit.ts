/**
 * Which cell of a broken rule is wrong: the one in the condition, or the one in the consequence.
 * A cell that a third column confirms is right, so the other must be wrong.
 *
 * @module
 */
import { type CodedColumn, type CodedTable, EMPTY } from "../dependencies/index.ts";

/** A third column that confirms the cells of `column` in the rows that break a rule. */
export interface Confirmation {
  readonly by: string;
  /** Share of the broken rows whose cell is as the third column has it elsewhere. */
  readonly share: number;
  /** The same share among the rows that keep the rule. */
  readonly usual: number;
}

/** Rows of a group that a third column needs to speak. */
const LEAST_GROUP = 5;
/** How often it must be right where the rule is kept… */
const LEAST_USUAL = 0.7;
/** …which must be so much more than the most frequent value would be right by itself. */
const LEAST_GAIN = 0.2;
/** Share of the usual agreement that the broken rows must reach. */
const LEAST_CONFIRMED = 0.9;
/** Broken rows on which the third column must speak, as a share. */
const LEAST_HEARD = 0.5;

/** The best confirmation of a column's cells in the broken rows, if a third column gives one. */
export function confirmationOf(
  table: CodedTable,
  column: CodedColumn,
  except: CodedColumn,
  kept: readonly number[],
  broken: readonly number[],
): Confirmation | undefined {
  const base = majorityShare(column, kept);
  let best: Confirmation | undefined;
  for (const third of table.columns) {
    if (third === column || third === except) continue;
    const majority = majorities(third, column, kept);
    const usual = agreement(third, column, majority, kept);
    const now = agreement(third, column, majority, broken);
    if (now.heard < LEAST_HEARD * broken.length || usual.share < LEAST_USUAL) continue;
    if (usual.share < base + LEAST_GAIN || now.share < LEAST_CONFIRMED * usual.share) continue;
    if (!best || now.share > best.share)
      best = { by: third.name, share: now.share, usual: usual.share };
  }
  return best;
}

function majorityShare(column: CodedColumn, rows: readonly number[]): number {
  const counts = new Int32Array(column.values.length);
  for (const row of rows) if (column.codes[row] !== EMPTY) counts[column.codes[row]!]! += 1;
  return rows.length === 0 ? 1 : counts.reduce((a, b) => Math.max(a, b), 0) / rows.length;
}

/** The most frequent value of `column` for each value of `third`, where enough rows speak. */
function majorities(third: CodedColumn, column: CodedColumn, rows: readonly number[]): Int32Array {
  const counts = new Map<number, number>();
  const totals = new Int32Array(third.values.length);
  for (const row of rows) {
    const [group, own] = [third.codes[row]!, column.codes[row]!];
    if (group === EMPTY || own === EMPTY) continue;
    const key = group * column.values.length + own;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    totals[group]! += 1;
  }
  const best = new Int32Array(third.values.length);
  const majority = new Int32Array(third.values.length).fill(EMPTY);
  for (const [key, count] of counts) {
    const group = Math.floor(key / column.values.length);
    if (totals[group]! < LEAST_GROUP || count <= best[group]!) continue;
    best[group] = count;
    majority[group] = key % column.values.length;
  }
  return majority;
}

function agreement(
  third: CodedColumn,
  column: CodedColumn,
  majority: Int32Array,
  rows: readonly number[],
) {
  let heard = 0;
  let agreed = 0;
  for (const row of rows) {
    const group = third.codes[row]!;
    if (group === EMPTY || majority[group] === EMPTY) continue;
    heard++;
    if (majority[group] === column.codes[row]) agreed++;
  }
  return { heard, share: heard === 0 ? 0 : agreed / heard };
}
