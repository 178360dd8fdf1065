/** Columns that identify rows, and rows that repeat another. */
import { z } from "zod";
import { identifier, type Sql } from "../../core/index.ts";
import { type Codes, combine, type RowCodes, rowCodes } from "./codes.ts";
import type { ColumnsPart } from "./column-part.ts";
import { byText, inBatches, type ProfilingInput } from "./input.ts";
import { Key, Profile } from "./profile.ts";

/** What the branch `keys` finds. */
export const KeysPart = z.object({
  keys: z.array(Key),
  duplicates: Profile.shape.duplicates,
});
export type KeysPart = z.infer<typeof KeysPart>;

/** A key may be broken in this share of the rows: dirt. */
const LEAST_SHARE = 0.9;
const LEAST_SHARE_OF_PAIR = 0.95;
/** Pairs that are counted on all rows, the likeliest first. */
const PAIRS_TRIED = 10;
const PAIRS_TRIED_OF_LARGE = 3;
const PAIRS = 5;
const COLUMNS_IN_PAIRS = 30;
/** With so many times more combinations than rows any two columns tell the rows apart, and mean nothing. */
const MOST_COMBINATIONS = 20;

const OnceRow = z.object({ once: z.int(), filled: z.int() });
const RepeatedRow = z.object({ rows: z.int(), groups: z.int() });

/**
 * Find keys of two columns and count repeated rows; keys of one column follow from the counts of
 * columns. `codes` may be shared with {@link findDependencies}.
 */
export async function findKeys(
  input: ProfilingInput,
  codes: () => Promise<RowCodes> = rowCodes(input),
): Promise<KeysPart> {
  const duplicates = await findDuplicates(input);
  return { keys: input.rows < 2 ? [] : await findPairs(input, await codes()), duplicates };
}

/** Keys of one column, best first. */
export function singleKeys(columns: ColumnsPart): Key[] {
  return columns
    .filter(({ rows, singletons }) => rows > 1 && singletons >= rows * LEAST_SHARE)
    .map(({ name, rows, nulls, singletons }) => ({
      columns: [name],
      share: singletons / rows,
      violations: rows - nulls - singletons,
    }))
    .toSorted((a, b) => b.share - a.share);
}

/**
 * Pairs of columns, neither of them a key, whose values just suffice to tell the rows apart. In a
 * large table they are only looked for when no single column does.
 */
async function findPairs(input: ProfilingInput, { columns, whole }: RowCodes): Promise<Key[]> {
  const unique = columns.some((column) => onceShare(column) === 1);
  if (!whole && unique) return [];
  const pairs = pairsOf(columns, input.rows, whole).slice(
    0,
    whole ? PAIRS_TRIED : PAIRS_TRIED_OF_LARGE,
  );
  const counted: Key[] = [];
  for (const names of pairs) {
    const [row] = await input.ask(
      { sql: countOnce(input.source, names), row: OnceRow },
      input.signal,
    );
    if (!row || row.once < input.rows * LEAST_SHARE_OF_PAIR) continue;
    counted.push({
      columns: names,
      share: row.once / input.rows,
      violations: row.filled - row.once,
    });
  }
  return counted.slice(0, PAIRS);
}

/** Pairs that tell the sampled rows apart, those with the fewest combinations first. */
function pairsOf(columns: readonly Codes[], rows: number, whole: boolean): string[][] {
  // Whether a column is nearly unique among all rows cannot be seen in a sample of them.
  const tooGood = whole ? LEAST_SHARE : 0.995;
  const parts = columns
    .filter((column) => column.size > 1 && onceShare(column) < tooGood)
    .toSorted((a, b) => b.size - a.size || byText(a.name, b.name))
    .slice(0, COLUMNS_IN_PAIRS)
    .toSorted((a, b) => columns.indexOf(a) - columns.indexOf(b));
  const least = columns[0]?.codes.length ?? 0;
  return parts
    .flatMap((a, index) => parts.slice(index + 1).map((b) => ({ a, b, size: a.size * b.size })))
    .filter(({ size }) => size >= least * LEAST_SHARE_OF_PAIR && size <= rows * MOST_COMBINATIONS)
    .toSorted((x, y) => x.size - y.size)
    .filter(({ a, b }) => onceShare(combine(a, b)) >= LEAST_SHARE_OF_PAIR)
    .map(({ a, b }) => [a.name, b.name]);
}

/** Share of rows whose value stands once. */
function onceShare({ codes, size }: Pick<Codes, "codes" | "size">): number {
  const counts = new Int32Array(size);
  for (const code of codes) if (code >= 0) counts[code]! += 1;
  return counts.reduce((once, count) => once + (count === 1 ? 1 : 0), 0) / (codes.length || 1);
}

/** How many rows have values in all the columns, and in how many these stand once (by 64 bits of hash). */
function countOnce(source: Sql, columns: readonly string[]): Sql {
  const names = columns.map((name) => identifier(name));
  const filled = names.map((name) => `${name} IS NOT NULL`).join(" AND ");
  return `SELECT count(*) FILTER ("n" = 1) AS "once", coalesce(sum("n"), 0)::BIGINT AS "filled"
  FROM (SELECT count(*) AS "n" FROM ${source} WHERE ${filled} GROUP BY hash(${names.join(", ")}))`;
}

const COLUMNS_PER_HASH = 50;

/**
 * Rows that repeat an earlier one. Where 64 bits of hash tell all rows apart none does; otherwise
 * they are counted by 128 bits.
 */
async function findDuplicates(input: ProfilingInput): Promise<KeysPart["duplicates"]> {
  const lists = inBatches(input.columns, COLUMNS_PER_HASH).map((batch) =>
    batch.map((name) => identifier(name)).join(", "),
  );
  const first = `hash(${lists.map((list) => `hash(${list})`).join(", ")})`;
  const second = `hash(${lists.map((list) => `hash('second', ${list})`).join(", ")})`;
  const found = await countRepeated(input, first);
  return found.rows === 0 ? found : countRepeated(input, `${first}, ${second}`);
}

async function countRepeated(input: ProfilingInput, hashes: Sql): Promise<KeysPart["duplicates"]> {
  const sql = `SELECT coalesce(sum("n" - 1), 0)::BIGINT AS "rows", count(*) AS "groups"
    FROM (SELECT count(*) AS "n" FROM ${input.source} GROUP BY ${hashes}) WHERE "n" > 1`;
  const [row] = await input.ask({ sql, row: RepeatedRow }, input.signal);
  return row ?? { rows: 0, groups: 0 };
}
