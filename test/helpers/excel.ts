import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Workbook, type Worksheet } from "@cj-tech-master/excelts";
import { zipDirectory, zipText } from "../../src/engine/load/zip-directory.ts";
import { excel } from "../../src/tasks/index.ts";
import { taskContext, type TaskContextParts } from "./task-context.ts";

/** What a workbook that was written is told of. */
export interface Written {
  readonly file: string;
  readonly sheets: readonly {
    readonly name: string;
    readonly rows: number;
    readonly columns: number;
    readonly source: readonly string[];
    readonly misfits: number;
    readonly cut: number;
    readonly leftOut: number;
  }[];
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** What tables that were read from workbooks are told of. */
export interface ReadBack {
  readonly files: readonly string[];
  readonly tables: readonly {
    readonly file: string | null;
    readonly workbook: string;
    readonly sheet: string;
    readonly rows: number;
    readonly columns: number;
    readonly leftOut: number;
  }[];
  readonly rows: number;
}

type Parts = Omit<TaskContextParts<unknown>, "options" | "folder">;

/** Run options as they stand in a file; paths start from `folder`. */
export async function ranExcel<Results = Written>(
  folder: string,
  options: object,
  parts: Parts = {},
): Promise<Results> {
  const checked = excel.options.parse(options);
  return (await excel.run(taskContext({ options: checked, folder, ...parts }))) as Results;
}

/** Write a text file below a folder. */
export async function put(folder: string, name: string, text: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

/** A workbook as another library reads it. */
export async function workbookAt(path: string): Promise<Workbook> {
  const workbook = new Workbook();
  await workbook.xlsx.readFile(path);
  return workbook;
}

/** The only sheet, or one by its name, as another library reads it. */
export async function sheetAt(path: string, name?: string): Promise<Worksheet> {
  const workbook = await workbookAt(path);
  const sheet = name === undefined ? workbook.worksheets[0] : workbook.getWorksheet(name);
  if (!sheet) throw new Error(`${path} has no sheet "${name}".`);
  return sheet;
}

/** Rows of a sheet as lists of values; empty cells are null. */
export function valuesOf(sheet: Worksheet): unknown[][] {
  const rows: unknown[][] = [];
  for (let row = 1; row <= sheet.rowCount; row++)
    rows.push(
      Array.from(
        { length: sheet.columnCount },
        (_, column) => sheet.getRow(row).getCell(column + 1).value,
      ),
    );
  return rows;
}

/** The XML of a part of a workbook. */
export async function partOf(path: string, name: string): Promise<string> {
  const { entries } = await zipDirectory(path);
  const entry = entries.find((one) => one.name === name);
  if (!entry) throw new Error(`${path} has no part ${name}.`);
  return zipText(path, entry, 1 << 28);
}
