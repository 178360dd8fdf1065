import { z } from "zod";
import {
  type Ask,
  type Column,
  type Dataset,
  type Dialect,
  identifier,
  literal,
  parquet,
} from "../../core/index.ts";
import { FILE_ROW, type Layout, type Quoting } from "../load/rendering.ts";

/** How a table without a dialect of its own is written as CSV. */
const PLAIN: Dialect = {
  encoding: "utf-8",
  bom: false,
  delimiter: ",",
  quote: '"',
  escape: '"',
  newline: "\n",
  finalNewline: true,
  header: true,
  quoting: "minimal",
  compression: "none",
};

const Rule = z.object({ position: z.number(), rule: z.enum(["minimal", "all", "filled"]) });

/** Quoting rules of a file's columns by position, where they are not the dialect's. */
async function quotingRules(
  renderingPath: string | null,
  file: number,
  ask: Ask,
  signal?: AbortSignal,
): Promise<ReadonlyMap<number, Quoting>> {
  if (renderingPath === null) return new Map();
  const sql = `SELECT "position", decode(raw) AS "rule" FROM ${parquet(renderingPath)}
    WHERE file = ${file} AND "row" = ${FILE_ROW} AND "position" >= 0 ORDER BY "position"`;
  const rules = await ask({ sql, row: Rule }, signal);
  return new Map(rules.map(({ position, rule }) => [position, rule]));
}

/**
 * The layout in which a table that came from `dataset` is written as text: that of its first file,
 * or plain CSV. A column keeps its quoting rule by name.
 */
export async function sourceLayout(
  dataset: Dataset,
  columns: readonly Column[],
  own: boolean,
  recordsPath: string,
  ask: Ask,
  signal?: AbortSignal,
): Promise<Layout> {
  const dialect = own ? (dataset.files[0]?.dialect ?? PLAIN) : PLAIN;
  const rules =
    dialect === PLAIN
      ? new Map<number, Quoting>()
      : await quotingRules(dataset.renderingPath, 0, ask, signal);
  const usual: Quoting = dialect.quoting === "all" ? "all" : "minimal";
  const positions = new Map(dataset.columns.map(({ name }, index) => [name, index]));
  const quoting = columns.map(({ name }) => rules.get(positions.get(name) ?? -1) ?? usual);
  const quoted =
    dialect.quote === "" && (await needsQuote(dialect, columns, recordsPath, ask, signal));
  const written = quoted ? { ...dialect, quote: '"', escape: '"' } : dialect;
  return { dialect: written, quoting, trailingDelimiter: false };
}

const Needed = z.object({ needed: z.boolean() });
const BATCH_COLUMNS = 50;

/** Whether a table for a file without quotes holds a cell that cannot do without. */
async function needsQuote(
  { delimiter }: Dialect,
  columns: readonly Column[],
  recordsPath: string,
  ask: Ask,
  signal?: AbortSignal,
): Promise<boolean> {
  if (columns.some(({ label }) => label.includes(delimiter) || /[\r\n]/.test(label))) return true;
  for (let start = 0; start < columns.length; start += BATCH_COLUMNS) {
    const tests = columns.slice(start, start + BATCH_COLUMNS).map(({ name }) => {
      const marks = [literal(delimiter), "chr(10)", "chr(13)"];
      return marks.map((mark) => `contains(${identifier(name)}, ${mark})`).join(" OR ");
    });
    const sql = `SELECT count(*) > 0 AS "needed" FROM ${parquet(recordsPath)} WHERE ${tests.join(" OR ")}`;
    const [answer] = await ask({ sql, row: Needed }, signal);
    if (answer?.needed) return true;
  }
  return false;
}
