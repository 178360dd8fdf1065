import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Workbook } from "@cj-tech-master/excelts";
import { writeXlsx, writeXlsxStream } from "hucre/xlsx";
import { describe, expect, it } from "vitest";
import { soundWorkbook } from "../../../../src/engine/index.ts";
import { withFolder } from "../../../helpers/engine.ts";
import {
  sheetOf,
  withChanged,
  workbookParts,
  type ZipPart,
  zipArchive,
} from "../../../helpers/zip-archive.ts";

const SHEET = "xl/worksheets/sheet1.xml";
const ROWS = '<row r="1"><c r="A1"><v>1</v></c></row>';
const MEGA = 1 << 20;

async function checked(archive: Buffer | Uint8Array) {
  const path = join(await withFolder(), "book.xlsx");
  await writeFile(path, archive);
  return (await soundWorkbook(path, path)).map(({ name, hidden }) => ({ name, hidden }));
}

/** A workbook of one sheet, with something changed in the part of a name. */
function changed(change: Partial<ZipPart>, name = SHEET, sheet = sheetOf(ROWS)): Buffer {
  return zipArchive(withChanged(workbookParts(sheet), name, change));
}

describe("a workbook is sound", () => {
  it("as other libraries write it, with sizes in front or behind", async () => {
    const book = new Workbook();
    book.addWorksheet("One").addRow(["a & b", 1, new Date(0)]);
    book.addWorksheet("Two < 3", { state: "hidden" }).addRow([true, { formula: "1+1", result: 2 }]);
    expect(await checked(await book.xlsx.writeBuffer())).toEqual([
      { name: "One", hidden: false },
      { name: "Two < 3", hidden: true },
    ]);
    const sheets = [{ name: "Ä", rows: [["x", 1]] }];
    expect(await checked(await writeXlsx({ sheets }))).toEqual([{ name: "Ä", hidden: false }]);
    for (const zip64 of [false, undefined]) {
      const stream = writeXlsxStream([["x"]], {
        name: "S",
        ...(zip64 === undefined ? {} : { zip64 }),
      });
      const chunks = [];
      for await (const chunk of stream) chunks.push(chunk);
      expect(await checked(Buffer.concat(chunks))).toEqual([{ name: "S", hidden: false }]);
    }
  });

  it("by hand", async () => {
    expect(await checked(changed({}))).toEqual([{ name: "Data", hidden: false }]);
    expect(await checked(changed({ method: 0 }))).toEqual([{ name: "Data", hidden: false }]);
  });
});

describe("a workbook is refused", () => {
  const BOMB = sheetOf(`<row r="1"><c r="A1"><v>${" ".repeat(64 * MEGA)}</v></c></row>`);

  it.each<readonly [string, () => Buffer, RegExp]>([
    [
      "that expands a thousandfold",
      () => changed({}, SHEET, BOMB),
      /sheet1\.xml would expand from \d+ to \d+ bytes, more than 300 times/,
    ],
    [
      "that expands a thousandfold and says otherwise",
      () => changed({ declared: 1_000 }, SHEET, BOMB),
      /sheet1\.xml declares 1000 bytes and expands to more/,
    ],
    [
      "that says so in one place alone",
      () => changed({ declared: 1_000, declaredLocally: 64 * MEGA }, SHEET, BOMB),
      /sheet1\.xml is not what its directory says/,
    ],
    [
      "that declares more than a part may have",
      () => changed({ declared: 2 ** 31 }),
      /would expand to 2147483648 bytes, more than 2147483647/,
    ],
    [
      "whose parts together declare too much",
      () =>
        zipArchive([
          ...workbookParts(sheetOf(ROWS)),
          ...[1, 2, 3, 4].map((n) => ({
            name: `xl/media/${n}.bin`,
            content: "",
            declared: 2 ** 31 - 1,
          })),
        ]),
      /it would expand to \d+ bytes, more than 6442450944/,
    ],
    [
      "of ten thousand parts and more",
      () =>
        zipArchive([
          ...workbookParts(sheetOf(ROWS)),
          ...Array.from({ length: 10_000 }, (_, n) => ({ name: `x/${n}`, content: "" })),
        ]),
      /it holds 10005 parts, more than 10000/,
    ],
    [
      "whose parts share their data",
      () =>
        zipArchive([
          ...workbookParts(sheetOf(ROWS)),
          { name: "xl/worksheets/sheet2.xml", content: sheetOf(ROWS), at: SHEET },
        ]),
      /is not what its directory says|overlaps another part/,
    ],
    [
      "with two parts of one name",
      () => zipArchive([...workbookParts(sheetOf(ROWS)), { name: SHEET, content: "<a/>" }]),
      /two of its parts have the same name/,
    ],
    [
      "with something between its parts",
      () => changed({ before: Buffer.from("hidden") }),
      /there are 6 bytes that belong to none of its parts/,
    ],
    [
      "whose part has another name within",
      () => changed({ nameLocally: "xl/worksheets/sheet9.xml" }),
      /sheet1\.xml is not what its directory says/,
    ],
    [
      "whose content is not what was packed",
      () => changed({ crc: 1 }),
      /sheet1\.xml is damaged: its content is not what was packed/,
    ],
    ["that is encrypted", () => changed({ flags: 1 }), /sheet1\.xml is encrypted/],
    [
      "that is packed otherwise",
      () => changed({ method: 12 }),
      /packed by a method that is not known \(12\)/,
    ],
    [
      "with one row of more cells than a row has",
      () => changed({}, SHEET, sheetOf(`<row r="1">${'<c r="A1"/>'.repeat(20_000)}</row>`)),
      /sheet1\.xml: more than 16384 cells in a row/,
    ],
    [
      "with entities of its own",
      () =>
        changed(
          {},
          SHEET,
          `<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]>${sheetOf(ROWS)}`,
        ),
      /sheet1\.xml: a comment or a section of raw characters/,
    ],
    [
      "whose list of sheets has them",
      () => changed({ content: '<!DOCTYPE x [<!ENTITY a "a">]><workbook/>' }, "xl/workbook.xml"),
      /xl\/workbook\.xml holds a comment or declaration/,
    ],
    [
      "whose list of sheets is larger than any",
      () =>
        changed({ content: `<workbook>${"x".repeat(33 * MEGA)}</workbook>` }, "xl/workbook.xml"),
      /xl\/workbook\.xml/,
    ],
    [
      "whose texts are more than memory is given",
      () =>
        zipArchive([
          ...workbookParts(sheetOf(ROWS)),
          { name: "xl/sharedStrings.xml", content: "", declared: 400 * MEGA },
        ]),
      /would expand from 2 to 419430400 bytes|its texts and styles would take/,
    ],
    [
      "that leads to another workbook",
      () =>
        changed(
          {
            content:
              '<Relationships><Relationship Id="r" Type="x/officeDocument" Target="evil/workbook.xml"/></Relationships>',
          },
          "_rels/.rels",
        ),
      /it is a ZIP archive without xl\/workbook\.xml/,
    ],
    [
      "that is another archive",
      () => zipArchive([{ name: "a.txt", content: "a" }]),
      /without _rels/,
    ],
    ["that is cut off", () => changed({}).subarray(0, 700), /its directory is missing/],
    ["that is nothing", () => Buffer.from("PK\u0003\u0004"), /its directory is missing/],
  ])("%s", async (_, archive, reason) => {
    await expect(checked(archive())).rejects.toMatchObject({
      code: "INPUT_UNREADABLE",
      message: expect.stringMatching(reason),
    });
  });

  it("and the check ends when it is told to", async () => {
    const path = join(await withFolder(), "book.xlsx");
    await writeFile(path, changed({}));
    await expect(soundWorkbook(path, path, AbortSignal.abort())).rejects.toMatchObject({
      code: "CANCELED",
    });
  });
});

it("a workbook that changed is looked at again", async () => {
  const path = join(await withFolder(), "book.xlsx");
  await writeFile(path, changed({}));
  expect(await soundWorkbook(path, path)).toHaveLength(1);
  await writeFile(path, changed({ crc: 1 }));
  await expect(soundWorkbook(path, path)).rejects.toMatchObject({ code: "INPUT_UNREADABLE" });
});
