/** Dates that are not written in the form of the rest of their column. */
import { cellCount, type Change, changeEvidence } from "../../change-evidence.ts";
import { cells, type ColumnValues, type ValueWithCount } from "../../column-values.ts";
import type { Proposal } from "../../generator.ts";
import { nullTokenClass } from "../nulls/null-tokens.ts";
import { type FieldOrder, isDate, type ReadDate, readDate, writeDate } from "./date-shapes.ts";

/** Share of filled cells in the form that the others are brought to. */
const OWN_FORM = 0.7;
/** Share of filled cells that are dates in any known form. */
const DATES = 0.95;

/** The dates of one shape in a column. */
export interface DateGroup {
  readonly dates: readonly (ValueWithCount & { readonly date: ReadDate })[];
  readonly count: number;
  /** Which number is the day; undefined where the cells do not tell. */
  readonly order: FieldOrder | undefined;
  /** Format for reading and writing, when the order is known. */
  readonly format: string | undefined;
}

/** The dates of a column by shape, most frequent first, and how many filled cells are none. */
export function dateGroups(values: readonly ValueWithCount[]): {
  groups: DateGroup[];
  filled: number;
} {
  const meant = values.filter(({ value }) => value.trim() !== "" && !nullTokenClass(value));
  const byShape = new Map<string, (ValueWithCount & { date: ReadDate })[]>();
  for (const { value, count } of meant) {
    const date = readDate(value.trim());
    if (!date) continue;
    const list = byShape.get(date.shape.name) ?? [];
    list.push({ value: value.trim(), count, date });
    byShape.set(date.shape.name, list);
  }
  const groups = [...byShape.values()].map((dates): DateGroup => {
    const order = orderOf(dates);
    // The form of the cells that show how days below ten are written.
    const sample = dates.find(({ value }) => /(?:^|\D)0\d(?:\D|$)/.test(value)) ?? dates[0];
    return {
      dates,
      count: cells(dates),
      order,
      format: order && sample?.date.shape.format(order, sample.value),
    };
  });
  return { groups: groups.toSorted((a, b) => b.count - a.count), filled: cells(meant) };
}

/** Steps that bring the dates of the rarer shapes to the column's own form. */
export function dateProposals({ column, values }: ColumnValues): Proposal[] {
  const { groups, filled } = dateGroups(values);
  const [own, ...others] = groups;
  const known = groups.reduce((sum, { count }) => sum + count, 0);
  if (!own?.format || own.count < OWN_FORM * filled || known < DATES * filled) return [];
  const to = own.format;
  return others.flatMap((group) =>
    group.format && group.format !== to ? [rewriting(column, group, group.format, to, own)] : [],
  );
}

function rewriting(
  column: string,
  group: DateGroup,
  from: string,
  to: string,
  own: DateGroup,
): Proposal {
  const changes = group.dates.flatMap(({ value, count, date }): Change[] => {
    const { month, day } = monthAndDay(date, group.order);
    return isDate(date.year, month, day)
      ? [{ old: value, new: writeDate(date.year, month, day, to), count }]
      : [];
  });
  return {
    step: {
      operation: "parse_date",
      columns: [column],
      args: { from: [from.replaceAll("%-", "%")], to },
      guard: guardOf(group),
      onFail: "keep",
      evidence: changeEvidence(
        `Most dates of the column are written like "${own.dates[0]?.value ?? ""}"; ${cellCount(group.count)} like "${group.dates[0]?.value ?? ""}".`,
        changes,
        { support: own.count },
      ),
    },
    confidence: 0.92,
    intent: "repair",
  };
}

/** Month and day of a date, given which number is the day. */
export function monthAndDay(
  { first, second, ordered }: ReadDate,
  order: FieldOrder | undefined,
): { month: number; day: number } {
  const swap = !ordered && order === "day-first";
  return swap ? { month: second, day: first } : { month: first, day: second };
}

/**
 * Day-first when some first number exceeds 12 and no second one does, month-first the other way
 * round; undefined when the cells contradict each other or none tells.
 */
function orderOf(dates: readonly { readonly date: ReadDate }[]): FieldOrder | undefined {
  if (dates.every(({ date }) => date.ordered)) return "month-first";
  const dayFirst = dates.some(({ date }) => date.first > 12);
  const monthFirst = dates.some(({ date }) => date.second > 12);
  if (dayFirst === monthFirst) return undefined;
  return dayFirst ? "day-first" : "month-first";
}

/** RE2 pattern for the cells of a shape. */
function guardOf({ dates }: DateGroup): string {
  const source = dates[0]?.date.shape.pattern.source ?? "";
  return `(?i)${source.replace(/^\^/, "").replace(/\$$/, "")}`;
}
