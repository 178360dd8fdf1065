/**
 * Constant rules: rows that fulfil a condition on one column hold one value in another (a
 * conditional dependency with constants, or a denial constraint), with few violations.
 *
 * @module
 */
import type { Predicate } from "../../../../recipe/index.ts";
import {
  type CodedColumn,
  type CodedTable,
  distributionOf,
  EMPTY,
  groupingOf,
} from "../dependencies/index.ts";

/** A condition on one column. */
export interface Condition {
  readonly column: CodedColumn;
  readonly kind: "equals" | "differs";
  /** Code of the value that it equals, or from which it (a filled cell) differs. */
  readonly code: number;
}

/** Rows that fulfil `condition` hold `value` in `column`, but for some. */
export interface Rule {
  readonly condition: Condition;
  readonly column: CodedColumn;
  readonly value: number;
  /** Rows that fulfil the condition and the rule, and those that break the rule. */
  readonly kept: number;
  readonly broken: number;
}

/** Columns with more different values than this are no consequence of a rule. */
const MOST_VALUES = 50;
/** Rows that a rule speaks of, at least, and as a share of the table. */
const LEAST_ROWS = 200;
const LEAST_SHARE = 0.01;
/** Fewer violations than this show no pattern. */
const LEAST_BROKEN = 3;
/** Share of violations, seen from the condition and seen from the other values of the column. */
const MOST_BROKEN = 0.015;
/** A value this frequent in the whole table needs no rule. */
const MOST_USUAL = 0.9;
/** Values of a column that are tried as conditions, most frequent first. */
const MOST_CONDITIONS = 20;
/** A value with this share of a column has a meaning of its own (zero, none): "not it" is a condition. */
const LEAST_DEFAULT = 0.2;

/** All rules that are broken by someone, strongest support first. */
export function brokenRules(table: CodedTable): Rule[] {
  const rules: Rule[] = [];
  for (const column of table.columns) {
    if (column.values.length > MOST_VALUES) continue;
    for (const cause of table.columns)
      if (cause !== column) rules.push(...rulesBetween(table, cause, column));
  }
  return rules.toSorted((a, b) => b.kept - a.kept);
}

/** Whether a row fulfils a condition. */
export function fulfils({ column, kind, code }: Condition, row: number): boolean {
  const own = column.codes[row] ?? EMPTY;
  return own !== EMPTY && (own === code) === (kind === "equals");
}

/** A condition in the recipe's terms. */
export function predicateOf({ column, kind, code }: Condition): Predicate {
  const equals = { column: column.name, equals: column.values[code] ?? "" };
  return kind === "equals"
    ? equals
    : { not: { any: [equals, { column: column.name, empty: true } as const] } };
}

function rulesBetween(table: CodedTable, cause: CodedColumn, column: CodedColumn): Rule[] {
  const contingency = contingencyOf(cause, column);
  const least = Math.max(LEAST_ROWS, LEAST_SHARE * table.rows);
  return conditionsOn(cause).flatMap((condition) => {
    const counts = contingency(condition);
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total < least) return [];
    const value = counts.indexOf(Math.max(...counts));
    const kept = counts[value]!;
    const broken = total - kept;
    const others = column.filled - column.counts[value]!;
    const isRule =
      broken >= LEAST_BROKEN &&
      broken <= MOST_BROKEN * total &&
      broken <= MOST_BROKEN * others &&
      column.counts[value]! <= MOST_USUAL * column.filled;
    return isRule ? [{ condition, column, value, kept, broken }] : [];
  });
}

function conditionsOn(column: CodedColumn): Condition[] {
  const codes = [...column.counts.keys()].toSorted(
    (a, b) => column.counts[b]! - column.counts[a]! || a - b,
  );
  const conditions: Condition[] = codes
    .slice(0, MOST_CONDITIONS)
    .map((code) => ({ column, kind: "equals", code }));
  const [top] = codes;
  if (top !== undefined && column.counts[top]! >= LEAST_DEFAULT * column.filled)
    conditions.push({ column, kind: "differs", code: top });
  return conditions;
}

/** Counts of the consequence's values among the rows that fulfil a condition. */
function contingencyOf(cause: CodedColumn, column: CodedColumn) {
  const { starts, values, counts } = distributionOf(groupingOf(cause), column);
  const add = (sums: number[], group: number, sign: 1 | -1) => {
    for (let entry = starts[group]!; entry < starts[group + 1]!; entry++)
      sums[values[entry]!]! += sign * counts[entry]!;
  };
  const all = Array.from<number>({ length: column.values.length }).fill(0);
  for (let group = 0; group < cause.values.length; group++) add(all, group, 1);
  return ({ kind, code }: Condition): number[] => {
    const sums = kind === "equals" ? all.map(() => 0) : [...all];
    add(sums, code, kind === "equals" ? 1 : -1);
    return sums;
  };
}
