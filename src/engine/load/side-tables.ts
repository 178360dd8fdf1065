import { join } from "node:path";
import { type Ask, literal } from "../../core/index.ts";
import { countAfter, RowFile } from "./stage-writer.ts";

/** Why a piece of an input is not in the table; the last three are no records. */
export const REJECT_CODES = [
  "TOO_MANY_FIELDS",
  "MISSING_FIELDS",
  "UNTERMINATED_QUOTE",
  "TEXT_AFTER_QUOTE",
  "INVALID_ENCODING",
  "NOT_AN_OBJECT",
  "PREAMBLE",
  "FOOTER",
  "COMMENT",
] as const;
export type RejectCode = (typeof REJECT_CODES)[number];

/** What is kept beside a staged table: pieces set aside, and how the text was written. */
export class SideTables {
  readonly #folder: string;
  readonly #rejects: RowFile;
  readonly #rendering: RowFile;

  constructor(folder: string) {
    this.#folder = folder;
    this.#rejects = new RowFile(join(folder, "rejects.staging.csv"));
    this.#rendering = new RowFile(join(folder, "rendering.staging.csv"));
  }

  /** Set a piece aside; `row` is its record number, or 0 when it is no record. */
  async reject(row: number, raw: Buffer, code: RejectCode, reason: string): Promise<void> {
    await this.#rejects.add([row, raw.toString("hex"), code, reason]);
  }

  /** Note how something is written, see `rendering.ts`. */
  async render(file: number, row: number, position: number, raw: Buffer): Promise<void> {
    await this.#rendering.add([file, row, position, raw.toString("hex")]);
  }

  /** Write both as Parquet; null for one that would be empty. */
  async finish(
    ask: Ask,
    signal?: AbortSignal,
  ): Promise<{ rejectsPath: string | null; renderingPath: string | null }> {
    const rejects = `SELECT CAST("row" AS BIGINT) AS "row", unhex(coalesce(raw, '')) AS raw, code, reason
      FROM ${await closed(this.#rejects, ["row", "raw", "code", "reason"])}`;
    const rendering = `SELECT CAST(file AS INTEGER) AS file, CAST("row" AS BIGINT) AS "row",
      CAST("position" AS INTEGER) AS "position", unhex(coalesce(raw, '')) AS raw
      FROM ${await closed(this.#rendering, ["file", "row", "position", "raw"])}`;
    try {
      return {
        rejectsPath: await this.#write("rejects", this.#rejects, rejects, ask, signal),
        renderingPath: await this.#write("rendering", this.#rendering, rendering, ask, signal),
      };
    } finally {
      await this.remove();
    }
  }

  async remove(): Promise<void> {
    await Promise.all([this.#rejects.remove(), this.#rendering.remove()]);
  }

  async #write(
    name: string,
    file: RowFile,
    select: string,
    ask: Ask,
    signal?: AbortSignal,
  ): Promise<string | null> {
    if (file.rows === 0) return null;
    const path = join(this.#folder, `${name}.parquet`);
    await countAfter(`COPY (${select}) TO ${literal(path)} (FORMAT parquet)`, path, ask, signal);
    return path;
  }
}

async function closed(file: RowFile, names: readonly string[]): Promise<string> {
  await file.close();
  return file.relation(names);
}
