import { extname, join } from "node:path";
import {
  type Ask,
  type Column,
  type Dataset,
  type InputFormat,
  type SourceFile,
  WranglerError,
  writeWhole,
} from "../../core/index.ts";
import { compressionOf, readBytes } from "../load/plain-file.ts";
import { openPages, type Pages } from "./row-pages.ts";
import { sourceLayout } from "./source-layout.ts";
import { writeJson } from "./write-json.ts";
import { writeParquet } from "./write-parquet.ts";
import { writeText } from "./write-text.ts";
import { writeXlsx } from "./write-xlsx.ts";

/** A staged table to be written, and as what. */
export interface WriteRequest {
  /** Where the table came from: its first file's format and dialect are the `source` format. */
  readonly dataset: Dataset;
  /** Columns to write, in order. */
  readonly columns: readonly Column[];
  /** The staged table. */
  readonly recordsPath: string;
  readonly format: "source" | "csv" | "parquet";
  /** Where the file goes; the engine must be allowed to use it. */
  readonly folder: string;
  readonly ask: Ask;
  readonly signal?: AbortSignal;
}

/**
 * Write `cleaned.<ext>` into a folder, in record order; the path of it.
 *
 * @throws {WranglerError} OUTPUT_UNWRITABLE, CANCELED, or what the engine throws; nothing is left then.
 */
export async function writeCleaned(request: WriteRequest): Promise<string> {
  const { dataset, columns, recordsPath, folder, ask, signal } = request;
  const [first] = dataset.files;
  if (!first) throw new WranglerError("INTERNAL", `Dataset ${dataset.name} has no file.`);
  const target = targetOf(request.format, first);
  const path = join(folder, `cleaned${target.extension}`);
  await writeWhole(path, async (aside) => {
    const pages = await openPages(recordsPath, ask, signal);
    await WRITERS[target.format]({ aside, pages, columns, dataset, first, own: target.own });
  });
  return path;
}

interface Work {
  readonly aside: string;
  readonly pages: Pages;
  readonly columns: readonly Column[];
  readonly dataset: Dataset;
  readonly first: SourceFile;
  /** Whether the format is the source's own. */
  readonly own: boolean;
}

const WRITERS: Readonly<Record<InputFormat, (work: Work) => Promise<void>>> = {
  async csv({ aside, pages, columns, dataset, own }) {
    const { recordsPath, ask, signal } = pages;
    const layout = await sourceLayout(dataset, columns, own, recordsPath, ask, signal);
    await writeText(aside, pages, columns, layout);
  },
  async json({ aside, pages, columns, first }) {
    await writeJson(aside, pages, columns, true, await compressionBy(first));
  },
  async ndjson({ aside, pages, columns, first }) {
    await writeJson(aside, pages, columns, false, await compressionBy(first));
  },
  parquet: ({ aside, pages, columns }) => writeParquet(aside, pages, columns),
  xlsx: ({ aside, pages, columns, first }) =>
    writeXlsx(aside, pages, columns, first.sheet ?? "Sheet1"),
};

interface Target {
  readonly format: InputFormat;
  readonly extension: string;
  readonly own: boolean;
}

const PACKED = /\.(gz|gzip|zst|zstd)$/i;
const TEXT_EXTENSIONS = new Set([".csv", ".tsv", ".tab", ".txt", ".psv"]);

/** The format to write and the extension that says so. */
function targetOf(wanted: WriteRequest["format"], first: SourceFile): Target {
  if (wanted === "parquet") return { format: "parquet", extension: ".parquet", own: false };
  const binary = first.format === "parquet" || first.format === "xlsx";
  const packed = binary ? "" : (PACKED.exec(first.path)?.[0].toLowerCase() ?? "");
  const extension = extname(first.path.slice(0, first.path.length - packed.length)).toLowerCase();
  const source = extensionOf(first.format, extension);
  if (wanted === "source") return { format: first.format, extension: source + packed, own: true };
  // The source's own CSV is CSV: asked for both, one file is written and not two of one name.
  const own = first.format === "csv" && source === ".csv" && packed === "";
  return { format: "csv", extension: ".csv", own };
}

function extensionOf(format: InputFormat, extension: string): string {
  if (format === "csv") return TEXT_EXTENSIONS.has(extension) ? extension : ".csv";
  if (format === "ndjson") return extension === ".jsonl" ? ".jsonl" : ".ndjson";
  return `.${format}`;
}

/** How the source is compressed: by its bytes where it is still there, else by its name. */
async function compressionBy({ path }: SourceFile): Promise<"none" | "gzip" | "zstd"> {
  const head = await readBytes(path, 0, 4).catch(() => undefined);
  if (head) return compressionOf(head);
  const packed = PACKED.exec(path)?.[1]?.toLowerCase() ?? "";
  return packed.startsWith("g") ? "gzip" : packed.startsWith("z") ? "zstd" : "none";
}
