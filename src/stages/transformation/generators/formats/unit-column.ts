/** Quantities that are not written in the unit and spelling of the rest of their column. */
import { cellCount, type Change, changeEvidence } from "../../change-evidence.ts";
import { cells, type ColumnValues, type ValueWithCount } from "../../column-values.ts";
import type { Proposal } from "../../generator.ts";
import { nullTokenClass } from "../nulls/null-tokens.ts";
import { readNumeral } from "./numeral.ts";
import { secondsIn, spellingKey, writtenUnit } from "./units.ts";

/** Share of filled cells in the unit and spelling that the others are brought to. */
const OWN_FORM = 0.8;
const MAX_ENTRIES = 5_000;

/** How a column writes its quantities: `105 min`. */
interface UnitForm {
  readonly unit: string;
  readonly spelling: string;
  readonly gap: string;
}

/** A step that brings odd quantities to the column's own unit and spelling. */
export function unitProposals({ column, values }: ColumnValues): Proposal[] {
  const meant = values.filter(({ value }) => value.trim() !== "" && !nullTokenClass(value));
  const filled = cells(meant);
  const form = ownForm(meant, OWN_FORM * filled);
  if (!form) return [];
  const changes = meant.flatMap(({ value, count }): Change[] => {
    const written = inForm(value.trim(), form);
    return written === undefined || written === value.trim()
      ? []
      : [{ old: value.trim(), new: written, count }];
  });
  if (changes.length === 0 || changes.length > MAX_ENTRIES) return [];
  const map = changes.map(({ old, new: to }): [string | null, string | null] => [old, to]);
  return [
    {
      step: {
        operation: "map_values",
        columns: [column],
        args: { map },
        onFail: "keep",
        evidence: changeEvidence(
          `The column is written in "${form.spelling}"; ${cellCount(cells(changes))} give the same quantity in another unit or spelling.`,
          changes,
          { support: filled - cells(changes) },
        ),
      },
      confidence: 0.92,
      intent: "repair",
    },
  ];
}

function ownForm(values: readonly ValueWithCount[], fewest: number): UnitForm | undefined {
  const forms = new Map<string, { form: UnitForm; count: number }>();
  for (const { value, count } of values) {
    const suffix = /^[+-]?[\d.,]+(\s*)([^\d\s][^\d]*)$/.exec(value.trim());
    const written = suffix && writtenUnit(suffix[2] ?? "");
    if (!suffix || !written?.alone) continue;
    const form = { unit: written.unit, gap: suffix[1] ?? "", spelling: suffix[2] ?? "" };
    const key = `${form.gap}|${spellingKey(form.spelling)}`;
    const seen = forms.get(key) ?? { form, count: 0 };
    seen.count += count;
    forms.set(key, seen);
  }
  const best = [...forms.values()].toSorted((a, b) => b.count - a.count)[0];
  return best && best.count >= fewest ? best.form : undefined;
}

function inForm(text: string, form: UnitForm): string | undefined {
  const numeral = readNumeral(text);
  if (numeral && numeral.unit !== "") {
    const written = writtenUnit(numeral.unit);
    if (written?.unit === form.unit && written.alone) {
      if (spellingKey(numeral.unit) === spellingKey(form.spelling)) return undefined;
      return `${numeral.negative ? "-" : ""}${numeral.body}${form.gap}${form.spelling}`;
    }
  }
  const target = secondsIn(form.unit);
  const seconds = target === undefined ? undefined : durationSeconds(text);
  if (target === undefined || seconds === undefined || seconds % target !== 0) return undefined;
  return `${seconds / target}${form.gap}${form.spelling}`;
}

/** Seconds of a duration in words, `1 hr. 45 min.`; undefined unless all of the text is one, largest unit first. */
export function durationSeconds(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+)\s*(\p{L}+)\.?(?:\s*,|\s+and\b)?\s*/gu)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text) return undefined;
  let total = 0;
  let last = Number.POSITIVE_INFINITY;
  for (const [, digits = "", word = ""] of parts) {
    const unit = writtenUnit(word)?.unit;
    const size = unit === undefined ? undefined : secondsIn(unit);
    if (size === undefined || size >= last) return undefined;
    // 1 hr. 75 min. is no duration that anyone writes.
    if (last !== Number.POSITIVE_INFINITY && Number(digits) * size >= last) return undefined;
    total += Number(digits) * size;
    last = size;
  }
  return total;
}
