import { rm } from "node:fs/promises";
import { z } from "zod";
import { type Ask, identifier, literal, parquet, ROW, WranglerError } from "../../core/index.ts";
import { fileChunks } from "../load/file-chunks.ts";

/** Text fetched at once; what is held in memory is a few times this. */
const PAGE_BYTES = 4_000_000;
/** Text that the engine writes to a file at once. */
const FILE_BYTES = 400_000_000;
const MAX_PAGE_ROWS = 100_000;
/** Columns in one statement when cells are fetched one by one. */
const BATCH_COLUMNS = 500;

/** A staged table, and how large it is about. */
export interface Pages {
  readonly recordsPath: string;
  /** The highest record number in it. */
  readonly lastRow: number;
  readonly bytesPerRow: number;
  readonly ask: Ask;
  readonly signal: AbortSignal | undefined;
}

const Done = z.object({ done: z.number() });
const Page = z.object({ text: z.string().nullable() });
const Size = z.object({ lastRow: z.number(), bytes: z.number(), rows: z.number() });

/** Look at a staged table before it is paged through. */
export async function openPages(
  recordsPath: string,
  ask: Ask,
  signal?: AbortSignal,
): Promise<Pages> {
  const source = literal(recordsPath);
  const sql = `SELECT (SELECT coalesce(max(${identifier(ROW)}), 0) FROM read_parquet(${source})) AS "lastRow",
    CAST(coalesce(sum(total_uncompressed_size), 0) AS BIGINT) AS "bytes",
    CAST(coalesce(max(row_group_num_rows) * (max(row_group_id) + 1), 0) AS BIGINT) AS "rows"
    FROM parquet_metadata(${source})`;
  const [size] = await ask({ sql, row: Size }, signal);
  const { lastRow = 0, bytes = 0, rows = 1 } = size ?? {};
  // Dictionaries make a Parquet file far smaller than its text: a floor keeps pages bounded.
  const bytesPerRow = Math.max(200, (4 * bytes) / Math.max(1, rows));
  return { recordsPath, lastRow, bytesPerRow, ask, signal };
}

function* ranges(
  { lastRow, bytesPerRow }: Pages,
  pageBytes = PAGE_BYTES,
  maxRows = MAX_PAGE_ROWS,
): Generator<readonly [number, number]> {
  const step = Math.max(1, Math.min(maxRows, Math.floor(pageBytes / bytesPerRow)));
  for (let from = 1; from <= lastRow; from += step)
    yield [from, Math.min(lastRow, from + step - 1)];
}

/**
 * One text per page: `line` (an expression over the columns) of every row, joined by `separator`.
 *
 * @yields {string} the text of the next page that has rows
 */
export async function* textPages(
  pages: Pages,
  line: string,
  separator: string,
): AsyncGenerator<string> {
  const row = identifier(ROW);
  for (const [from, to] of ranges(pages)) {
    const sql = `SELECT string_agg(${line}, ${literal(separator)} ORDER BY ${row}) AS "text"
      FROM ${parquet(pages.recordsPath)} WHERE ${row} BETWEEN ${from} AND ${to}`;
    const [answer] = await pages.ask({ sql, row: Page }, pages.signal);
    if (answer?.text != null) yield answer.text;
  }
}

/**
 * The same as UTF-8, each line ended by a line feed: the engine writes many lines at once into
 * `path`, where a page at a time would read each of the table's row groups again and again.
 *
 * @yields {Buffer} the next bytes
 */
export async function* lineChunks(
  pages: Pages,
  line: string,
  path: string,
): AsyncGenerator<Buffer> {
  const { recordsPath, ask, signal } = pages;
  const row = identifier(ROW);
  try {
    for (const [from, to] of ranges(pages, FILE_BYTES, Number.POSITIVE_INFINITY)) {
      const select = `SELECT ${line} AS "line" FROM ${parquet(recordsPath)}
        WHERE ${row} BETWEEN ${from} AND ${to} ORDER BY ${row}`;
      // No quote character: a line goes to the file as it is.
      const copy = `COPY (${select}) TO ${literal(path)} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '')`;
      await ask({ setup: [copy], sql: `SELECT 1 AS "done"`, row: Done }, signal);
      yield* fileChunks(path, signal);
    }
  } finally {
    await rm(path, { force: true });
  }
}

/** A row of a staged table: its record number and its cells. */
export interface TableRow {
  readonly row: number;
  readonly values: (string | null)[];
}

const Cells = z.array(z.array(z.string().nullable()));

/**
 * The rows of a table in record order, page by page.
 *
 * @yields {TableRow[]} the rows of the next page that has some
 */
export async function* rowPages(
  pages: Pages,
  names: readonly string[],
): AsyncGenerator<readonly TableRow[]> {
  const wide = Math.max(1, names.length / 50);
  for (const range of ranges({ ...pages, bytesPerRow: pages.bytesPerRow * wide })) {
    const rows = await pageOfRows(pages, names, range);
    if (rows.length > 0) yield rows;
  }
}

async function pageOfRows(
  pages: Pages,
  names: readonly string[],
  [from, to]: readonly [number, number],
): Promise<TableRow[]> {
  let rows: TableRow[] | undefined;
  for (let start = 0; start < Math.max(1, names.length); start += BATCH_COLUMNS) {
    const batch = names.slice(start, start + BATCH_COLUMNS).map((name) => identifier(name));
    const row = identifier(ROW);
    const list = [`CAST(${row} AS VARCHAR)`, ...batch].join(", ");
    const sql = `SELECT string_agg(CAST(to_json([${list}]) AS VARCHAR), ',' ORDER BY ${row}) AS "text"
      FROM ${parquet(pages.recordsPath)} WHERE ${row} BETWEEN ${from} AND ${to}`;
    const [answer] = await pages.ask({ sql, row: Page }, pages.signal);
    const cells = Cells.parse(JSON.parse(`[${answer?.text ?? ""}]`));
    const part = cells.map(([number, ...values]) => ({ row: Number(number), values }));
    if (rows && rows.length !== part.length)
      throw new WranglerError("INTERNAL", `${pages.recordsPath} changed while it was read.`);
    if (rows)
      for (const [i, whole] of rows.entries()) whole.values.push(...(part[i]?.values ?? []));
    else rows = part;
  }
  return rows ?? [];
}
