import { stat } from "node:fs/promises";
import { WranglerError } from "../../core/index.ts";
import { partRelations } from "./part-relations.ts";
import { sheetShape } from "./sheet-shape.ts";
import { attributesOf } from "./xml-tags.ts";
import { auditZip } from "./zip-audit.ts";
import { zipDirectory, type ZipDirectory, zipText } from "./zip-directory.ts";

/** A sheet of cells in a workbook; charts on sheets of their own are none. */
export interface WorkbookSheet {
  readonly name: string;
  readonly hidden: boolean;
  /** Name of the part that holds it. */
  readonly part: string;
}

const LIMITS = {
  entries: 10_000,
  entryBytes: 2 ** 31 - 1,
  totalBytes: 6 * 2 ** 30,
  // Sheets of one repeated value come to about 100; what is made to burst comes to about 1,000.
  ratio: 300,
  ratioFromBytes: 16 << 20,
};
/** Parts that are held in memory while a sheet is read: each, and all together with the texts. */
const MAX_HELD_BYTES = 32 << 20;
const MAX_ALL_HELD_BYTES = 320 << 20;

const WORKBOOK = "xl/workbook.xml";
const RELATIONS = "xl/_rels/workbook.xml.rels";

/**
 * Check a workbook before it is read: that its archive is sound and holds what it says, expands to
 * an amount that can be borne, and that no row, cell or table of texts in it is larger than a reader
 * can hold. Reads all of it, a few kilobytes at a time.
 *
 * @param path as the user named it
 * @returns its sheets in order
 * @throws {WranglerError} INPUT_UNREADABLE saying what is wrong; CANCELED.
 */
export async function soundWorkbook(
  contentPath: string,
  path: string,
  signal?: AbortSignal,
): Promise<readonly WorkbookSheet[]> {
  const identity = await identityOf(contentPath);
  if (latest?.identity !== identity)
    latest = { identity, sheets: await checkedSheets(contentPath, path, signal) };
  return latest.sheets;
}

/** The last one found sound: of a workbook with many sheets one is read after the other. */
let latest: { readonly identity: string; readonly sheets: readonly WorkbookSheet[] } | undefined;

/** Changes whenever the file's content does. */
async function identityOf(path: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(":");
}

async function checkedSheets(
  contentPath: string,
  path: string,
  signal?: AbortSignal,
): Promise<WorkbookSheet[]> {
  const directory = await zipDirectory(contentPath);
  const text = (name: string) => partText(contentPath, path, directory, name);
  const root = partRelations(await text("_rels/.rels"), "");
  if (root.find(({ type }) => type === "officeDocument")?.part !== WORKBOOK)
    throw unsound(path, `it is a ZIP archive without ${WORKBOOK}`);
  const workbook = await text(WORKBOOK);
  const relations = partRelations(await text(RELATIONS), "xl");
  const parts = (wanted: string) =>
    relations.flatMap(({ type, part }) => (type === wanted ? [part] : []));
  const [sheets, texts, styles] = [parts("worksheet"), parts("sharedStrings"), parts("styles")];
  refuseHeld(path, directory, texts, styles);
  const streamed = new Set([...sheets, ...texts]);
  const watch = (name: string) =>
    streamed.has(name) || /^xl\/(worksheets\/.*|sharedStrings)\.xml$/i.test(name)
      ? sheetShape()
      : undefined;
  await auditZip(contentPath, directory, LIMITS, watch, signal);
  return attributesOf(workbook, "sheet").flatMap((sheet) => {
    const found = relations.find(({ id, type }) => id === sheet.get("id") && type === "worksheet");
    if (!found) return [];
    const hidden = (sheet.get("state") ?? "visible") !== "visible";
    return [{ name: sheet.get("name") ?? "", hidden, part: found.part }];
  });
}

async function partText(
  contentPath: string,
  path: string,
  { entries }: ZipDirectory,
  name: string,
): Promise<string> {
  const entry = entries.find((one) => one.name === name);
  if (!entry) throw unsound(path, `it is a ZIP archive without ${name}`);
  const xml = await zipText(contentPath, entry, MAX_HELD_BYTES);
  // What stands in these is nothing to a reader and would be something to us.
  if (/<!/.test(xml)) throw unsound(path, `${name} holds a comment or declaration`);
  return xml;
}

function refuseHeld(
  path: string,
  { entries }: ZipDirectory,
  texts: readonly string[],
  styles: readonly string[],
): void {
  const held = entries.filter(
    ({ name }) =>
      /\.rels$|^\[Content_Types\]\.xml$|^xl\/(workbook|sharedStrings|styles)\.xml$/i.test(name) ||
      texts.includes(name) ||
      styles.includes(name),
  );
  const total = held.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const large = held.find(
    ({ name, sizeBytes }) =>
      sizeBytes > MAX_HELD_BYTES && !texts.includes(name) && !/sharedStrings/i.test(name),
  );
  if (large) throw unsound(path, `its part ${large.name} has ${large.sizeBytes} bytes`);
  if (total > MAX_ALL_HELD_BYTES)
    throw unsound(path, `its texts and styles would take ${total} bytes`);
}

function unsound(path: string, what: string): WranglerError {
  return new WranglerError("INPUT_UNREADABLE", `${path} is no sound workbook: ${what}.`, { path });
}
