/** What the values of each column say: their counts and what they look like, read together. */
import { z } from "zod";
import { groupsToRead, MAX_VALUES, readSampled, readValues } from "./column-values.ts";
import {
  inBatches,
  type Placed,
  type ProfilingInput,
  sampleOf,
  workThrough,
  questionsAtOnce,
} from "./input.ts";
import { type LargeColumn, readLargeColumn } from "./large-column.ts";
import { patternsOf, PatternsPart } from "./pattern-part.ts";
import { ColumnProfile, type ValueCount } from "./profile.ts";
import { byCount } from "./tally.ts";
import { countValues } from "./value-counts.ts";

/** Counts of each column, in order. */
export const ColumnsPart = z.array(
  ColumnProfile.pick({
    name: true,
    position: true,
    rows: true,
    nulls: true,
    blanks: true,
    distinct: true,
    singletons: true,
    min: true,
    max: true,
    minLength: true,
    maxLength: true,
    meanLength: true,
    top: true,
  }),
);
export type ColumnsPart = z.infer<typeof ColumnsPart>;

/** What {@link profileValues} finds. */
export const ValuesPart = z.object({ columns: ColumnsPart, patterns: PatternsPart });
export type ValuesPart = z.infer<typeof ValuesPart>;

/** Rows that tell beforehand which columns have too many different values to hold. */
const SAMPLE = 8_000;
/** Share of different values in the sample from which a column is taken for one of them. */
const LARGE_SHARE = 0.8;

type Samples = ReadonlyMap<number, readonly ValueCount[]>;

/** Count every column's values and tell what they look like, by one look at each. */
export async function profileValues(input: ProfilingInput): Promise<ValuesPart> {
  const samples: Samples = input.rows > MAX_VALUES ? await readSamples(input) : new Map();
  const found = await workThrough(groupsToRead(input), questionsAtOnce(input), (group) =>
    profileGroup(input, group, samples),
  );
  return {
    columns: found.flatMap(({ columns }) => columns),
    patterns: found.flatMap(({ patterns }) => patterns),
  };
}

async function profileGroup(
  input: ProfilingInput,
  group: readonly Placed[],
  samples: Samples,
): Promise<ValuesPart> {
  const small = group.filter(({ position }) => !isLarge(samples.get(position)));
  const values = await readValues(input, small);
  const found: ValuesPart = { columns: [], patterns: [] };
  for (const column of group) {
    const { counts, patterns } = await profileColumn(
      input,
      column,
      values.get(column.position),
      samples.get(column.position) ?? [],
    );
    found.columns.push({ ...column, rows: input.rows, ...counts });
    found.patterns.push({ ...column, ...patterns });
  }
  return found;
}

async function profileColumn(
  input: ProfilingInput,
  column: Placed,
  values: readonly ValueCount[] | undefined,
  sample: readonly ValueCount[],
): Promise<LargeColumn> {
  const { topValues, nullTokens } = input.options;
  if (!values) return readLargeColumn(input, column.name, sample);
  return {
    counts: countValues(values, input.rows, topValues),
    patterns: patternsOf(values, nullTokens),
  };
}

function isLarge(sample: readonly ValueCount[] | undefined): boolean {
  const rows = sample?.reduce((sum, { count }) => sum + count, 0) ?? 0;
  return sample !== undefined && sample.length >= 1_000 && sample.length >= rows * LARGE_SHARE;
}

async function readSamples(input: ProfilingInput): Promise<Samples> {
  const condition = sampleOf(input, SAMPLE) || "true";
  const placed = input.columns.map((name, position) => ({ name, position }));
  const found = await workThrough(inBatches(placed, 50), questionsAtOnce(input), (batch) =>
    readSampled(input, batch, condition),
  );
  return new Map(
    found.flatMap((values) =>
      [...values].map(([position, some]) => [position, some.toSorted(byCount)] as const),
    ),
  );
}
