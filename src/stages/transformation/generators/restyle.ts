/** The generator of restyling: how right values look, only where an option asks for it. */
import { type Change, changeEvidence } from "../change-evidence.ts";
import { cells, readValues, type ValueWithCount } from "../column-values.ts";
import { defineGenerator, type GeneratorContext, type Proposal } from "../generator.ts";
import { dateGroups, monthAndDay } from "./formats/date-column.ts";
import { isDate, writeDate } from "./formats/date-shapes.ts";

const ISO = "%Y-%m-%d";
/** Share of filled cells that must be dates of a known order. */
const DATES = 0.9;
/** Share of filled cells in the letter case that the others are brought to. */
const OWN_CASE = 0.6;

/** A name in lower case with words apart by one underscore. */
export function snakeCase(name: string): string {
  return name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, "$1_$2")
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1_$2")
    .replaceAll(/[^\p{L}\p{N}]+/gu, "_")
    .replaceAll(/^_+|_+$/g, "")
    .toLowerCase();
}

/** New names for the columns that need one; a name that is taken gets a number. */
export function snakeCaseNames(columns: readonly string[]): Record<string, string> {
  const taken = new Set<string>();
  const names: [string, string][] = columns.map((column) => {
    const base = snakeCase(column) || "column";
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}_${n}`;
    taken.add(name);
    return [column, name];
  });
  return Object.fromEntries(names.filter(([from, to]) => from !== to));
}

function headerProposals(columns: readonly string[]): Proposal[] {
  const names = snakeCaseNames(columns);
  const renamed = Object.keys(names).length;
  if (renamed === 0) return [];
  const because = `${renamed} column names are brought to snake_case, by option.`;
  const evidence = { because, support: renamed, counterExamples: 0, affected: 0, samples: [] };
  const step = {
    operation: "rename_columns",
    columns: [],
    args: { names },
    onFail: "keep" as const,
    evidence,
  };
  return [{ step, confidence: 0.97, intent: "restyle" }];
}

/** Steps that write a column's dates in ISO 8601. */
function dateProposals(column: string, values: readonly ValueWithCount[]): Proposal[] {
  const { groups, filled } = dateGroups(values);
  const known = groups.filter(({ format }) => format !== undefined);
  if (filled === 0 || known.reduce((sum, { count }) => sum + count, 0) < DATES * filled) return [];
  const from = known
    .map(({ format = "" }) => format.replaceAll("%-", "%"))
    .filter((format) => format !== ISO);
  if (from.length === 0) return [];
  const changes = known.flatMap(({ dates, order }) =>
    dates.flatMap(({ value, count, date }): Change[] => {
      const { month, day } = monthAndDay(date, order);
      const to = writeDate(date.year, month, day, ISO);
      return isDate(date.year, month, day) && to !== value ? [{ old: value, new: to, count }] : [];
    }),
  );
  const evidence = changeEvidence("Dates are to be written in ISO 8601, by option.", changes);
  const step = {
    operation: "parse_date",
    columns: [column],
    args: { from, to: ISO },
    onFail: "keep" as const,
    evidence,
  };
  return [{ step, confidence: 0.95, intent: "restyle" }];
}

const CASES = ["lower", "upper", "title"] as const;

/** The letter case of a text; undefined for one without letters or of mixed case. */
export function letterCase(text: string): (typeof CASES)[number] | undefined {
  if (!/\p{L}/u.test(text)) return undefined;
  if (text === text.toLowerCase()) return "lower";
  if (text === text.toUpperCase()) return "upper";
  return /^(?:\p{Lu}[\p{Ll}\p{M}]*|[^\p{L}]+)+$/u.test(text) && !/\p{Ll}\p{Lu}/u.test(text)
    ? "title"
    : undefined;
}

/** A step that brings a category column to the letter case of most of its cells. */
function caseProposals(column: string, values: readonly ValueWithCount[]): Proposal[] {
  const filled = cells(values);
  const best = CASES.map((name) => ({
    name,
    count: cells(values.filter(({ value }) => letterCase(value) === name)),
  })).toSorted((a, b) => b.count - a.count)[0];
  if (!best || best.count < OWN_CASE * filled || best.count === filled) return [];
  const changes = values
    .filter(({ value }) => letterCase(value) !== best.name)
    .map(({ value, count }): Change => ({ old: value, new: inCase(value, best.name), count }))
    .filter((change) => change.old !== change.new);
  if (changes.length === 0) return [];
  const evidence = changeEvidence(
    `Most cells are in ${best.name} case; the others follow, by option.`,
    changes,
    { support: best.count },
  );
  const step = {
    operation: "change_case",
    columns: [column],
    args: { to: best.name },
    onFail: "keep" as const,
    evidence,
  };
  return [{ step, confidence: 0.9, intent: "restyle" }];
}

function inCase(text: string, to: (typeof CASES)[number]): string {
  if (to === "lower") return text.toLowerCase();
  if (to === "upper") return text.toUpperCase();
  return text
    .toLowerCase()
    .replaceAll(/(?<![\p{L}\p{M}'’])\p{L}/gu, (letter) => letter.toUpperCase());
}

async function proposeRestyling(context: GeneratorContext): Promise<Proposal[]> {
  const { dates, headers, case: letters } = context.options.restyle;
  const ofKind = (...kinds: string[]) =>
    context.profile.columns
      .filter(({ name, kind }) => kinds.includes(kind) && context.columns.includes(name))
      .map(({ name }) => name);
  const proposals: Proposal[] = [];
  if (dates)
    for (const { column, values } of await readValues(context, ofKind("date")))
      proposals.push(...dateProposals(column, values));
  if (letters)
    for (const { column, values, complete } of await readValues(context, ofKind("category"), {
      limit: 5_000,
    }))
      if (complete) proposals.push(...caseProposals(column, values));
  // Names change last: the steps before know the columns by the old ones.
  if (headers) proposals.push(...headerProposals(context.columns));
  return proposals;
}

/** Generator `restyle`. */
export const restyle = defineGenerator({
  name: "restyle",
  title: "Dates, letter case and column names in one style, where asked for",
  wave: "table",
  order: 90,
  propose: proposeRestyling,
});
