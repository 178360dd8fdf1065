import { z } from "zod";
import {
  fileSha256,
  identifier,
  isWranglerError,
  literal,
  ROW,
  WranglerError,
} from "../../core/index.ts";
import { refuseTooWide } from "./column-limit.ts";
import { nameColumns } from "./column-names.ts";
import type { Part, PartRequest } from "./part.ts";
import { countAfter } from "./stage-writer.ts";

const Described = z.object({ column_name: z.string(), column_type: z.string() });
const Counted = z.object({ n: z.number() });
const NESTED = /\[|^(STRUCT|MAP|UNION|LIST|JSON)/;

/**
 * Read a Parquet file: every value as text, nested ones as JSON.
 *
 * @throws {WranglerError} INPUT_UNREADABLE when the file is damaged.
 */
export async function readParquetFile(request: PartRequest): Promise<Part> {
  const { ask, signal, contentPath, stagedPath, firstRow, path } = request;
  const source = literal(contentPath);
  const described = await ask(
    { sql: `DESCRIBE SELECT * FROM read_parquet(${source})`, row: Described },
    signal,
  ).catch((error: unknown) => {
    if (!isWranglerError(error) || error.code !== "ENGINE_QUERY_FAILED") throw error;
    throw new WranglerError(
      "INPUT_UNREADABLE",
      `${path} is no sound Parquet file: ${error.message}`,
      { path },
      { cause: error },
    );
  });
  await refuseTooWide(described.length, path, ask, signal);
  const columns = nameColumns(
    described.map(({ column_name }) => column_name),
    described.map(({ column_type }) => column_type),
  );
  const cells = described.map(({ column_name, column_type }, index) => {
    const value = identifier(column_name);
    const text = NESTED.test(column_type) ? `to_json(${value})` : value;
    const name = identifier(columns[index]?.name ?? column_name);
    return `nullif(CAST(${text} AS VARCHAR), '') AS ${name}`;
  });
  const number = `CAST(file_row_number + ${firstRow} AS BIGINT) AS ${identifier(ROW)}`;
  const select = `SELECT ${[number, ...cells].join(", ")} FROM read_parquet(${source}, file_row_number = true)`;
  const copy = `COPY (${select}) TO ${literal(stagedPath)} (FORMAT parquet)`;
  const rows = await countAfter(copy, stagedPath, ask, signal);
  // The file's own footer says how many rows it has: not the reader that staged them.
  const footer = `SELECT CAST(sum(num_rows) AS BIGINT) AS n FROM parquet_file_metadata(${source})`;
  const [own] = await ask({ sql: footer, row: Counted }, signal);
  if (own?.n !== rows)
    throw new WranglerError("ROW_BALANCE", `${path}: ${own?.n} rows in the file, ${rows} staged.`, {
      path,
    });
  return {
    file: {
      path,
      format: "parquet",
      sizeBytes: request.sizeBytes,
      sha256: request.sha256 ?? (await fileSha256(contentPath, signal)),
      records: rows,
      firstRow,
      dialect: null,
    },
    columns,
    rows,
    rejected: 0,
    accounting: {
      physicalLines: rows,
      headerLines: 0,
      recordLines: rows,
      blankLines: 0,
      skippedLines: 0,
    },
  };
}
