import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  type Ask,
  fileSha256,
  type Manifest,
  type ReadOptions,
  type SourceFile,
  writeWhole,
} from "../../core/index.ts";
import { fileChunks } from "../load/file-chunks.ts";
import { loadExactly } from "../load/load-dataset.ts";
import type { ExactText } from "../load/part.ts";
import { readBytes } from "../load/plain-file.ts";
import { FILE_ROW, POSITION } from "../load/rendering.ts";
import { RowFile, stageRows } from "../load/stage-writer.ts";
import { writeChunks } from "./output-file.ts";
import { openPages } from "./row-pages.ts";
import { sourceText } from "./source-text.ts";
import { mismatch, renderingOf, type Restored, type UndoFiles, UndoTables } from "./undo-tables.ts";
import { writeParquet } from "./write-parquet.ts";
import { writeXlsx } from "./write-xlsx.ts";

/** The files of one run, and where the input is to be written again. */
export interface UndoRequest extends UndoFiles {
  readonly manifest: Manifest;
  readonly cleanedPath: string;
  /** Folder for temporary files; the engine must be allowed to use it. */
  readonly workFolder: string;
  /** The file to write; for a dataset of several files, a folder that gets them all. */
  readonly output: string;
  readonly ask: Ask;
  readonly signal?: AbortSignal;
}

/** What `undo` did. */
export interface UndoResult {
  readonly cellsRestored: number;
  readonly rowsRestored: number;
  /** Whether the bytes are those of the input; of a compressed one, those of its content. */
  readonly identical: boolean;
}

/**
 * Write the input of a run again, from its outputs alone.
 *
 * @throws {WranglerError} UNDO_MISMATCH when the files are not of one run; nothing is written then.
 */
export async function undo(request: UndoRequest): Promise<UndoResult> {
  const { manifest, workFolder, output, ask, signal } = request;
  const { files } = manifest.dataset;
  await mkdir(workFolder, { recursive: true });
  const folder = join(workFolder, "undo");
  const tables = new UndoTables(manifest, request, folder, ask, signal);
  try {
    await loadCleaned(request, folder, tables);
    const records = tables.records();
    const identical = await writeWhole(output, async (aside) => {
      if (files.length === 1) return writeFile(request, 0, aside, records, folder);
      await mkdir(aside);
      let all = true;
      for (const [index, file] of files.entries()) {
        const same = await writeFile(
          request,
          index,
          join(aside, nameOf(files, file, index)),
          records,
          folder,
        );
        all &&= same;
      }
      return all;
    });
    return { cellsRestored: tables.count.cells, rowsRestored: tables.count.rows, identical };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function loadCleaned(
  request: UndoRequest,
  folder: string,
  tables: UndoTables,
): Promise<void> {
  const { manifest, cleanedPath, ask, signal } = request;
  const width = manifest.columnsOut.length;
  const { read, exact } = await howWritten(request);
  const common = { name: "cleaned", paths: [cleanedPath], read, folder, ask };
  const cleaned = await loadExactly({ ...common, ...(signal ? { signal } : {}) }, exact);
  if (cleaned.rejected > 0)
    throw mismatch(
      `${cleanedPath} has ${cleaned.rejected} records that its dialect does not allow.`,
    );
  if (cleaned.columns.length !== width)
    throw mismatch(`${cleanedPath} has ${cleaned.columns.length} columns; the run wrote ${width}.`);
  const names = cleaned.columns.map(({ name }) => name);
  await tables.number(cleaned.recordsPath, cleaned.rows, names);
}

/** How this tool wrote the cleaned table. */
async function howWritten({
  manifest,
  cleanedPath,
}: UndoRequest): Promise<{ read: ReadOptions; exact: ExactText | undefined }> {
  const [first] = manifest.dataset.files;
  if (cleanedPath.endsWith(".parquet") || !first)
    return { read: { format: "parquet" }, exact: undefined };
  const { dialect, format } = first;
  if (!dialect) return { read: { format }, exact: undefined };
  const exact: ExactText = { ...dialect, width: manifest.columnsOut.length };
  const head = await readBytes(cleanedPath, 0, 3).catch(() => Buffer.alloc(0));
  // A file that fell back to UTF-8 says so by its mark.
  const marked = head.toString("hex") === "efbbbf";
  return { read: { format, ...(marked ? {} : { encoding: dialect.encoding }) }, exact };
}

/** Write one file of the input; whether it has the bytes it had. */
async function writeFile(
  request: UndoRequest,
  index: number,
  path: string,
  records: AsyncGenerator<Restored>,
  folder: string,
): Promise<boolean> {
  const { dataset } = request.manifest;
  const file = dataset.files[index];
  if (!file) throw mismatch(`The dataset has no file ${index}.`);
  if (file.format === "parquet" || file.format === "xlsx") {
    await writeTable(request, file, path, records, folder);
    return (await fileSha256(path, request.signal)) === file.sha256;
  }
  const { ask, signal } = request;
  const facts = (await renderingOf(dataset, index, FILE_ROW, FILE_ROW, ask, signal)).get(FILE_ROW);
  const contentHash = facts?.get(POSITION.contentHash)?.toString("latin1");
  const hash = createHash("sha256");
  const text = sourceText({
    dataset,
    index,
    file,
    records,
    ask,
    signal,
    facts: facts ?? new Map(),
  });
  const compression = compressionOf(file, contentHash);
  await writeChunks(path, hashed(text, hash), compression, signal);
  return hash.digest("hex") === (contentHash ?? file.sha256);
}

function compressionOf(
  file: SourceFile,
  contentHash: string | undefined,
): "none" | "gzip" | "zstd" {
  if (file.dialect) return file.dialect.compression;
  if (contentHash === undefined) return "none";
  return /\.zstd?$/i.test(file.path) ? "zstd" : "gzip";
}

async function* hashed(
  chunks: AsyncIterable<Buffer>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

/** Formats that are not text: the values come back, the bytes of the container may differ. */
async function writeTable(
  { manifest, ask, signal }: UndoRequest,
  file: SourceFile,
  path: string,
  records: AsyncGenerator<Restored>,
  folder: string,
): Promise<void> {
  const { columns } = manifest.dataset;
  const rows = new RowFile(join(folder, "restored.staging.csv"));
  const staged = join(folder, "restored.parquet");
  try {
    for (let n = 0; n < file.records; n++) {
      const { value } = await records.next();
      if (value && "values" in value) await rows.add([value.row, ...value.values]);
    }
    await rows.close();
    await stageRows(rows, columns, staged, ask, signal);
  } finally {
    await rows.remove();
  }
  const pages = await openPages(staged, ask, signal);
  if (file.format === "xlsx") return writeXlsx(path, pages, columns, file.sheet ?? "Sheet1");
  const inside = join(folder, "restored.out.parquet");
  await writeParquet(inside, pages, columns);
  await writeChunks(path, fileChunks(inside, signal), "none", signal);
}

function nameOf(files: readonly SourceFile[], file: SourceFile, index: number): string {
  const name = basename(file.path);
  const same = files.filter(({ path }) => basename(path) === name).length;
  return same > 1 ? `${index + 1}-${name}` : name;
}
