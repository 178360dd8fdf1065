import { attributeText } from "./cell-text.ts";
import { columnLetters } from "./cell-name.ts";
import { type SheetPlan, sheetStyles, sheetXml } from "./sheet-xml.ts";
import { Styles } from "./styles.ts";
import { ZipFile } from "./zip-file.ts";

/** A workbook to be written. */
export interface WorkbookPlan {
  readonly sheets: readonly SheetPlan[];
  /** What the workbook says of its own age: ISO 8601, UTC. */
  readonly createdAt: string;
  /** Whether text that looks like a formula is marked, so that it stays text when it is edited. */
  readonly escapeFormulas: boolean;
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/**
 * Write a workbook, row by row as the rows come: what is held of it is a few hundred kilobytes,
 * however long it gets. Equal plans and rows give equal bytes.
 *
 * @param path where there is nothing yet
 * @throws {WranglerError} WORKBOOK_INVALID when it gets too large; what the rows throw. A file that is
 * not whole stays for the caller to remove.
 */
export async function writeWorkbook(
  path: string,
  plan: WorkbookPlan,
  signal?: AbortSignal,
): Promise<void> {
  const { sheets, createdAt, escapeFormulas } = plan;
  const styles = new Styles();
  const numbers = sheets.map(({ columns }) => sheetStyles(columns, styles, escapeFormulas));
  const file = await ZipFile.create(path);
  try {
    const parts: readonly (readonly [string, string])[] = [
      ["[Content_Types].xml", contentTypes(sheets.length)],
      ["_rels/.rels", rootRelations()],
      ["docProps/core.xml", coreProperties(createdAt)],
      ["xl/workbook.xml", workbookXml(sheets)],
      ["xl/_rels/workbook.xml.rels", workbookRelations(sheets.length)],
      ["xl/styles.xml", styles.xml()],
    ];
    for (const [name, xml] of parts) await file.add(name, [xml], signal);
    for (const [index, sheet] of sheets.entries()) {
      const known = numbers[index];
      if (known) await file.add(sheetPart(index + 1), sheetXml(sheet, known, index === 0), signal);
    }
  } catch (error) {
    await file.abandon();
    throw error;
  }
  await file.finish();
}

function sheetPart(number: number): string {
  return `xl/worksheets/sheet${number}.xml`;
}

function eachSheet(count: number, xml: (number: number) => string): string {
  return Array.from({ length: count }, (_, index) => xml(index + 1)).join("");
}

function part(name: string, type: string): string {
  return `<Override PartName="/${name}" ContentType="${type}"/>`;
}

function contentTypes(sheets: number): string {
  return [
    HEAD,
    `<Types xmlns="${PACKAGE}/content-types">`,
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
    '<Default Extension="xml" ContentType="application/xml"/>',
    part("xl/workbook.xml", `${SPREADSHEET}.sheet.main+xml`),
    part("xl/styles.xml", `${SPREADSHEET}.styles+xml`),
    part("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
    eachSheet(sheets, (number) => part(sheetPart(number), `${SPREADSHEET}.worksheet+xml`)),
    "</Types>",
  ].join("");
}

function relation(id: number, type: string, target: string): string {
  return `<Relationship Id="rId${id}" Type="${type}" Target="${target}"/>`;
}

function relations(list: string): string {
  return `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${list}</Relationships>`;
}

function rootRelations(): string {
  const properties = `${PACKAGE}/relationships/metadata/core-properties`;
  return relations(
    relation(1, `${OFFICE}/officeDocument`, "xl/workbook.xml") +
      relation(2, properties, "docProps/core.xml"),
  );
}

function workbookRelations(sheets: number): string {
  const each = eachSheet(sheets, (number) =>
    relation(number, `${OFFICE}/worksheet`, `worksheets/sheet${number}.xml`),
  );
  return relations(each + relation(sheets + 1, `${OFFICE}/styles`, "styles.xml"));
}

function workbookXml(sheets: readonly SheetPlan[]): string {
  const list = sheets.map(
    ({ name }, i) => `<sheet name="${attributeText(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`,
  );
  const filters = sheets.flatMap((sheet, i) =>
    sheet.header && sheet.filter
      ? [
          `<definedName name="_xlnm._FilterDatabase" localSheetId="${i}" hidden="1">${filterRange(sheet)}</definedName>`,
        ]
      : [],
  );
  return [
    HEAD,
    `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${OFFICE}">`,
    `<bookViews><workbookView/></bookViews><sheets>${list.join("")}</sheets>`,
    filters.length > 0 ? `<definedNames>${filters.join("")}</definedNames>` : "",
    "</workbook>",
  ].join("");
}

/** A sheet's whole range, as names refer to it. */
function filterRange({ name, columns, rows }: SheetPlan): string {
  const last = columnLetters(Math.max(0, columns.length - 1));
  return `${attributeText(`'${name.replaceAll("'", "''")}'`)}!$A$1:$${last}$${rows + 1}`;
}

function coreProperties(createdAt: string): string {
  // Excel takes whole seconds.
  const time = `${new Date(createdAt).toISOString().slice(0, 19)}Z`;
  return [
    HEAD,
    `<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`,
    "<dc:creator>data-wrangler</dc:creator>",
    `<dcterms:created xsi:type="dcterms:W3CDTF">${time}</dcterms:created>`,
    `<dcterms:modified xsi:type="dcterms:W3CDTF">${time}</dcterms:modified>`,
    "</cp:coreProperties>",
  ].join("");
}
