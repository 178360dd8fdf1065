/** Columns as whole numbers: equal values of a column have equal codes. */
import { z } from "zod";
import { identifier, type Sql } from "../../core/index.ts";
import { jsonListOf } from "./column-values.ts";
import { inBatches, type ProfilingInput, sampleOf } from "./input.ts";

/** A column's rows as codes from 0; -1 is empty. */
export interface Codes {
  readonly name: string;
  readonly codes: Int32Array;
  /** Different values. */
  readonly size: number;
}

const HashesRow = z.object({ place: z.int(), hashes: z.array(jsonListOf<number>()) });

/** Columns of a wider table that are looked at. */
const MAX_COLUMNS = 50;
/** Rows of a large table whose codes are read. */
export const SAMPLE = 50_000;
/** Codes that one answer may hold. */
const CODES_AT_ONCE = 2_000_000;

/** 52 bits are exact in a double; two of the values of a sample share them once in many million tables. */
const HASH_MASK = 2 ** 52 - 1;

/** The codes of all rows, or of a sample of them; of the first columns. */
export interface RowCodes {
  readonly columns: readonly Codes[];
  /** Whether these are all rows. */
  readonly whole: boolean;
}

/** Reads {@link RowCodes} when they are first asked for; the next who asks is given the same. */
export function rowCodes(input: ProfilingInput): () => Promise<RowCodes> {
  let codes: Promise<RowCodes> | undefined;
  return () => (codes ??= readRowCodes(input));
}

async function readRowCodes(input: ProfilingInput): Promise<RowCodes> {
  const condition = sampleOf(input, SAMPLE);
  const names = input.columns.slice(0, MAX_COLUMNS);
  const [columns = []] = await readCodes(input, names, [condition || "true"]);
  return { columns, whole: condition === "" };
}

/**
 * The rows that meet each of some conditions as codes, for at most 50 columns. Codes of one row have
 * the same place in each column, but the order of rows is open.
 */
export async function readCodes(
  input: ProfilingInput,
  columns: readonly string[],
  conditions: readonly Sql[],
): Promise<Codes[][]> {
  const fitting = Math.max(1, Math.floor(CODES_AT_ONCE / SAMPLE / Math.max(1, columns.length)));
  const found: Codes[][] = [];
  for (const batch of inBatches(conditions, fitting)) {
    const rows = await input.ask(
      { ...codesSql(input, columns, batch), row: HashesRow },
      input.signal,
    );
    for (const { hashes } of rows.toSorted((a, b) => a.place - b.place)) {
      found.push(columns.map((name, index) => ({ name, ...dense(hashes[index] ?? []) })));
    }
  }
  return found;
}

function codesSql(
  input: ProfilingInput,
  columns: readonly string[],
  conditions: readonly Sql[],
): { readonly setup: Sql[]; readonly sql: Sql } {
  const names = columns.map((name) => identifier(name));
  const hashes = names.map(
    (name) =>
      `list(CASE WHEN ${name} IS NULL THEN -1 ELSE (hash(${name}) & ${HASH_MASK})::BIGINT END)::VARCHAR`,
  );
  const select = (from: Sql, condition: Sql, place: number) =>
    `SELECT ${place} AS "place", [${hashes.join(", ")}] AS "hashes" FROM ${from} WHERE ${condition}`;
  if (conditions.length === 1) {
    return { setup: [], sql: select(input.source, conditions[0] ?? "true", 0) };
  }
  const any = conditions.map((condition) => `(${condition})`).join(" OR ");
  return {
    setup: [
      `CREATE TEMP TABLE chosen AS SELECT ${names.join(", ")} FROM ${input.source} WHERE ${any}`,
    ],
    sql: conditions
      .map((condition, place) => select("chosen", condition, place))
      .join("\nUNION ALL "),
  };
}

function dense(hashes: readonly number[]): Omit<Codes, "name"> {
  const known = new Map<number, number>();
  const codes = Int32Array.from(hashes, (hash) => {
    if (hash < 0) return -1;
    let code = known.get(hash);
    if (code === undefined) known.set(hash, (code = known.size));
    return code;
  });
  return { codes, size: known.size };
}

/** Two columns as one: a code for each pair of values that occurs, empty where either is. */
export function combine(a: Codes, b: Codes): Omit<Codes, "name"> {
  const known = new Map<number, number>();
  const codes = a.codes.map((left, row) => {
    const right = b.codes[row] ?? -1;
    if (left < 0 || right < 0) return -1;
    const pair = left * b.size + right;
    let code = known.get(pair);
    if (code === undefined) known.set(pair, (code = known.size));
    return code;
  });
  return { codes, size: known.size };
}
