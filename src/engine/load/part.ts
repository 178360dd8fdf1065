import type { Accounting, Ask, Column, ReadOptions, SourceFile } from "../../core/index.ts";
import type { SideTables } from "./side-tables.ts";

/** A text file's dialect and width where they are known and not to be sniffed: what this tool wrote. */
export interface ExactText {
  readonly delimiter: string;
  readonly quote: string;
  readonly escape: string;
  readonly header: boolean;
  readonly width: number;
}

/** One file to be read into a dataset. */
export interface PartRequest {
  /** Place of the file in its dataset, from 0. */
  readonly index: number;
  /** The file as the user named it. */
  readonly path: string;
  /** Where its content is: the file itself, or a decompressed copy. */
  readonly contentPath: string;
  readonly compression: "none" | "gzip" | "zstd";
  /** SHA-256 of the file's bytes where they were read already. */
  readonly sha256: string | undefined;
  readonly sizeBytes: number;
  /** Number that its first record gets. */
  readonly firstRow: number;
  readonly read: ReadOptions;
  readonly exact: ExactText | undefined;
  /** Folder for what is staged. */
  readonly folder: string;
  /** Where its rows go. */
  readonly stagedPath: string;
  readonly side: SideTables;
  readonly ask: Ask;
  readonly signal: AbortSignal | undefined;
}

/** One file, read and staged. */
export interface Part {
  readonly file: SourceFile;
  readonly columns: Column[];
  readonly rows: number;
  readonly rejected: number;
  readonly accounting: Accounting;
}
