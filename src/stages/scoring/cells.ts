/**
 * What is in a table's cells: filled or missing, and written in the column's own language or not.
 *
 * The language of a column is taken from the table at hand, so that writing all of a column in
 * another form gains nothing: only a mixed column can become purer.
 *
 * @module
 */
import { z } from "zod";
import { type Ask, identifier, literal, literals, ROW, type Sql } from "../../core/index.ts";
import type { ColumnProfile, Profile } from "../profiling/index.ts";
import { columnLanguage } from "./language.ts";

/** Columns of one statement. */
const COLUMNS_PER_STATEMENT = 25;
/** Up to this many cells a copy in memory costs less than opening a wide file once for each column. */
const CELLS_WORTH_COPYING = 2_000_000;
/** Columns with more values than this are judged by every k-th row. */
const MAX_VALUES = 200_000;

/** What is in a column's cells. */
export interface ColumnCells {
  readonly name: string;
  /** Cells with a value, null tokens apart. */
  readonly filled: number;
  /** Cells with a spelling of "missing" or white space only. */
  readonly tokens: number;
  /** Filled cells written in the column's language. */
  readonly valid: number;
}

/** What is in a table's cells. */
export interface TableCells {
  readonly rows: number;
  readonly columns: readonly ColumnCells[];
}

const Rows = z.object({ rows: z.number() });
const Counts = z.object({
  name: z.string(),
  filled: z.number(),
  tokens: z.number(),
  judged: z.number(),
  valid: z.number(),
});

/** Count the cells of a table. Columns that the profile does not know are taken as texts. */
export async function tableCells(
  from: Sql,
  columns: readonly string[],
  profile: Profile,
  ask: Ask,
  signal: AbortSignal | undefined,
): Promise<TableCells> {
  const [size] = await ask({ sql: `SELECT count(*) AS "rows" FROM ${from}`, row: Rows }, signal);
  const rows = size?.rows ?? 0;
  const found: ColumnCells[] = [];
  for (let at = 0; at < columns.length; at += COLUMNS_PER_STATEMENT) {
    const some = columns.slice(at, at + COLUMNS_PER_STATEMENT);
    const copied = rows * some.length <= CELLS_WORTH_COPYING;
    const list = [ROW, ...some].map((name) => identifier(name)).join(", ");
    const setup = copied ? [`CREATE TEMP TABLE scored AS SELECT ${list} FROM ${from}`] : [];
    const parts = some.map((name) => {
      const known = profile.columns.find((column) => column.name === name);
      return columnSql(name, copied ? "scored" : from, known);
    });
    const counts = await ask({ setup, sql: parts.join(" UNION ALL "), row: Counts }, signal);
    for (const { name, filled, tokens, judged, valid } of counts)
      found.push({ name, filled, tokens, valid: scaled(valid, judged, filled) });
  }
  const inOrder = columns.flatMap((name) => found.find((column) => column.name === name) ?? []);
  return { rows, columns: inOrder };
}

/** Tables as loaded whose cells are remembered; the oldest leave first. */
const MAX_TABLES = 16;

const loaded = new Map<string, Promise<TableCells>>();

/** The cells of a table as loaded, counted once within the process for all of its candidates. */
export async function cellsAsLoaded(...asked: Parameters<typeof tableCells>): Promise<TableCells> {
  const [from, columns, { fingerprint }] = asked;
  const key = JSON.stringify([fingerprint, from, columns]);
  // Whoever asked first may have been stopped: that is not this candidate's failure.
  const known = loaded.get(key);
  const answer = known && (await known.catch(() => undefined));
  if (answer) return answer;
  const counted = tableCells(...asked);
  loaded.set(key, counted);
  counted.catch(() => loaded.delete(key));
  for (const oldest of loaded.keys()) {
    if (loaded.size <= MAX_TABLES) break;
    loaded.delete(oldest);
  }
  return counted;
}

/** A table's cells, in the order of `names`, from those that were counted and those of the table before. */
export function withUntouched(
  counted: TableCells,
  before: TableCells,
  names: readonly string[],
): TableCells {
  const cells = new Map(before.columns.map((column) => [column.name, column]));
  for (const column of counted.columns) cells.set(column.name, column);
  return { rows: counted.rows, columns: names.flatMap((name) => cells.get(name) ?? []) };
}

/** `part` of `judged`, as if all of `filled` had been judged. */
function scaled(part: number, judged: number, filled: number): number {
  return judged === 0 || judged === filled ? part : Math.round((part / judged) * filled);
}

function columnSql(name: string, from: Sql, profile: ColumnProfile | undefined): Sql {
  const value = identifier(name);
  const tokens = profile?.nullTokens.map((token) => token.value) ?? [];
  const isToken =
    tokens.length === 0
      ? `trim("v") = ''`
      : `(trim("v") = '' OR "v" IN ${literals(tokens)} OR trim("v") IN ${literals(tokens)})`;
  const every = Math.ceil((profile?.distinct ?? 0) / MAX_VALUES);
  const judged = every > 1 ? `count(*) FILTER (${identifier(ROW)} % ${every} = 0)` : "count(*)";
  const values = `SELECT *, ${isToken} AS "token" FROM (
    SELECT ${value} AS "v", count(*) AS "all", ${judged} AS "n" FROM ${from} WHERE ${value} IS NOT NULL GROUP BY 1)`;
  const language = columnLanguage(
    profile,
    `(SELECT "v", "n" FROM d WHERE NOT "token" AND "n" > 0)`,
  );
  return `SELECT * FROM (WITH d AS (${values})
    SELECT ${literal(name)} AS "name",
      coalesce(sum("all") FILTER (NOT "token"), 0)::BIGINT AS "filled",
      coalesce(sum("all") FILTER ("token"), 0)::BIGINT AS "tokens",
      coalesce(sum("n") FILTER (NOT "token"), 0)::BIGINT AS "judged",
      coalesce((${language}), 0)::BIGINT AS "valid" FROM d)`;
}
