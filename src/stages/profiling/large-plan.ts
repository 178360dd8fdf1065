/** Which ways of writing to look for in a large column, from a sample of its rows. */
import { kindOf } from "./kind.ts";
import { numbersOf } from "./number-kind.ts";
import type { ValueCount } from "./profile.ts";
import { type Reading, readingOf } from "./reading.ts";
import { newTally, rowsOf, type Tally, tallyValue } from "./tally.ts";
import { type Bucket, exactShape, maskShape, shapeFor, type ValueShape } from "./value-shape.ts";

/** What to look for, and what cannot be told of the column by it. */
export interface LargePlan {
  readonly buckets: readonly Bucket[];
  /** False where shapes are too many to be counted. */
  readonly masksKnown: boolean;
  /** False where values of a kind have too many exact shapes to be counted. */
  readonly shapesKnown: boolean;
  /** Text or codes of letters: a spelling for "missing" may be written like them. */
  readonly wordy: boolean;
  readonly decimal: "." | ",";
}

const MAX_BUCKETS = 24;
/** Share of the sample that shapes must cover to be worth counting. */
const LEAST_COVERED = 0.9;

/** Decide by a sample what to look for; `extra` are further spellings for "missing". */
export function planLarge(sample: readonly ValueCount[], extra: readonly string[]): LargePlan {
  const seen = newTally(true);
  for (const value of sample) tallyValue(seen, value, extra);
  const { kind } = kindOf(seen);
  const wordy = kind === "text" || (kind === "code" && isWordy(seen));
  const plan = wordy ? planText(seen, sample, kind === "code") : planTyped(sample);
  return { ...plan, wordy, decimal: numbersOf([...seen.groups.values()]).decimal };
}

function isWordy({ groups, rows }: Tally): boolean {
  return (groups.get("other")?.rows ?? 0) >= rows * 0.5;
}

type Plan = Pick<LargePlan, "buckets" | "masksKnown" | "shapesKnown">;

/** Text is text however it is written: its most frequent shapes are counted, if they are few. */
function planText(seen: Tally, sample: readonly ValueCount[], code: boolean): Plan {
  const other: Reading = { is: "other" };
  const exact = code ? bucketsOf(sample, (value) => [exactShape(value), other]) : [];
  if (covers(exact, seen.rows)) return { buckets: exact, masksKnown: true, shapesKnown: true };
  const folded = bucketsOf(sample, (value) => {
    const shape = maskShape(value);
    return shape && [shape, other];
  });
  const known = covers(folded, seen.rows);
  return { buckets: known ? folded : [], masksKnown: known, shapesKnown: false };
}

function covers(buckets: readonly Bucket[], rows: number): boolean {
  const all = buckets.flatMap(({ values }) => values).reduce((sum, { count }) => sum + count, 0);
  return all >= rows * LEAST_COVERED;
}

function planTyped(sample: readonly ValueCount[]): Plan {
  const buckets = bucketsOf(sample, (value) => {
    const reading = readingOf(value);
    const shape = shapeFor(value, reading);
    return shape && [shape, reading];
  });
  const oneMask = buckets.every(({ reading }) => reading.is !== "email");
  return { buckets, masksKnown: oneMask, shapesKnown: true };
}

function bucketsOf(
  sample: readonly ValueCount[],
  read: (value: string) => readonly [ValueShape, Reading] | null,
): Bucket[] {
  const found = new Map<string, Bucket>();
  for (const counted of sample) {
    const shaped = counted.value === counted.value.trim() ? read(counted.value) : null;
    if (!shaped) continue;
    const [shape, reading] = shaped;
    const bucket = found.get(shape.pattern);
    if (bucket) bucket.values.push(counted);
    else found.set(shape.pattern, { ...shape, reading, values: [counted] });
  }
  const rows = new Map(
    [...found.values()].map((bucket) => [
      bucket,
      rowsOf(bucket.values.map(({ count }) => ({ rows: count }))),
    ]),
  );
  return [...found.values()]
    .toSorted((a, b) => (rows.get(b) ?? 0) - (rows.get(a) ?? 0) || (a.pattern < b.pattern ? -1 : 1))
    .slice(0, MAX_BUCKETS)
    .toSorted((a, b) => a.rank - b.rank);
}
