import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Workbook } from "@cj-tech-master/excelts";
import { describe, expect, it } from "vitest";
import { workbookParts } from "../../../../src/engine/index.ts";
import { withFolder } from "../../../helpers/engine.ts";
import { partOf, put, ranExcel, sheetAt, valuesOf, workbookAt } from "../../../helpers/excel.ts";

const day = (text: string) => new Date(`${text}Z`);
const TABLE =
  "id,when,amount,note\n001,2024-02-29,1.50,=1+1\n002,2024-03-01,,b\n003,2024-03-02,3.25,c\n";

/** A workbook with titles, a styled row to be filled, formulas, a rule, a list, a picture, a table. */
async function putTemplate(folder: string, change: (book: Workbook) => void = () => {}) {
  const book = new Workbook();
  const sheet = book.addWorksheet("Report", { views: [{ state: "frozen", ySplit: 4 }] });
  sheet.getCell("A1").value = "Report of {{day}}, {{ who }}";
  sheet.getCell("A1").font = { bold: true, size: 18, color: { argb: "FFFF0000" } };
  sheet.mergeCells("A1:D1");
  sheet.getCell("B2").value = "{{total}}";
  sheet.getCell("B2").numFmt = '#,##0.00 "EUR"';
  sheet.getCell("C2").value = "{{done}}";
  sheet.getCell("D2").value = "{{nothing}}";
  sheet.getCell("F1").value = { formula: "SUM(C5:C1000)", result: 0 };
  sheet.getRow(4).values = ["Id", "When", "Amount", "Note"];
  sheet.getCell("B5").numFmt = "dd.mm.yyyy";
  sheet.getCell("C5").numFmt = "0.000";
  sheet.getCell("C5").fill = { type: "pattern", pattern: "solid", fgColor: { argb: "FF00FF00" } };
  sheet.getCell("F5").value = "beside";
  sheet.getRow(5).height = 31;
  sheet.getColumn(1).width = 33;
  sheet.autoFilter = "A4:D5";
  sheet.getCell("H1").dataValidation = { type: "list", allowBlank: true, formulae: ['"a,b"'] };
  sheet.addConditionalFormatting({
    ref: "C5:C1000",
    rules: [
      {
        type: "cellIs",
        operator: "greaterThan",
        formulae: ["2"],
        priority: 1,
        style: { font: { bold: true } },
      },
    ],
  });
  const pixel = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  const image = book.addImage({ buffer: pixel, extension: "png" });
  sheet.addImage(image, "H2:I3");
  book.definedNames.add("Report!$A$5", "rows");
  const other = book.addWorksheet("Other");
  other.getCell("A1").value = { formula: "Report!F1*2", result: 0 };
  other.getCell("A2").value = "{{day}}";
  change(book);
  return put(folder, "template.xlsx", Buffer.from(await book.xlsx.writeBuffer()));
}

const VALUES = { day: "=today", who: "Zoë & <Co>", total: 12.5, done: true, nothing: null };

async function filled(options: object = {}, change?: (book: Workbook) => void) {
  const folder = await withFolder();
  await putTemplate(folder, change);
  await put(folder, "t.csv", TABLE);
  return ranExcel(folder, {
    to: "out.xlsx",
    template: "template.xlsx",
    values: VALUES,
    sheets: [{ name: "Report", from: "t.csv", at: "A5" }],
    ...options,
  });
}

describe("a template", () => {
  it("gets rows in the looks of the row that they begin in", async () => {
    const { file, sheets, rows } = await filled();
    expect({ sheets, rows }).toMatchObject({
      rows: 3,
      sheets: [{ name: "Report", rows: 3, columns: 4 }],
    });
    const sheet = await sheetAt(file, "Report");
    expect(
      valuesOf(sheet)
        .slice(3, 8)
        .map((row) => row.slice(0, 6)),
    ).toEqual([
      ["Id", "When", "Amount", "Note", null, null],
      ["001", day("2024-02-29"), 1.5, "=1+1", null, "beside"],
      ["002", day("2024-03-01"), null, "b", null, null],
      ["003", day("2024-03-02"), 3.25, "c", null, null],
    ]);
    for (const row of [5, 6, 7]) {
      expect(sheet.getCell(`B${row}`).numFmt).toBe("dd.mm.yyyy");
      expect(sheet.getCell(`C${row}`).numFmt).toBe("0.000");
      expect(sheet.getCell(`C${row}`).fill).toMatchObject({ fgColor: { argb: "FF00FF00" } });
      expect(sheet.getRow(row).height).toBe(31);
      expect(sheet.getCell(`A${row}`).numFmt).toBe("@");
    }
  });

  it("gets values for its placeholders, with their types", async () => {
    const { file } = await filled();
    const sheet = await sheetAt(file, "Report");
    expect(sheet.getCell("A1").value).toBe("Report of =today, Zoë & <Co>");
    expect([sheet.getCell("B2").value, sheet.getCell("B2").numFmt]).toEqual([
      12.5,
      '#,##0.00 "EUR"',
    ]);
    expect([sheet.getCell("C2").value, sheet.getCell("D2").value]).toEqual([true, null]);
    expect((await sheetAt(file, "Other")).getCell("A2").value).toBe("=today");
    const styles = await partOf(file, "xl/styles.xml");
    expect(styles).toContain('quotePrefix="1"');
  });

  it("keeps all else as it is", async () => {
    const { file } = await filled();
    const workbook = await workbookAt(file);
    const sheet = workbook.getWorksheet("Report")!;
    expect(sheet.getCell("A1").font).toMatchObject({
      bold: true,
      size: 18,
      color: { argb: "FFFF0000" },
    });
    expect(sheet.getCell("B1").isMerged).toBe(true);
    expect(sheet.getColumn(1).width).toBe(33);
    expect(sheet.views[0]).toMatchObject({ state: "frozen", ySplit: 4 });
    expect(sheet.getCell("F1").value).toMatchObject({ formula: "SUM(C5:C1000)" });
    expect(sheet.getCell("H1").dataValidation).toMatchObject({ type: "list", formulae: ['"a,b"'] });
    expect(sheet.getImages()).toHaveLength(1);
    expect(workbook.getWorksheet("Other")!.getCell("A1").value).toMatchObject({
      formula: "Report!F1*2",
    });
    const before = await workbookParts(join(file, "../template.xlsx"), 1e8);
    const after = await workbookParts(file, 1e8);
    expect([...after.keys()]).toEqual([...before.keys()]);
    const changed = [...before].flatMap(([name, bytes]) =>
      after.get(name)!.equals(bytes) ? [] : [name],
    );
    expect(changed.toSorted()).toEqual([
      "xl/sharedStrings.xml",
      "xl/styles.xml",
      "xl/workbook.xml",
      "xl/worksheets/sheet1.xml",
      "xl/worksheets/sheet2.xml",
    ]);
  });

  it("has filters and tables that reach as far as the rows, and is computed anew", async () => {
    const { file } = await filled({}, (book) => {
      book.addWorksheet("Tabled").addTable({
        name: "Sales",
        ref: "B2",
        headerRow: true,
        columns: [{ name: "id" }, { name: "when" }, { name: "amount" }, { name: "note" }],
        rows: [[null, null, null, null]],
      });
    });
    expect((await sheetAt(file, "Report")).autoFilter).toBe("A4:D7");
    expect(await partOf(file, "xl/workbook.xml")).toContain('<calcPr fullCalcOnLoad="1"/>');
    const folder = join(file, "..");
    const again = await ranExcel(folder, {
      to: "tabled.xlsx",
      template: "template.xlsx",
      values: VALUES,
      sheets: [{ name: "Tabled", from: "t.csv", at: "B3" }],
    });
    const table = await partOf(again.file, "xl/tables/table1.xml");
    expect(table.match(/\bref="[^"]*"/g)).toEqual(['ref="B2:E5"', 'ref="B2:E5"']);
    expect(valuesOf(await sheetAt(again.file, "Tabled")).at(-1)).toEqual([
      null,
      "003",
      day("2024-03-02"),
      3.25,
      "c",
    ]);
  });

  it("is filled at a name, whose sheet need not be told", async () => {
    const { file, sheets } = await filled({ sheets: [{ from: "t.csv", at: "rows" }] });
    expect(sheets[0]!.name).toBe("Report");
    expect((await sheetAt(file, "Report")).getCell("A7").value).toBe("003");
  });

  it("takes formats that are asked for before its own", async () => {
    const columns = [
      { from: "id" },
      { from: "when", format: "yyyy" },
      { from: "amount", format: "percent" },
    ];
    const { file } = await filled({
      sheets: [{ name: "Report", from: "t.csv", at: "A5", columns }],
    });
    const sheet = await sheetAt(file, "Report");
    expect(["B5", "C5", "C7"].map((at) => sheet.getCell(at).numFmt)).toEqual([
      "yyyy",
      "0.00%",
      "0.00%",
    ]);
    expect(sheet.getCell("C7").fill).toMatchObject({ fgColor: { argb: "FF00FF00" } });
  });

  it("of no rows keeps the row's looks", async () => {
    const folder = await withFolder();
    await putTemplate(folder);
    await put(folder, "none.csv", "id,when,amount,note\n");
    const { file } = await ranExcel(folder, {
      to: "out.xlsx",
      template: "template.xlsx",
      values: VALUES,
      sheets: [{ name: "Report", from: "none.csv", at: "A5" }],
    });
    const sheet = await sheetAt(file, "Report");
    expect([sheet.rowCount, sheet.getCell("C5").numFmt, sheet.getCell("A5").value]).toEqual([
      5,
      "0.000",
      null,
    ]);
    expect(sheet.autoFilter).toBe("A4:D5");
  });

  it("may have placeholders alone, and gives the same bytes each time", async () => {
    const first = await filled({ sheets: undefined });
    expect(first).toMatchObject({ sheets: [], rows: 0 });
    expect((await sheetAt(first.file, "Report")).getCell("B2").value).toBe(12.5);
    const options = { to: "again.xlsx", template: "template.xlsx", values: VALUES };
    const second = await ranExcel(join(first.file, ".."), options);
    expect(second.sha256).toBe(first.sha256);
  });
});

const invalid = (reason: RegExp) => ({
  code: "WORKBOOK_INVALID",
  message: expect.stringMatching(reason),
});

describe("a template is refused", () => {
  it.each<readonly [string, object, RegExp]>([
    [
      "without a value",
      { values: { day: "x" } },
      /asks for \{\{who\}\}, \{\{total\}\}, \{\{done\}\}, \{\{nothing\}\}/,
    ],
    [
      "without the sheet",
      { sheets: [{ name: "Reprt", from: "t.csv" }] },
      /no sheet "Reprt"\. Did you mean "Report"/,
    ],
    [
      "without the name",
      { sheets: [{ from: "t.csv", at: "row" }] },
      /no cell and no name "row"\. Did you mean "rows"/,
    ],
    [
      "for two tables in one sheet",
      {
        sheets: [
          { name: "Report", from: "t.csv", at: "A5" },
          { from: "t.csv", at: "rows" },
        ],
      },
      /"Report" would get two tables/,
    ],
    [
      "with something below",
      { sheets: [{ name: "Report", from: "t.csv", at: "A2" }] },
      /holds something in row 4, below row 2/,
    ],
    [
      "with merged cells in the way",
      { sheets: [{ name: "Report", from: "t.csv", at: "A1" }] },
      /holds something in row 2|merged cells/,
    ],
    [
      "with too little room",
      { sheets: [{ name: "Report", from: "t.csv", at: "A1048575" }] },
      /cannot hold 3 rows of 4 columns from A1048575 on/,
    ],
  ])("%s", async (_, options, reason) => {
    await expect(filled(options)).rejects.toMatchObject(invalid(reason));
  });

  it.each<readonly [string, (book: Workbook) => void, RegExp]>([
    [
      "merged cells",
      (book) => book.getWorksheet("Report")!.mergeCells("A6:B6"),
      /has the merged cells A6:B6 in rows/,
    ],
    [
      "a formula",
      (book) => {
        book.getWorksheet("Report")!.getCell("C5").value = { formula: "1+1", result: 2 };
      },
      /holds a formula in C5, which the table would overwrite/,
    ],
  ])("that has %s where rows go", async (_, change, reason) => {
    await expect(filled({}, change)).rejects.toMatchObject(invalid(reason));
  });

  it("that is not there, or none", async () => {
    await expect(filled({ template: "none.xlsx" })).rejects.toMatchObject({
      code: "INPUT_MISSING",
    });
    const folder = await withFolder();
    await writeFile(join(folder, "t.xlsx"), "no workbook");
    await expect(ranExcel(folder, { to: "o.xlsx", template: "t.xlsx" })).rejects.toMatchObject({
      code: "INPUT_UNREADABLE",
    });
  });
});
