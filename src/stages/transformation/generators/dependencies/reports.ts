/**
 * Tables in which several sources report the same facts about the same things: an entity column
 * and a source column that together name a row. There every other column is a report, so only
 * the entity may determine it: two reports that coincide show a copy, not a rule.
 *
 * @module
 */
import { type CodedColumn, type CodedTable, EMPTY } from "./coded-table.ts";
import { distributionOf, groupingOf, strengthOf } from "./groups.ts";

export interface Reports {
  readonly entity: CodedColumn;
  readonly source: CodedColumn;
}

/** Average rows of an entity and of a source. */
const LEAST_ROWS_EACH = 5;
/** Share of rows whose entity and source stand together only once. */
const LEAST_UNIQUE = 0.97;
/** Every report must depend on its entity at least this much… */
const LEAST_ON_ENTITY = 0.4;
/** …and on its source at most this much. */
const MOST_ON_SOURCE = 0.1;
/** Fewer reported columns than this are no pattern. */
const LEAST_REPORTED = 2;

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
  const reported = table.columns.filter((column) => column !== entity && column !== source);
  return (
    reported.length >= LEAST_REPORTED &&
    reported.every(
      (column) =>
        dependence(entity, column) >= LEAST_ON_ENTITY &&
        dependence(source, column) <= MOST_ON_SOURCE,
    )
  );
}

function isKey(a: CodedColumn, b: CodedColumn): boolean {
  const seen = new Set<number>();
  let rows = 0;
  for (let row = 0; row < a.codes.length; row++) {
    if (a.codes[row] === EMPTY || b.codes[row] === EMPTY) continue;
    rows++;
    seen.add(a.codes[row]! * b.values.length + b.codes[row]!);
  }
  return seen.size >= LEAST_UNIQUE * rows;
}

function dependence(on: CodedColumn, column: CodedColumn): number {
  return strengthOf(distributionOf(groupingOf(on), column), column).mu;
}
