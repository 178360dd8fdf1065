/**
 * A dataset: a table that came in, staged where the engine can read it.
 *
 * @module
 */
import { z } from "zod";

const Count = z.number().int().nonnegative();

/** One column of a staged table. */
export const Column = z.object({
  /** Unique name, also when letter case is ignored; steps and reports use it. */
  name: z.string().min(1),
  /** The header as the file has it: may be empty or stand twice. Written back on output. */
  label: z.string(),
  /** The source's own type where it has one (Parquet, JSON, XLSX), as DuckDB writes it. */
  sourceType: z.string().nullable(),
});
export type Column = z.infer<typeof Column>;

/** How a delimited text file is written, as found. */
export const Dialect = z.object({
  encoding: z.enum(["utf-8", "utf-16le", "utf-16be", "windows-1252", "latin-1"]),
  bom: z.boolean(),
  delimiter: z.string().min(1),
  /** Quote character, or "" where the file uses none. */
  quote: z.string().max(1),
  /** Escape inside quotes: the quote itself when doubled, or a backslash. */
  escape: z.string().max(1),
  newline: z.enum(["\n", "\r\n", "\r"]),
  finalNewline: z.boolean(),
  /** False when the first record is already data; columns are then `column_1` … */
  header: z.boolean(),
  /** Which cells are quoted: only where needed, all of them, or neither rule holds throughout. */
  quoting: z.enum(["minimal", "all", "mixed"]),
  compression: z.enum(["none", "gzip", "zstd"]),
});
export type Dialect = z.infer<typeof Dialect>;

export const InputFormat = z.enum(["csv", "json", "ndjson", "parquet", "xlsx"]);
export type InputFormat = z.infer<typeof InputFormat>;

/** How to read an input where its own evidence is not to decide. */
export const ReadOptions = z.strictObject({
  format: InputFormat.optional(),
  /** XLSX: the sheet's name; the first one when left out. */
  sheet: z.string().optional(),
  delimiter: z.string().min(1).max(4).optional(),
  quote: z.string().max(1).optional(),
  encoding: z.enum(["utf-8", "utf-16le", "utf-16be", "windows-1252", "latin-1"]).optional(),
  /** Whether the first record names the columns. */
  header: z.boolean().optional(),
});
export type ReadOptions = z.infer<typeof ReadOptions>;

/** One file of a dataset. */
export const SourceFile = z.object({
  path: z.string(),
  format: InputFormat,
  sheet: z.string().optional(),
  sizeBytes: Count,
  sha256: z.string(),
  /** Records in this file, loaded or rejected; its first has the number `firstRow`. */
  records: Count,
  firstRow: z.number().int().positive(),
  dialect: Dialect.nullable(),
});
export type SourceFile = z.infer<typeof SourceFile>;

/**
 * How the bytes of all files were accounted for, by our own scan and not the engine's word:
 * `physicalLines = headerLines + recordLines + blankLines + skippedLines` and
 * `records = rows + rejected`.
 */
export const Accounting = z.object({
  physicalLines: Count,
  headerLines: Count,
  /** Lines that records occupy: one each, and one for each newline inside a cell. */
  recordLines: Count,
  blankLines: Count,
  /** Preamble, comment and footer lines; kept in the rejects with their bytes. */
  skippedLines: Count,
});
export type Accounting = z.infer<typeof Accounting>;

export const Dataset = z.object({
  name: z.string().min(1),
  /** Fingerprint of the files' bytes and how they were read. */
  fingerprint: z.string(),
  files: z.array(SourceFile).min(1),
  columns: z.array(Column).min(1),
  /** Input records: rows + rejected. */
  records: Count,
  /** Rows staged. */
  rows: Count,
  /** Records set aside because they could not be read as rows. */
  rejected: Count,
  /** Parquet: `__row` BIGINT (1-based input record) and one VARCHAR per column; "" is NULL. */
  recordsPath: z.string(),
  /** Parquet: row BIGINT, raw BLOB, code VARCHAR, reason VARCHAR; null when nothing was rejected. */
  rejectsPath: z.string().nullable(),
  /** Parquet with the cells whose raw bytes differ from the dialect's plain rendering: row, position, raw; null when none. */
  renderingPath: z.string().nullable(),
  accounting: Accounting,
});
export type Dataset = z.infer<typeof Dataset>;
