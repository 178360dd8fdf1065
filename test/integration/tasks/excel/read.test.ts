import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Workbook } from "@cj-tech-master/excelts";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { withEngine, withFolder } from "../../../helpers/engine.ts";
import { put, ranExcel, type ReadBack } from "../../../helpers/excel.ts";
import { sheetOf, withChanged, workbookParts, zipArchive } from "../../../helpers/zip-archive.ts";

/** A workbook that another library wrote, from rows by sheet. */
async function putWorkbook(folder: string, name: string, sheets: Record<string, unknown[][]>) {
  const book = new Workbook();
  for (const [sheet, rows] of Object.entries(sheets)) {
    const added = book.addWorksheet(sheet);
    for (const row of rows) added.addRow(row);
  }
  return put(folder, name, Buffer.from(await book.xlsx.writeBuffer()));
}

const read = (folder: string, options: object) =>
  ranExcel<ReadBack>(folder, { action: "read", to: "out", ...options });

describe("sheets become tables", () => {
  it("each a CSV file, values as they are", async () => {
    const folder = await withFolder();
    const workbook = await putWorkbook(folder, "Book.xlsx", {
      Sales: [
        ["id", "when", "amount", "note", "sum"],
        [1, new Date(Date.UTC(2024, 1, 29)), 1.5, "a, b", { formula: "A2*2", result: 2 }],
        [2, new Date(Date.UTC(2024, 2, 1, 12, 30)), 0.1, 'say "x"', { formula: "A3*2", result: 4 }],
      ],
      "Ä b": [["n"], ["007"], [null], ["8"]],
      Empty: [],
    });
    const result = await read(folder, { read: "*.xlsx" });
    expect(result).toEqual({
      files: [join(folder, "out/Book.Sales.csv"), join(folder, "out/Book.Ä b.csv")],
      tables: [
        {
          file: join(folder, "out/Book.Sales.csv"),
          workbook,
          sheet: "Sales",
          rows: 2,
          columns: 5,
          leftOut: 0,
        },
        {
          file: join(folder, "out/Book.Ä b.csv"),
          workbook,
          sheet: "Ä b",
          rows: 2,
          columns: 1,
          leftOut: 0,
        },
        { file: null, workbook, sheet: "Empty", rows: 0, columns: 0, leftOut: 0 },
      ],
      rows: 4,
    });
    expect(await readFile(result.files[0]!, "utf8")).toBe(
      'id,when,amount,note,sum\n1,2024-02-29,1.5,"a, b",2\n2,2024-03-01 12:30:00,0.1,"say ""x""",4\n',
    );
    expect(await readFile(result.files[1]!, "utf8")).toBe("n\n007\n8\n");
    expect((await readdir(join(folder, "out"))).toSorted()).toEqual([
      "Book.Sales.csv",
      "Book.Ä b.csv",
    ]);
    expect((await readdir(folder)).toSorted()).toEqual(["Book.xlsx", "out"]);
  });

  it("or Parquet files, with types", async () => {
    const folder = await withFolder();
    await putWorkbook(folder, "b.xlsx", {
      S: [
        ["n", "d", "t"],
        [1, new Date(Date.UTC(2024, 1, 29)), "007"],
      ],
    });
    const { files } = await read(folder, { read: "b.xlsx", format: "parquet", to: "{yyyy}" });
    expect(files).toEqual([join(folder, "2026/b.S.parquet")]);
    const sql = `SELECT typeof(n) || ' ' || typeof(d) || ' ' || typeof(t) || ' ' || d || t AS x FROM '${files[0]}'`;
    const rows = await withEngine(folder).ask({ sql, row: z.object({ x: z.string() }) });
    expect(rows).toEqual([{ x: "BIGINT DATE VARCHAR 2024-02-29007" }]);
  });

  it("those that are named, in that order", async () => {
    const folder = await withFolder();
    const rows = [
      ["n", "m"],
      [1, 2],
    ];
    await putWorkbook(folder, "b.xlsx", { A: rows, B: rows, C: rows });
    const { files } = await read(folder, { read: "b.xlsx", sheets: ["C", "A"] });
    expect(files).toEqual([join(folder, "out/b.C.csv"), join(folder, "out/b.A.csv")]);
    await expect(read(folder, { read: "b.xlsx", sheets: ["D"] })).rejects.toMatchObject({
      code: "WORKBOOK_INVALID",
      message: expect.stringMatching(/b\.xlsx has no sheet "D"\. .*"A", "B", "C"|Did you mean/),
    });
  });

  it("without titles get the names of their columns", async () => {
    const folder = await withFolder();
    await putWorkbook(folder, "b.xlsx", {
      S: [
        ["x", 1],
        ["y", 2],
      ],
    });
    const { files } = await read(folder, { read: "b.xlsx", header: false });
    expect(await readFile(files[0]!, "utf8")).toBe("column_1,column_2\nx,1\ny,2\n");
  });

  it("again and again, the same", async () => {
    const folder = await withFolder();
    await putWorkbook(folder, "b.xlsx", {
      S: [
        ["n", "m"],
        [1, 2],
      ],
    });
    const first = await read(folder, { read: "b.xlsx" });
    expect(await read(folder, { read: "b.xlsx" })).toEqual(first);
  });

  it("but not with rows that are none, unless that is asked for", async () => {
    const folder = await withFolder();
    // As many rows as are looked at for the width of a table, then a wider one.
    const rows = Array.from({ length: 1_000 }, (_, n) => [n, n]);
    const book = { S: [["a", "b"], ...rows, [3, 4, 5], [6, 7]] };
    await putWorkbook(folder, "b.xlsx", book);
    await expect(read(folder, { read: "b.xlsx" })).rejects.toMatchObject({
      code: "WORKBOOK_INVALID",
      message: expect.stringMatching(/sheet "S": 1 of its records cannot be read as rows/),
    });
    expect(await readdir(join(folder, "out"))).toEqual([]);
    const { tables } = await read(folder, { read: "b.xlsx", damaged: "skip" });
    expect(tables[0]).toMatchObject({ rows: 1_001, leftOut: 1 });
  });
});

describe("CSV to XLSX and back", () => {
  it.each([
    [
      "numbers, days and times",
      "n,x,d,t\n1,0.25,2024-02-29,2024-02-29 23:59:59\n-20,1.5,1999-12-31,1970-01-01 00:00:01\n",
    ],
    ["ids and versions", "id,version,big\n007,1.10,12345678901234567890\n8,1.9,2\n"],
    [
      "text of all sorts",
      'a,b\n"x, y","say ""hi"""\n=1+1,\'quoted\n"two\nlines",  blanks  \n日本,😀\n_x0041_,<&>\n',
    ],
    ["empty cells", "a,b,c\n1,,3\n,x,\n"],
    ["times to the thousandth", "t,u\n2024-02-29 12:00:00.001,x\n2024-02-29 12:00:00.999,y\n"],
  ])("%s come back byte by byte", async (_, text) => {
    const folder = await withFolder();
    await put(folder, "t.csv", text);
    await ranExcel(folder, { to: "t.xlsx", files: "t.csv" });
    const { files } = await read(folder, { read: "t.xlsx" });
    expect(await readFile(files[0]!, "utf8")).toBe(text);
  });
});

describe("workbooks from outside", () => {
  const cell = '<row r="1"><c r="A1"><v>1</v></c></row>';

  it("that are bombs are refused before they burst, whatever they say of themselves", async () => {
    const folder = await withFolder();
    const bomb = sheetOf(`<row r="1"><c r="A1"><v>${" ".repeat(64 << 20)}</v></c></row>`);
    const parts = workbookParts(bomb);
    await put(folder, "honest.xlsx", zipArchive(parts));
    const lying = withChanged(parts, "xl/worksheets/sheet1.xml", { declared: 500 });
    await put(folder, "lying.xlsx", zipArchive(lying));
    for (const name of ["honest.xlsx", "lying.xlsx"])
      await expect(read(folder, { read: name })).rejects.toMatchObject({
        code: "WORKBOOK_INVALID",
        message: expect.stringMatching(/is no sound workbook: its part|declares 500 bytes/),
      });
    expect((await readdir(folder)).toSorted()).toEqual(["honest.xlsx", "lying.xlsx"]);
  });

  it("cannot write elsewhere by the names of their sheets", async () => {
    const folder = await withFolder();
    const sound = workbookParts(sheetOf(cell));
    const content = String(sound.find(({ name }) => name === "xl/workbook.xml")!.content);
    const evil = content.replace('"Data"', '"../../../evil"');
    const parts = withChanged(sound, "xl/workbook.xml", { content: evil });
    await put(folder, "in/b.xlsx", zipArchive(parts));
    const { files } = await read(folder, { read: "in/b.xlsx", to: "in/out" });
    expect(files).toEqual([join(folder, "in/out/b.__.._.._evil.csv")]);
    expect(await readdir(folder)).toEqual(["in"]);
  });

  it.each([
    [
      "with a password",
      Buffer.from("d0cf11e0a1b11ae1", "hex"),
      /protected by a password, or in the format of Excel 97/,
    ],
    ["that are none", Buffer.from("a,b\n1,2\n"), /it is no XLSX file/],
    ["that are nothing", Buffer.alloc(0), /it is no XLSX file/],
    [
      "that are half",
      zipArchive(workbookParts(sheetOf(cell))).subarray(0, 600),
      /no sound workbook/,
    ],
  ])("%s are refused", async (_, bytes, reason) => {
    const folder = await withFolder();
    await put(folder, "b.xlsx", bytes);
    await expect(read(folder, { read: "b.xlsx" })).rejects.toMatchObject({
      code: "WORKBOOK_INVALID",
      message: expect.stringMatching(reason),
    });
  });

  it("have to be there", async () => {
    await expect(read(await withFolder(), { read: "none.xlsx" })).rejects.toMatchObject({
      code: "INPUT_MISSING",
    });
  });
});
