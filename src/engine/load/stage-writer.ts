import { createWriteStream, type WriteStream } from "node:fs";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { finished } from "node:stream/promises";
import { z } from "zod";
import { type Ask, type Column, literal, ROW } from "../../core/index.ts";

const FLUSH_CHARACTERS = 1 << 20;
/** DuckDB's own limit for one line; it reserves a multiple of what is asked, so ask only when needed. */
const DEFAULT_LINE_BYTES = 2_000_000;

/** Rows of text on their way into Parquet: a normal CSV file that the engine then reads. */
export class RowFile {
  readonly path: string;
  readonly #stream: WriteStream;
  #text = "";
  #rows = 0;
  #longest = 0;
  #failure: Error | undefined;

  constructor(path: string) {
    this.path = path;
    this.#stream = createWriteStream(path);
    this.#stream.on("error", (error) => {
      this.#failure = error;
    });
  }

  get rows(): number {
    return this.#rows;
  }

  /** Add a row; empty cells become NULL. Await the result when it is a promise: the disk is behind. */
  add(cells: readonly (string | number | null | undefined)[]): Promise<void> | undefined {
    let line = "";
    for (let i = 0; i < cells.length; i++) {
      if (i > 0) line += ",";
      const cell = cells[i];
      if (cell === null || cell === undefined || cell === "") continue;
      if (typeof cell === "number") line += cell;
      else line += cell.includes('"') ? `"${cell.replaceAll('"', '""')}"` : `"${cell}"`;
    }
    this.#rows++;
    this.#longest = Math.max(this.#longest, line.length);
    this.#text += `${line}\n`;
    return this.#text.length >= FLUSH_CHARACTERS ? this.#flush() : undefined;
  }

  /** Finish the file. */
  async close(): Promise<void> {
    await this.#flush();
    this.#stream.end();
    await finished(this.#stream);
  }

  /** The file as a relation of VARCHAR columns, and whole numbers where `whole` names them. */
  relation(names: readonly string[], whole: readonly string[] = []): string {
    const columns = names
      .map((name) => `${literal(name)}: '${whole.includes(name) ? "BIGINT" : "VARCHAR"}'`)
      .join(", ");
    // A character takes up to three bytes per UTF-16 unit.
    const lineBytes = this.#longest * 3 + 16;
    const limit = lineBytes > DEFAULT_LINE_BYTES ? `, max_line_size = ${lineBytes}` : "";
    return `read_csv(${literal(this.path)}, auto_detect = false, header = false, delim = ',',
      quote = '"', escape = '"', new_line = '\\n', columns = {${columns}}${limit})`;
  }

  async remove(): Promise<void> {
    this.#stream.destroy();
    await rm(this.path, { force: true });
  }

  async #flush(): Promise<void> {
    if (this.#failure) throw this.#failure;
    const text = this.#text;
    this.#text = "";
    if (text !== "" && !this.#stream.write(text)) await once(this.#stream, "drain");
  }
}

/** Turn a file of (row number, cells…) into a staged table; the number of rows in it. */
export async function stageRows(
  file: RowFile,
  columns: readonly Column[],
  path: string,
  ask: Ask,
  signal?: AbortSignal,
): Promise<number> {
  const names = [ROW, ...columns.map(({ name }) => name)];
  // No projection: with thousands of columns every further copy of a chunk takes hundreds of megabytes.
  const copy = `COPY (FROM ${file.relation(names, [ROW])}) TO ${literal(path)} (FORMAT parquet)`;
  return countAfter(copy, path, ask, signal);
}

const Counted = z.object({ rows: z.number() });

/** Run a COPY and count what it wrote. */
export async function countAfter(
  copy: string,
  path: string,
  ask: Ask,
  signal?: AbortSignal,
): Promise<number> {
  const sql = `SELECT count(*) AS "rows" FROM read_parquet(${literal(path)})`;
  const [answer] = await ask({ setup: [copy], sql, row: Counted }, signal);
  return answer?.rows ?? 0;
}
