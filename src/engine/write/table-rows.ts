import { z } from "zod";
import { type Ask, identifier, ROW } from "../../core/index.ts";
import { lineChunks, openPages, type Pages, rowPages, type TableRow } from "./row-pages.ts";

/** Above this many columns rows are fetched page by page, a few columns at a time. */
const MAX_ENGINE_COLUMNS = 200;
const LINE_FEED = 0x0a;

/** A staged table whose rows are wanted. */
export interface RowsRequest {
  readonly recordsPath: string;
  /** Columns, in order. */
  readonly names: readonly string[];
  /** Where the engine may write; there is nothing left of it afterwards. */
  readonly tempPath: string;
  readonly ask: Ask;
  readonly signal?: AbortSignal;
}

const Cells = z.array(z.string().nullable());

/**
 * The rows of a staged table in record order, about a megabyte of them at a time: the engine goes
 * through the table once, however long it is.
 *
 * @yields {TableRow[]} the next rows
 * @throws {WranglerError} CANCELED, or what the engine throws.
 */
export async function* tableRows(request: RowsRequest): AsyncGenerator<readonly TableRow[]> {
  const { recordsPath, names, ask, signal } = request;
  const pages = await openPages(recordsPath, ask, signal);
  if (names.length > MAX_ENGINE_COLUMNS) yield* rowPages(pages, names);
  else yield* lineRows(pages, request);
}

async function* lineRows(
  pages: Pages,
  { names, tempPath }: RowsRequest,
): AsyncGenerator<readonly TableRow[]> {
  const cells = [`CAST(${identifier(ROW)} AS VARCHAR)`, ...names.map((name) => identifier(name))];
  const line = `CAST(to_json([${cells.join(", ")}]) AS VARCHAR)`;
  let rest: Buffer[] = [];
  for await (const chunk of lineChunks(pages, line, tempPath)) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end === 0) {
      rest.push(chunk);
      continue;
    }
    const text = Buffer.concat([...rest, chunk.subarray(0, end)]).toString("utf8");
    rest = [chunk.subarray(end)];
    yield text
      .split("\n")
      .slice(0, -1)
      .map((json) => rowOf(json));
  }
}

function rowOf(json: string): TableRow {
  const [number, ...values] = Cells.parse(JSON.parse(json));
  return { row: Number(number), values };
}
