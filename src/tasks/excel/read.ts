import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import {
  asideOf,
  discard,
  flush,
  isWranglerError,
  unwritable,
  WranglerError,
} from "../../core/index.ts";
import { loadDataset, writeCleaned } from "../../engine/index.ts";
import type { TaskResults } from "../../orchestration/index.ts";
import type { TaskContext } from "../kind.ts";
import { namedFiles } from "../named-files.ts";
import type { ReadOptions } from "./read-options.ts";
import { reasonOf } from "./reason-of.ts";
import { type Staging, withStaging } from "./staging.ts";
import { tableFileNames } from "./table-file-names.ts";
import { refuseDamaged } from "./tables/index.ts";
import { targetPath } from "./target-path.ts";
import { type SheetPlace, wantedSheets } from "./wanted-sheets.ts";

/** A sheet that became a table. A type, since an interface is no Json. */
type TableResult = {
  /** Null when the sheet is empty: no file is written then. */
  file: string | null;
  workbook: string;
  sheet: string;
  rows: number;
  columns: number;
  leftOut: number;
};

/** Sheets of workbooks to tables: written aside, and named when all are whole. */
export async function read(context: TaskContext<ReadOptions>): Promise<TaskResults> {
  const { options, configFolder, folder, attempt, scheduledAt, timeZone, signal, log } = context;
  const time = { at: scheduledAt, timeZone };
  const to = targetPath(options.to, context);
  const names = [options.read].flat();
  const workbooks = await namedFiles({ names, folder: configFolder, time, emptyPatterns: false });
  try {
    const sheets: SheetPlace[] = [];
    for (const path of workbooks)
      sheets.push(...(await wantedSheets(path, options.sheets, signal)));
    const aside = asideOf(join(to, "tables"));
    const { memoryLimit } = options;
    const order = { folder, attempt, memoryLimit, files: workbooks, folders: [aside] };
    const tables = await inFolder(aside, () =>
      withStaging(order, (staging) => writeTables(sheets, aside, to, staging, context)),
    );
    const files = tables.flatMap(({ file }) => file ?? []);
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    log.info({ to, files: files.length, rows }, "workbooks read");
    return { files, tables, rows };
  } catch (error) {
    throw asWorkbookError(error);
  }
}

/** Work with a folder of which nothing is left afterwards. */
async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    await mkdir(folder, { recursive: true });
    return await work();
  } catch (error) {
    throw unwritable(error, folder);
  } finally {
    await discard(folder);
  }
}

async function writeTables(
  sheets: readonly SheetPlace[],
  aside: string,
  to: string,
  staging: Staging,
  context: TaskContext<ReadOptions>,
): Promise<TableResult[]> {
  const names = tableFileNames(sheets, `.${context.options.format}`);
  const done: { readonly written: string | null; readonly result: TableResult }[] = [];
  for (const [index, place] of sheets.entries()) {
    const file = join(to, names[index] ?? "");
    const folders = { aside: join(aside, String(index)), staged: staging.folderOf(index) };
    done.push(await writeTable(place, file, folders, staging, context));
  }
  if (context.signal.aborted) throw new WranglerError("CANCELED");
  for (const { written, result } of done)
    if (written !== null && result.file !== null) await rename(written, result.file);
  await flush(to);
  return done.map(({ result }) => result);
}

async function writeTable(
  { path, sheet }: SheetPlace,
  file: string,
  folders: { readonly aside: string; readonly staged: string },
  { ask }: Staging,
  { options, signal, log }: TaskContext<ReadOptions>,
): Promise<{ written: string | null; result: TableResult }> {
  const { header, format, damaged } = options;
  const empty = { workbook: path, sheet, rows: 0, columns: 0, leftOut: 0 };
  const request = {
    name: `${path}, sheet "${sheet}"`,
    paths: [path],
    read: { format: "xlsx" as const, sheet, ...(header === undefined ? {} : { header }) },
    folder: folders.staged,
    ask,
    signal,
  };
  const dataset = await loadDataset(request).catch((error: unknown) => {
    if (isWranglerError(error) && error.code === "INPUT_EMPTY") return undefined;
    throw error;
  });
  if (!dataset) {
    log.info({ workbook: path, sheet }, "the sheet is empty: no table of it is written");
    return { written: null, result: { file: null, ...empty } };
  }
  if (damaged === "error") await refuseDamaged(dataset, ask, signal);
  const { rejected, rows, recordsPath } = dataset;
  if (rejected > 0) log.warn({ workbook: path, sheet, rejected }, "records are left out");
  // A sheet without titles gets those that its columns are called by.
  const columns = dataset.columns.map(({ label, ...column }) => ({
    ...column,
    label: label || column.name,
  }));
  await mkdir(folders.aside);
  const written = await writeCleaned({
    dataset,
    columns,
    recordsPath,
    format,
    folder: folders.aside,
    ask,
    signal,
  });
  const result = { file, ...empty, rows, columns: columns.length, leftOut: rejected };
  return { written, result };
}

/** What the reader says of an input is said of a workbook here. */
function asWorkbookError(error: unknown): unknown {
  if (!isWranglerError(error) || error.code !== "INPUT_UNREADABLE") return error;
  return new WranglerError("WORKBOOK_INVALID", reasonOf(error), error.details, { cause: error });
}
