import { z } from "zod";
import {
  type Column,
  identifier,
  isWranglerError,
  literal,
  parquet,
  ROW,
} from "../../core/index.ts";
import type { Pages } from "./row-pages.ts";

const BATCH_COLUMNS = 50;
const Checks = z.record(z.string(), z.boolean());
const Done = z.object({ rows: z.number() });

/** Write a staged table as Parquet; a column gets its source's type back when all its values have it. */
export async function writeParquet(
  aside: string,
  pages: Pages,
  columns: readonly Column[],
): Promise<void> {
  const typed = new Set<string>();
  const candidates = columns.filter(
    ({ sourceType }) => sourceType !== null && sourceType !== "VARCHAR",
  );
  for (let start = 0; start < candidates.length; start += BATCH_COLUMNS)
    for (const name of await castable(pages, candidates.slice(start, start + BATCH_COLUMNS)))
      typed.add(name);
  const cells = columns.map((column) =>
    typed.has(column.name)
      ? `${castOf(column, "CAST")} AS ${identifier(column.name)}`
      : identifier(column.name),
  );
  const select = `SELECT ${cells.join(", ")} FROM ${parquet(pages.recordsPath)} ORDER BY ${identifier(ROW)}`;
  const copy = `COPY (${select}) TO ${literal(aside)} (FORMAT parquet, COMPRESSION zstd)`;
  const sql = `SELECT count(*) AS "rows" FROM ${parquet(aside)}`;
  await pages.ask({ setup: [copy], sql, row: Done }, pages.signal);
}

/** Names of the columns whose every value is one of the column's source type. */
async function castable(pages: Pages, columns: readonly Column[]): Promise<string[]> {
  const tests = columns.map((column, index) => {
    const cell = identifier(column.name);
    const value = castOf(column, "TRY_CAST");
    // A whole number must keep its spelling too: 007 is not 7.
    const whole = /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(column.sourceType ?? "");
    const lost = whole ? `CAST(${value} AS VARCHAR) IS DISTINCT FROM ${cell}` : `${value} IS NULL`;
    return `count(*) FILTER (${cell} IS NOT NULL AND (${lost})) = 0 AS "c${index}"`;
  });
  const sql = `SELECT ${tests.join(", ")} FROM ${parquet(pages.recordsPath)}`;
  try {
    const [answer = {}] = await pages.ask({ sql, row: Checks }, pages.signal);
    return columns.filter((_, index) => answer[`c${index}`]).map(({ name }) => name);
  } catch (error) {
    if (!isWranglerError(error) || error.code !== "ENGINE_QUERY_FAILED") throw error;
    // A type that text cannot be cast to: found by asking for each alone; alone it stays text.
    if (columns.length === 1) return [];
    const alone: string[] = [];
    for (const column of columns) alone.push(...(await castable(pages, [column])));
    return alone;
  }
}

function castOf({ name, sourceType }: Column, cast: "CAST" | "TRY_CAST"): string {
  const nested = /\[|^(STRUCT|MAP|UNION)/.test(sourceType ?? "");
  const cell = nested ? `CAST(${identifier(name)} AS JSON)` : identifier(name);
  return `${cast}(${cell} AS ${sourceType})`;
}
