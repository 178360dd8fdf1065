/**
 * Tables in which several sources report the same facts about the same things: an entity column
 * and a source column that together name a row. There every other column is a report, so only
 * the entity may determine it: two reports that coincide show a copy, not a rule.
 *
 * @module
 */
import type { CodedColumn, CodedTable } from "./coded-table.ts";
import { distributionOf, groupingOf, type Strength, strengthOf } from "./groups.ts";

export interface Reports {
  readonly entity: CodedColumn;
  readonly source: CodedColumn;
}

/** Average rows of an entity and of a source. */
const LEAST_ROWS_EACH = 5;
/** Share of rows whose entity and source stand together only once. */
const LEAST_UNIQUE = 0.97;
/** A report depends on its entity at least this much; no column may on its source more than that. */
const LEAST_ON_ENTITY = 0.4;
const MOST_ON_SOURCE = 0.1;
/** Reported columns, at least, and as a share of the columns besides entity and source. */
const LEAST_REPORTED = 2;
const LEAST_REPORTED_SHARE = 0.5;
/** One report at least must be this contested; a table of plain facts about entities is none. */
const LEAST_CONTESTED = 0.05;

/** The entity and source columns, when the table is one of reports. */
export function reportsIn(table: CodedTable): Reports | undefined {
  const complete = table.columns.filter(
    ({ filled, values }) => filled === table.rows && values.length * LEAST_ROWS_EACH <= table.rows,
  );
  for (const entity of complete)
    for (const source of complete)
      if (source !== entity && areReports(table, entity, source)) return { entity, source };
  return undefined;
}

function areReports(table: CodedTable, entity: CodedColumn, source: CodedColumn): boolean {
  if (!isKey(entity, source)) return false;
  const others = table.columns.filter((column) => column !== entity && column !== source);
  if (others.some((column) => dependence(source, column).mu > MOST_ON_SOURCE)) return false;
  const reported = others
    .map((column) => dependence(entity, column))
    .filter(({ mu }) => mu >= LEAST_ON_ENTITY);
  return (
    reported.length >= Math.max(LEAST_REPORTED, LEAST_REPORTED_SHARE * others.length) &&
    reported.some(({ coherent, judged }) => coherent >= LEAST_CONTESTED * judged)
  );
}

function isKey(a: CodedColumn, b: CodedColumn): boolean {
  const rows = a.codes.length;
  if (a.values.length * b.values.length < LEAST_UNIQUE * rows) return false;
  const seen = new Set<number>();
  let repeated = 0;
  for (let row = 0; row < rows; row++) {
    const pair = a.codes[row]! * b.values.length + b.codes[row]!;
    if (seen.has(pair)) repeated++;
    else seen.add(pair);
    if (repeated > (1 - LEAST_UNIQUE) * rows) return false;
  }
  return true;
}

function dependence(on: CodedColumn, column: CodedColumn): Strength {
  return strengthOf(distributionOf(groupingOf(on), column), column);
}
