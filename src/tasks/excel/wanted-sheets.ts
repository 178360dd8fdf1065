import { open } from "node:fs/promises";
import { didYouMean, WranglerError } from "../../core/index.ts";
import { soundWorkbook } from "../../engine/index.ts";

/** A sheet of a workbook. */
export interface SheetPlace {
  /** Absolute. */
  readonly path: string;
  readonly sheet: string;
}

const ZIP = "504b";
/** Encrypted workbooks, and those of Excel 97 to 2003. */
const COMPOUND = "d0cf11e0";

/**
 * The sheets of a workbook that are asked for, in the order that they are asked for; the workbook is
 * sound then.
 *
 * @throws {WranglerError} WORKBOOK_INVALID when it is no workbook or lacks a sheet; INPUT_UNREADABLE
 * when it is not sound; CANCELED.
 */
export async function wantedSheets(
  path: string,
  wanted: "all" | readonly string[],
  signal: AbortSignal,
): Promise<SheetPlace[]> {
  const magic = await firstBytes(path);
  if (!magic.startsWith(ZIP)) {
    const what =
      magic === COMPOUND
        ? "it is protected by a password, or in the format of Excel 97; save it as XLSX without a password"
        : "it is no XLSX file";
    throw new WranglerError("WORKBOOK_INVALID", `${path}: ${what}.`, { path });
  }
  const names = (await soundWorkbook(path, path, signal)).map(({ name }) => name);
  if (wanted === "all") return names.map((sheet) => ({ path, sheet }));
  return wanted.map((sheet) => {
    if (names.includes(sheet)) return { path, sheet };
    const there = names.map((name) => `"${name}"`).join(", ");
    const near = didYouMean(sheet, names) || ` It has ${there}.`;
    throw new WranglerError("WORKBOOK_INVALID", `${path} has no sheet "${sheet}".${near}`, {
      path,
      sheet,
    });
  });
}

async function firstBytes(path: string): Promise<string> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString("hex", 0, bytesRead);
  } finally {
    await file.close();
  }
}
