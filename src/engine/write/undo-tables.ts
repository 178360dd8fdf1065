import { join } from "node:path";
import { z } from "zod";
import {
  type Ask,
  type Dataset,
  identifier,
  literal,
  type Manifest,
  parquet,
  ROW,
  WranglerError,
} from "../../core/index.ts";
import { REJECT_CODES } from "../load/side-tables.ts";
import { openPages, rowPages } from "./row-pages.ts";

/** The files of a run that `undo` reads. */
export interface UndoFiles {
  readonly changesPath: string;
  readonly quarantinePath: string;
  readonly duplicatesPath: string;
}

const PAGE_ROWS = 5_000;
const MAX_PAGE_CELLS = 500_000;
const Text = z.object({ text: z.string().nullable() });
const Count = z.object({ n: z.number() });
const Cells = z.array(z.array(z.string().nullable()));

/** An input record as it was: its cells, or its bytes where it could not be read as a row. */
export type Restored =
  | { readonly row: number; readonly values: readonly (string | null)[] }
  | { readonly row: number; readonly raw: Buffer };

/** Counts of what was brought back. */
export interface RestoredCount {
  cells: number;
  rows: number;
}

/** Gives the input's records back in order, and checks the change log against the table on the way. */
export class UndoTables {
  readonly count: RestoredCount = { cells: 0, rows: 0 };
  readonly #dataset: Dataset;
  readonly #outNames: readonly string[];
  readonly #files: UndoFiles;
  readonly #ask: Ask;
  readonly #signal: AbortSignal | undefined;
  readonly #keptPath: string;

  constructor(
    manifest: Manifest,
    files: UndoFiles,
    folder: string,
    ask: Ask,
    signal?: AbortSignal,
  ) {
    this.#dataset = manifest.dataset;
    this.#outNames = manifest.columnsOut.map(({ name }) => name);
    this.#files = files;
    this.#ask = ask;
    this.#signal = signal;
    this.#keptPath = join(folder, "kept.parquet");
  }

  /**
   * Give the rows of the cleaned table their record numbers: those that were not removed, in order.
   *
   * @throws {WranglerError} UNDO_MISMATCH when there are more or fewer rows than record numbers.
   */
  async number(
    cleanedPath: string,
    cleanedRows: number,
    cleanedNames: readonly string[],
  ): Promise<void> {
    const { records } = this.#dataset;
    const removed = `SELECT "row" FROM ${this.#removedRows()} UNION SELECT "row" FROM ${parquet(this.#files.duplicatesPath)}`;
    const kept = `SELECT r AS "record", row_number() OVER (ORDER BY r) AS "place"
      FROM range(1, ${records + 1}) AS t(r) WHERE r NOT IN (${removed})`;
    const [found] = await this.#ask(
      { sql: `SELECT count(*) AS n FROM (${kept})`, row: Count },
      this.#signal,
    );
    if (found?.n !== cleanedRows)
      throw mismatch(
        `The cleaned table has ${cleanedRows} rows; by the records it should have ${found?.n}.`,
      );
    // The table is read by position: the file's own headers may be empty or stand twice.
    const cells = this.#outNames.map(
      (name, i) => `c.${identifier(cleanedNames[i] ?? name)} AS ${identifier(name)}`,
    );
    const select = `SELECT CAST(k."record" AS BIGINT) AS ${identifier(ROW)}, ${cells.join(", ")}
      FROM (${kept}) AS k JOIN ${parquet(cleanedPath)} AS c ON c.${identifier(ROW)} = k."place"
      ORDER BY 1`;
    const copy = `COPY (${select}) TO ${literal(this.#keptPath)} (FORMAT parquet)`;
    await this.#ask({ setup: [copy], sql: "SELECT 1 AS n", row: Count }, this.#signal);
  }

  /**
   * All input records in order.
   *
   * @yields {Restored} the next record
   */
  async *records(): AsyncGenerator<Restored> {
    const { records, columns } = this.#dataset;
    const step = Math.max(1, Math.min(PAGE_ROWS, Math.floor(MAX_PAGE_CELLS / columns.length)));
    const pages = await openPages(this.#keptPath, this.#ask, this.#signal);
    for (let from = 1; from <= records; from += step) {
      const to = Math.min(records, from + step - 1);
      const page = new Map<number, Restored>();
      const range = { ...pages, firstRow: from, lastRow: to };
      await this.#removed(page, from, to);
      await this.#kept(page, rowPages(range, this.#outNames), from, to);
      for (let row = from; row <= to; row++) {
        const record = page.get(row);
        if (!record) throw mismatch(`Record ${row} is in none of the tables.`);
        yield record;
      }
    }
  }

  async #kept(
    page: Map<number, Restored>,
    pages: ReturnType<typeof rowPages>,
    from: number,
    to: number,
  ): Promise<void> {
    const changes = await this.#changes(from, to);
    const places = new Map(this.#outNames.map((name, index) => [name, index]));
    for await (const rows of pages)
      for (const { row, values } of rows) {
        const own = changes.get(row) ?? new Map<string, Change>();
        for (const [column, change] of own) {
          const place = places.get(column);
          const current = place === undefined ? null : (values[place] ?? null);
          if (current !== change.new)
            throw mismatch(
              `Record ${row}, column "${column}": the change log ends in ${JSON.stringify(change.new)}, the table has ${JSON.stringify(current)}.`,
            );
        }
        const restored = this.#dataset.columns.map(({ name }) => {
          const change = own.get(name);
          if (change) this.count.cells++;
          return change ? change.old : (values[places.get(name) ?? -1] ?? null);
        });
        page.set(row, { row, values: restored });
      }
  }

  /** First old and last new value of each changed cell. */
  async #changes(from: number, to: number): Promise<Map<number, Map<string, Change>>> {
    const list = await this.#list(
      `[CAST("row" AS VARCHAR), "column", old, new]`,
      `read_parquet(${literal(this.#files.changesPath)}, file_row_number = true)`,
      `"row" BETWEEN ${from} AND ${to}`,
      "file_row_number",
    );
    const found = new Map<number, Map<string, Change>>();
    for (const [row, column, old, now] of list) {
      const cells = found.get(Number(row)) ?? new Map<string, Change>();
      found.set(Number(row), cells);
      const name = column ?? "";
      cells.set(name, {
        old: cells.has(name) ? (cells.get(name)?.old ?? null) : orNull(old),
        new: orNull(now),
      });
    }
    return found;
  }

  async #removed(page: Map<number, Restored>, from: number, to: number): Promise<void> {
    const within = `"row" BETWEEN ${from} AND ${to}`;
    const names = this.#dataset.columns.map(({ name }) => identifier(name));
    const duplicates = await this.#list(
      `[CAST("row" AS VARCHAR), ${names.join(", ")}]`,
      parquet(this.#files.duplicatesPath),
      within,
      `"row"`,
    );
    for (const [row, ...values] of duplicates) page.set(Number(row), { row: Number(row), values });
    const quarantined = await this.#list(
      `[CAST("row" AS VARCHAR), code, hex(raw)]`,
      this.#removedRows(),
      within,
      `"row"`,
    );
    for (const [row, code, hex] of quarantined) {
      const raw = Buffer.from(hex ?? "", "hex");
      page.set(
        Number(row),
        isRejectCode(code) ? { row: Number(row), raw } : this.#fromJson(Number(row), raw),
      );
    }
    this.count.rows += page.size;
  }

  #fromJson(row: number, raw: Buffer): Restored {
    const values = z.array(z.string().nullable()).safeParse(parseJson(raw.toString("utf8")));
    if (!values.success || values.data.length !== this.#dataset.columns.length)
      throw mismatch(
        `Record ${row} of the quarantine does not hold the input's ${this.#dataset.columns.length} cells.`,
      );
    return { row, values: values.data };
  }

  /** Whole rows of the quarantine, each once. */
  #removedRows(): string {
    return `(SELECT "row", min(code) AS code, arg_min(raw, code) AS raw
      FROM ${parquet(this.#files.quarantinePath)} WHERE "column" IS NULL AND "row" > 0 GROUP BY "row")`;
  }

  async #list(
    list: string,
    from: string,
    where: string,
    order: string,
  ): Promise<(string | null)[][]> {
    const sql = `SELECT string_agg(CAST(to_json(${list}) AS VARCHAR), ',' ORDER BY ${order}) AS "text"
      FROM ${from} WHERE ${where}`;
    const [answer] = await this.#ask({ sql, row: Text }, this.#signal);
    return Cells.parse(JSON.parse(`[${answer?.text ?? ""}]`));
  }
}

interface Change {
  readonly old: string | null;
  readonly new: string | null;
}

/** How a run's bytes differ from the plain rendering: by record number and position. */
export async function renderingOf(
  dataset: Dataset,
  file: number,
  from: number,
  to: number,
  ask: Ask,
  signal?: AbortSignal,
): Promise<Map<number, Map<number, Buffer>>> {
  const found = new Map<number, Map<number, Buffer>>();
  if (dataset.renderingPath === null) return found;
  const sql = `SELECT string_agg(CAST(to_json([CAST("row" AS VARCHAR), CAST("position" AS VARCHAR), hex(raw)]) AS VARCHAR), ',' ORDER BY "row", "position") AS "text"
    FROM ${parquet(dataset.renderingPath)} WHERE file = ${file} AND "row" BETWEEN ${from} AND ${to}`;
  const [answer] = await ask({ sql, row: Text }, signal);
  for (const [row, position, hex] of Cells.parse(JSON.parse(`[${answer?.text ?? ""}]`))) {
    const own = found.get(Number(row)) ?? new Map<number, Buffer>();
    found.set(Number(row), own.set(Number(position), Buffer.from(hex ?? "", "hex")));
  }
  return found;
}

function orNull(value: string | null | undefined): string | null {
  return value === "" ? null : (value ?? null);
}

function isRejectCode(code: string | null | undefined): boolean {
  return REJECT_CODES.some((known) => known === code);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The change log, the quarantine and the table are not of one run. */
export function mismatch(reason: string): WranglerError {
  return new WranglerError("UNDO_MISMATCH", reason);
}
