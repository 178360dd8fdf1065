import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Ask, type Dataset, type ReadOptions, ROW } from "../../../../src/core/index.ts";
import { loadDataset } from "../../../../src/engine/index.ts";
import { withEngine, withFolder } from "../../../helpers/engine.ts";

const anyRow = z.record(z.string(), z.unknown());

/** A folder and an engine for loading inputs of one test. */
export class Loading {
  readonly folder: string;
  readonly ask: Ask;

  constructor(folder: string, ask: Ask) {
    this.folder = folder;
    this.ask = ask;
  }

  /** Write content as `name` and load it. */
  async load(
    content: string | Uint8Array,
    name = "input.csv",
    read: ReadOptions = {},
  ): Promise<Dataset> {
    const path = join(this.folder, name);
    await writeFile(path, content);
    return this.loadPaths([path], read, `${name}.staged`);
  }

  loadPaths(paths: string[], read: ReadOptions = {}, staged = "staged"): Promise<Dataset> {
    return loadDataset({
      name: "input",
      paths,
      read,
      folder: join(this.folder, staged),
      ask: this.ask,
    });
  }

  /** Staged rows: number and cells in order; empty cells as "". */
  async rows(dataset: Dataset): Promise<(number | string)[][]> {
    const rows = await this.query(`FROM read_parquet('${dataset.recordsPath}') ORDER BY __row`);
    return rows.map((row) =>
      [ROW, ...dataset.columns.map(({ name }) => name)].map((name) => {
        const cell = row[name];
        return typeof cell === "number" || typeof cell === "string" ? cell : "";
      }),
    );
  }

  /** Rejects as [row, raw, code]. */
  async rejects(dataset: Dataset): Promise<unknown[][]> {
    if (dataset.rejectsPath === null) return [];
    const rows = await this.query(
      `SELECT "row", raw, code FROM read_parquet('${dataset.rejectsPath}') ORDER BY "row", raw`,
    );
    return rows.map(({ row, raw, code }) => [
      row,
      Buffer.from(raw as Uint8Array).toString("latin1"),
      code,
    ]);
  }

  query(sql: string): Promise<Record<string, unknown>[]> {
    return this.ask({ sql, row: anyRow });
  }
}

/** A folder and an engine that end with the test. */
export async function withLoading(...more: string[]): Promise<Loading> {
  const folder = await withFolder();
  const engine = withEngine(folder, ...more);
  return new Loading(folder, (query, signal) => engine.ask(query, signal));
}
