/** The different values of one column, counted by what they can be. */
import { byText } from "./input.ts";
import { maskOf } from "./mask.ts";
import { nullTokenCertainty } from "./null-tokens.ts";
import type { FormatCount, ValueCount } from "./profile.ts";
import { type Reading, readingOf, signatureOf } from "./reading.ts";

/** Values that are written alike. */
export interface Group {
  readonly reading: Reading;
  rows: number;
  /** The values themselves, trimmed, in no order; a value may stand twice if its outer space differs. */
  readonly values: ValueCount[];
}

export interface Token extends ValueCount {
  readonly certain: boolean;
}

export interface Tally {
  readonly groups: Map<string, Group>;
  readonly masks: Map<string, Group["values"]>;
  readonly tokens: Token[];
  /** Rows with a filled value, null tokens apart. */
  rows: number;
  /** True where there are too many different values to hold them: the groups hold some of theirs. */
  readonly many: boolean;
}

export function newTally(many = false): Tally {
  return { groups: new Map(), masks: new Map(), tokens: [], rows: 0, many };
}

/** Count a value of the column; `extra` are further spellings for "missing". */
export function tallyValue(tally: Tally, counted: ValueCount, extra: readonly string[]): void {
  const { value: text, count } = counted;
  const value = text.trim();
  if (value === "") return;
  const certainty = nullTokenCertainty(value, extra);
  if (certainty !== null) {
    tally.tokens.push({ value: text, count, certain: certainty === "certain" });
  } else tallyFilled(tally, value === text ? counted : { value, count });
  push(tally.masks, maskOf(text), counted);
}

/** Count a value that means what it says. */
export function tallyFilled(tally: Tally, counted: ValueCount): void {
  tallyReading(tally, readingOf(counted.value), counted);
}

/** Count a value that was read already. */
export function tallyReading(tally: Tally, reading: Reading, counted: ValueCount): void {
  const signature = signatureOf(reading);
  let group = tally.groups.get(signature);
  if (!group) tally.groups.set(signature, (group = { reading, rows: 0, values: [] }));
  group.rows += counted.count;
  group.values.push(counted);
  tally.rows += counted.count;
}

/** Count a shape that some rows have. */
export function tallyMask(tally: Tally, mask: string, value: ValueCount): void {
  push(tally.masks, mask, value);
}

function push(map: Map<string, ValueCount[]>, key: string, value: ValueCount): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Rows of the groups given. */
export function rowsOf(groups: readonly { readonly rows: number }[]): number {
  return groups.reduce((sum, { rows }) => sum + rows, 0);
}

/** More frequent first, ties in text order. */
export function byCount(a: ValueCount, b: ValueCount): number {
  return b.count - a.count || byText(a.value, b.value);
}

/** Values collected under a way of writing, as a profile tells it. */
export function formatCount(format: string, values: readonly ValueCount[]): FormatCount {
  let count = 0;
  const best: ValueCount[] = [];
  for (const value of values) {
    count += value.count;
    const last = best[4];
    if (last && byCount(value, last) >= 0) continue;
    if (best.some((known) => known.value === value.value)) continue;
    best.push(value);
    best.sort(byCount);
    if (best.length > 5) best.pop();
  }
  return { format, count, examples: best.map(({ value }) => value) };
}

/** Most frequent first, ties in text order, at most `limit`. */
export function mostFrequent(formats: readonly FormatCount[], limit: number): FormatCount[] {
  return formats
    .toSorted((a, b) => b.count - a.count || byText(a.format, b.format))
    .slice(0, limit);
}

/** Collect values by a key. */
export function collect(
  values: Iterable<ValueCount>,
  keyOf: (value: string) => string,
): Map<string, ValueCount[]> {
  const found = new Map<string, ValueCount[]>();
  for (const value of values) push(found, keyOf(value.value), value);
  return found;
}
