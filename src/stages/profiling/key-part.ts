/** Columns that identify rows, and rows that repeat another. */
import { z } from "zod";
import { identifier, type Sql } from "../../core/index.ts";
import { byText, batches, type ProfilingInput, inBatches } from "./input.ts";
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
const PAIRS = 5;
const PAIRS_TRIED = 50;
const COLUMNS_IN_PAIRS = 30;

const SinglesRow = z.object({ position: z.int(), distinct: z.int(), once: z.int(), filled: z.int() });
const DuplicatesRow = z.object({ rows: z.int(), groups: z.int() });

/** Find keys of one and two columns, and count repeated rows. */
export async function findKeys(input: ProfilingInput): Promise<KeysPart> {
  const duplicates = await findDuplicates(input);
  if (input.rows < 2) return { keys: [], duplicates };
  const singles = await countSingles(input);
  const keys = singles.flatMap(({ position, once, filled }) =>
    keyOf(input, [input.columns[position] ?? ""], once, filled, LEAST_SHARE),
  );
  const pairs = await findPairs(input, singles);
  return { keys: [...keys.toSorted(byShare), ...pairs], duplicates };
}

function keyOf(
  input: ProfilingInput,
  columns: string[],
  once: number,
  filled: number,
  leastShare: number,
): Key[] {
  const share = once / input.rows;
  return share < leastShare ? [] : [{ columns, share, violations: filled - once }];
}

function byShare(a: Key, b: Key): number {
  return b.share - a.share || byText(a.columns.join("\n"), b.columns.join("\n"));
}

type Single = z.infer<typeof SinglesRow>;

async function countSingles(input: ProfilingInput): Promise<Single[]> {
  const found: Single[] = [];
  for (const batch of batches(input)) {
    const sql = batch.map(({ name, position }) => countOnce(input.source, [name], position));
    const rows = await input.ask(
      { sql: `${sql.join("\nUNION ALL ")}\nORDER BY "position"`, row: SinglesRow },
      input.signal,
    );
    found.push(...rows);
  }
  return found;
}

/** Values of a column, or of several together, and how many rows hold one that stands once. */
function countOnce(source: Sql, columns: readonly string[], position: number): Sql {
  const names = columns.map((name) => identifier(name));
  const filled = names.map((name) => `${name} IS NOT NULL`).join(" AND ");
  return `SELECT ${position} AS "position", count(*) AS "distinct",
    count(*) FILTER ("n" = 1) AS "once", coalesce(sum("n"), 0)::BIGINT AS "filled"
  FROM (SELECT count(*) AS "n" FROM ${source} WHERE ${filled} GROUP BY ${names.join(", ")})`;
}

/**
 * Pairs of columns, neither of them a key, whose values just suffice to tell the rows apart: of two
 * columns with very many values each, any pair would do, and mean nothing.
 */
async function findPairs(input: ProfilingInput, singles: readonly Single[]): Promise<Key[]> {
  const parts = singles
    .filter(({ distinct, once }) => distinct > 1 && once < input.rows * LEAST_SHARE)
    .toSorted((a, b) => b.distinct - a.distinct || a.position - b.position)
    .slice(0, COLUMNS_IN_PAIRS);
  const pairs = parts
    .flatMap((a) =>
      parts
        .filter((b) => b.position > a.position && a.distinct * b.distinct >= input.rows)
        .map((b) => ({ a, b })),
    )
    .toSorted(
      (x, y) =>
        x.a.distinct * x.b.distinct - y.a.distinct * y.b.distinct ||
        x.a.position - y.a.position ||
        x.b.position - y.b.position,
    )
    .slice(0, PAIRS_TRIED);
  if (pairs.length === 0) return [];
  const named = pairs.map(({ a, b }) => [a, b].map(({ position }) => input.columns[position] ?? ""));
  const sql = named.map((columns, index) => countOnce(input.source, columns, index));
  const rows = await input.ask(
    { sql: `${sql.join("\nUNION ALL ")}\nORDER BY "position"`, row: SinglesRow },
    input.signal,
  );
  return rows
    .flatMap(({ position, once, filled }) =>
      keyOf(input, named[position] ?? [], once, filled, LEAST_SHARE_OF_PAIR),
    )
    .slice(0, PAIRS);
}

const COLUMNS_PER_HASH = 50;

/** Rows that repeat an earlier one: told apart by 128 bits of hash over all columns. */
async function findDuplicates(input: ProfilingInput): Promise<KeysPart["duplicates"]> {
  const lists = inBatches(input.columns, COLUMNS_PER_HASH).map((batch) =>
    batch.map((name) => identifier(name)).join(", "),
  );
  const first = lists.map((list) => `hash(${list})`).join(", ");
  const second = lists.map((list) => `hash('second', ${list})`).join(", ");
  const sql = `SELECT coalesce(sum("n" - 1), 0)::BIGINT AS "rows", count(*) AS "groups"
    FROM (SELECT count(*) AS "n" FROM ${input.source} GROUP BY hash(${first}), hash(${second}))
    WHERE "n" > 1`;
  const [row] = await input.ask({ sql, row: DuplicatesRow }, input.signal);
  return row ?? { rows: 0, groups: 0 };
}
