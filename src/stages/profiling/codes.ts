/** Columns as whole numbers: equal values of a column have equal codes. */
import { z } from "zod";
import { identifier, type Sql } from "../../core/index.ts";
import type { ProfilingInput } from "./input.ts";

/** A column's rows as codes from 0; -1 is empty. */
export interface Codes {
  readonly name: string;
  readonly codes: Int32Array;
  /** Different values. */
  readonly size: number;
}

const HashesRow = z.object({ hashes: z.array(z.array(z.number().nullable()).nullable()) });

/** 52 bits are exact in a double; two of the values of a sample share them once in many million tables. */
const HASH_MASK = 2 ** 52 - 1;

/**
 * The rows of a relation as codes, for at most 50 columns. `rows` is a condition, or "" for all. Codes
 * of one row have the same place in each column, but the order of rows is open.
 */
export async function readCodes(
  input: ProfilingInput,
  columns: readonly string[],
  rows: Sql = "",
): Promise<Codes[]> {
  const hashes = columns.map(
    (name) =>
      `list(CASE WHEN ${identifier(name)} IS NOT NULL THEN (hash(${identifier(name)}) & ${HASH_MASK})::DOUBLE END)`,
  );
  const where = rows === "" ? "" : ` WHERE ${rows}`;
  const sql = `SELECT [${hashes.join(", ")}] AS "hashes" FROM ${input.source}${where}`;
  const [answer] = await input.ask({ sql, row: HashesRow }, input.signal);
  return columns.map((name, index) => ({ name, ...dense(answer?.hashes[index] ?? []) }));
}

function dense(hashes: readonly (number | null)[]): Omit<Codes, "name"> {
  const known = new Map<number, number>();
  const codes = Int32Array.from(hashes, (hash) => {
    if (hash === null) return -1;
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
