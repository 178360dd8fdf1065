/** The Parquet file behind a source, where the source is nothing but that file. */
import { z } from "zod";
import { type Ask, identifier, ROW, type Sql } from "../core/index.ts";

/** A source that may be one file. */
export interface FileSource {
  readonly columns: readonly string[];
  readonly source: Sql;
  readonly ask: Ask;
  readonly signal?: AbortSignal;
}

const Field = z.object({ name: z.string(), type: z.string() });
const Disorder = z.object({ rows: z.number() });

/**
 * The path of the one Parquet file that a source consists of, when the file holds the row number
 * and the columns in their order, all of them text, and its rows in order; undefined otherwise.
 */
export async function sourceFile(asked: FileSource): Promise<string | undefined> {
  const { columns, source, ask, signal } = asked;
  const path = /^read_parquet\('((?:[^']|'')+)'\)$/.exec(source)?.[1]?.replaceAll("''", "'");
  // A path with these characters is a pattern of several paths.
  if (path === undefined || /[*?[{]/.test(path)) return undefined;
  const described = `SELECT column_name AS "name", column_type AS "type" FROM (DESCRIBE FROM ${source})`;
  const fields = await ask({ sql: described, row: Field }, signal);
  const names = [ROW, ...columns];
  const alike =
    fields.length === names.length &&
    fields.every(
      ({ name, type }, i) => name === names[i] && type === (i === 0 ? "BIGINT" : "VARCHAR"),
    );
  if (!alike) return undefined;
  const numbered = `${source.slice(0, -1)}, file_row_number = true)`;
  const sql = `SELECT count(*) AS "rows" FROM (SELECT ${identifier(ROW)} AS r,
    lag(${identifier(ROW)}) OVER (ORDER BY file_row_number) AS before FROM ${numbered}) WHERE r <= before`;
  const [disorder] = await ask({ sql, row: Disorder }, signal);
  return disorder?.rows === 0 ? path : undefined;
}
