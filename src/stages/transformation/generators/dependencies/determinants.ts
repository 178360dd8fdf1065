/**
 * Which columns truly determine which: strength, evidence of noise rather than of a second truth.
 *
 * @module
 */
import type { CodedColumn, CodedTable } from "./coded-table.ts";
import {
  type Distribution,
  distributionOf,
  groupingOf,
  pairGrouping,
  type Strength,
  strengthOf,
} from "./groups.ts";

/** A determinant of a column, with what is known of the dependency. */
export interface Determinant extends Strength {
  readonly columns: readonly string[];
  readonly distribution: Distribution;
  /**
   * True when those who differ from the majority of their group are strays; false when they form
   * minorities of their own, so that the majority is one truth among several.
   */
  readonly settled: boolean;
}

/** Below this strength a dependency is chance or a mere correlation. */
const LEAST_STRENGTH = 0.55;
/** Parts of a composite are at least this strong: weaker ones add chance only. */
const LEAST_PART = 0.08;
/** Rows that must be judged, as a share of the filled cells of the dependent. */
const LEAST_JUDGED = 0.1;
/** Fewer judged rows than this show nothing. */
const LEAST_ROWS = 30;
/** Largest part of the judged cells that may stand in coherent minorities. */
const COHERENT_OF_JUDGED = 0.01;
/** More disputes than this are not noise about a rule but another rule. */
const MOST_DISPUTED = 0.15;
/** Parts of a composite must be (nearly) complete: a report with gaps determines by accident. */
const LEAST_COMPLETE = 0.98;
/** Grouping by two columns costs ten times as much as by one: not tried on larger tables. */
const MOST_ROWS_FOR_PAIRS = 200_000;
/** Strongest determinants that are kept; more would only echo them. */
const MOST = 5;
/** Single columns of which pairs are tried. */
const MOST_PARTS = 5;

/** The determinants of a column, strongest first. */
export function determinantsOf(
  table: CodedTable,
  dependent: CodedColumn,
  candidates: readonly CodedColumn[],
): Determinant[] {
  const singles = candidates
    .filter((column) => column !== dependent)
    .map((column) => ({
      column,
      determinant: assess(distributionOf(groupingOf(column), dependent), dependent),
    }))
    .filter(({ determinant }) => determinant.mu >= LEAST_PART);
  const accepted = singles
    .map(({ determinant }) => determinant)
    .filter((one) => isDetermining(one, dependent));
  if (accepted.length === 0 && table.rows <= MOST_ROWS_FOR_PAIRS) {
    const parts = singles
      .filter(({ column }) => column.filled >= LEAST_COMPLETE * table.rows)
      .toSorted((a, b) => byStrength(a.determinant, b.determinant))
      .slice(0, MOST_PARTS);
    accepted.push(...composites(parts, dependent).filter(({ settled }) => settled));
  }
  return accepted.toSorted(byStrength).slice(0, MOST);
}

function composites(
  parts: readonly { readonly column: CodedColumn; readonly determinant: Determinant }[],
  dependent: CodedColumn,
): Determinant[] {
  const found: Determinant[] = [];
  for (const [index, a] of parts.entries())
    for (const b of parts.slice(index + 1)) {
      const grouping = pairGrouping(a.column, b.column);
      const pair = assess(distributionOf(grouping, dependent), dependent);
      const betterThanParts =
        errorOf(pair) < 0.5 * Math.min(errorOf(a.determinant), errorOf(b.determinant));
      if (isDetermining(pair, dependent) && betterThanParts) found.push(pair);
    }
  return found;
}

function assess(distribution: Distribution, dependent: CodedColumn): Determinant {
  const strength = strengthOf(distribution, dependent);
  const { judged, disputed, coherent } = strength;
  const settled =
    disputed <= MOST_DISPUTED * judged &&
    coherent <= Math.max(COHERENT_ROWS_FREE, COHERENT_OF_JUDGED * judged);
  return { columns: distribution.grouping.columns, distribution, settled, ...strength };
}

/** One small block of odd rows does not unsettle a small table. */
const COHERENT_ROWS_FREE = 3;

function isDetermining(one: Determinant, dependent: CodedColumn): boolean {
  return (
    one.mu >= LEAST_STRENGTH && one.judged >= Math.max(LEAST_ROWS, LEAST_JUDGED * dependent.filled)
  );
}

function errorOf(one: Strength): number {
  return one.judged === 0 ? 1 : one.disputed / one.judged;
}

function byStrength(a: Determinant, b: Determinant): number {
  return b.mu - a.mu || (a.columns.join("\0") < b.columns.join("\0") ? -1 : 1);
}
