/** Cells of a time-of-day column that carry more than the time, or write it otherwise, in the column's own form. */
import { cellCount, type Change, changeEvidence } from "../../change-evidence.ts";
import { cells, type ColumnValues, type ValueWithCount } from "../../column-values.ts";
import type { Proposal } from "../../generator.ts";
import { nullTokenClass } from "../nulls/null-tokens.ts";
import { type Clock, type ClockForm, clockFormOf, clockInText, writeClock } from "./clock.ts";

/** Share of filled cells in the form that the others are brought to. */
const OWN_FORM = 0.6;
/** Share of filled cells with a time in them. */
const TIMES = 0.9;
const MAX_ENTRIES = 5_000;

/** A step that rewrites odd times of a column into the form of its majority. */
export function timeProposals({ column, values }: ColumnValues): Proposal[] {
  const meant = values.filter(({ value }) => value.trim() !== "" && !nullTokenClass(value));
  const filled = cells(meant);
  const own = ownForm(meant);
  if (!own || own.count < OWN_FORM * filled) return [];
  const odd = meant.filter(({ value }) => !own.follows(value.trim()));
  const twentyFour = shapesOfTwentyFour(odd);
  const changes: Record<"plain" | "noted", Change[]> = { plain: [], noted: [] };
  let withTime = own.count;
  for (const { value, count } of odd) {
    const clock = clockInText(value.trim());
    if (!clock) continue;
    withTime += count;
    const written = rewritten(clock, own.form, twentyFour.has(shape(value)));
    if (written !== undefined)
      changes[clock.noted ? "noted" : "plain"].push({ old: value.trim(), new: written, count });
  }
  if (withTime < TIMES * filled) return [];
  const share = `${((own.count / filled) * 100).toFixed(1)} % of the filled cells are times written like "${own.example}"`;
  const against = filled - withTime;
  return [
    ...rewriting(
      column,
      changes.plain,
      `${share}; {cells} hold one time with a date or note around it, or write it otherwise.`,
      own.count,
      against,
      0.95,
    ),
    ...rewriting(
      column,
      changes.noted,
      `${share}; {cells} hold one time and words beside it, which go.`,
      own.count,
      against,
      0.85,
    ),
  ];
}

function rewriting(
  column: string,
  changes: readonly Change[],
  because: string,
  support: number,
  counterExamples: number,
  confidence: number,
): Proposal[] {
  if (changes.length === 0 || changes.length > MAX_ENTRIES) return [];
  const map = changes.map(({ old, new: to }): [string | null, string | null] => [old, to]);
  const sentence = because.replace("{cells}", cellCount(cells(changes)));
  const evidence = changeEvidence(sentence, changes, { support, counterExamples });
  const step = {
    operation: "map_values",
    columns: [column],
    args: { map },
    onFail: "keep" as const,
    evidence,
  };
  return [{ step, confidence, intent: "repair" }];
}

interface OwnForm {
  readonly form: ClockForm;
  readonly count: number;
  readonly example: string;
  follows(text: string): boolean;
}

/** The most frequent form of whole times, padding apart. */
function ownForm(values: readonly ValueWithCount[]): OwnForm | undefined {
  const forms = new Map<
    string,
    { form: ClockForm; count: number; example: string; padded: number; bare: number }
  >();
  for (const { value, count } of values) {
    const form = clockFormOf(value.trim());
    if (!form) continue;
    const key = keyOf(form);
    const seen = forms.get(key) ?? { form, count: 0, example: value.trim(), padded: 0, bare: 0 };
    seen.count += count;
    if (form.padded) seen.padded += count;
    else if (/^\d:/.test(value.trim())) seen.bare += count;
    forms.set(key, seen);
  }
  const best = [...forms.values()].toSorted((a, b) => b.count - a.count)[0];
  if (!best) return undefined;
  const key = keyOf(best.form);
  return {
    form: { ...best.form, padded: best.padded > best.bare },
    count: best.count,
    example: best.example,
    follows(text) {
      const form = clockFormOf(text);
      return form !== undefined && keyOf(form) === key;
    },
  };
}

function keyOf({ seconds, gap, am }: ClockForm): string {
  return JSON.stringify([seconds, gap, am ?? null]);
}

/** Texts that differ only in digits. */
function shape(text: string): string {
  return text
    .trim()
    .replaceAll(/\d/g, "9")
    .replaceAll(/9{1,2}:/g, "9:");
}

/** Shapes of which some cell shows a 24-hour clock. */
function shapesOfTwentyFour(values: readonly ValueWithCount[]): Set<string> {
  const shapes = new Set<string>();
  for (const { value } of values) {
    const clock = clockInText(value.trim());
    if (clock && clock.sure && !/[ap]\.?m?\b|noon|night/i.test(value)) shapes.add(shape(value));
  }
  return shapes;
}

function rewritten(clock: Clock, form: ClockForm, twentyFour: boolean): string | undefined {
  // A 12-hour column needs the half of the day; a 24-hour one may take an hour as it stands.
  if (!clock.sure && form.am !== undefined && !twentyFour) return undefined;
  if (form.seconds && clock.second === undefined) return undefined;
  if (!form.seconds && clock.second !== undefined && clock.second !== 0) return undefined;
  return writeClock(clock, form);
}
