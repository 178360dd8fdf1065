import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ValueType } from "@cj-tech-master/excelts";
import { streamXlsxRows } from "hucre/xlsx";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { withEngine, withFolder } from "../../../helpers/engine.ts";
import { partOf, put, ranExcel, sheetAt, valuesOf, workbookAt } from "../../../helpers/excel.ts";

const day = (text: string) => new Date(`${text}Z`);

/** Write a table as one sheet and read it with another library. */
async function cellsOf(text: string | Buffer, options: object = {}, name = "table.csv") {
  const folder = await withFolder();
  await put(folder, name, text);
  const { file } = await ranExcel(folder, { to: "out.xlsx", files: name, ...options });
  return valuesOf(await sheetAt(file));
}

describe("types", () => {
  it("of a text file are believed only when nothing would look otherwise", async () => {
    const text = [
      "id,zip,price,version,mixed,when,at,late,long,ean,share,empty,flag",
      "1,01234,1.50,1.9,1,2024-02-29,2024-02-29 23:59:59,2024-01-01,12345678901234567890,4006381333931,0.125,,true",
      "-2,99999,20.00,1.10,x,2024-03-01,2024-03-01T00:00:00,01.02.2024,1,1,2,,false",
    ].join("\n");
    const [, first, second] = await cellsOf(text);
    expect(first).toEqual([
      1,
      "01234",
      1.5,
      "1.9",
      "1",
      day("2024-02-29"),
      day("2024-02-29T23:59:59"),
      "2024-01-01",
      "12345678901234567890",
      "4006381333931",
      0.125,
      null,
      "true",
    ]);
    expect(second).toEqual([
      -2,
      "99999",
      20,
      "1.10",
      "x",
      day("2024-03-01"),
      day("2024-03-01"),
      "01.02.2024",
      "1",
      "1",
      2,
      null,
      "false",
    ]);
  });

  it("show numbers as the file did, and days as days", async () => {
    const folder = await withFolder();
    await put(
      folder,
      "t.csv",
      "n,price,rate,when,at,code\n1,1.50,0.5,2024-02-29,2024-02-29 12:00,007\n2,2.00,0.25,2024-03-01,2024-03-01 13:00,008\n",
    );
    const { file } = await ranExcel(folder, { to: "t.xlsx", files: "t.csv" });
    const sheet = await sheetAt(file);
    const formats = ["A2", "B2", "C2", "D2", "E2", "F2"].map((at) => sheet.getCell(at).numFmt);
    expect(formats).toEqual(["0", "0.00", undefined, "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "@"]);
  });

  it("are those of a Parquet file", async () => {
    const folder = await withFolder();
    const path = join(folder, "typed.parquet");
    await withEngine(folder).ask({
      setup: [
        `COPY (SELECT * FROM (VALUES
          (1::BIGINT, 0.1::DOUBLE, 12.50::DECIMAL(9,2), DATE '2024-02-29', TIMESTAMP '2024-02-29 12:30:00.5', true, '007', 12345678901234567::BIGINT, [1, 2]),
          (2, 'nan'::DOUBLE, -1, DATE '1899-12-31', TIMESTAMP '2024-03-01', false, '8', 2, NULL),
          (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL))
          AS t(whole, rate, price, born, seen, flag, code, big, list)) TO '${path}' (FORMAT parquet)`,
      ],
      sql: "SELECT 1 AS n",
      row: z.unknown(),
    });
    const written = await ranExcel(folder, { to: "t.xlsx", files: "typed.parquet" });
    const rows = valuesOf(await sheetAt(written.file));
    expect(rows.slice(1, 3)).toEqual([
      [
        1,
        0.1,
        12.5,
        day("2024-02-29"),
        day("2024-02-29T12:30:00.500"),
        true,
        "007",
        "12345678901234567",
        "[1,2]",
      ],
      [2, "nan", -1, "1899-12-31", day("2024-03-01"), false, "8", "2", null],
    ]);
    expect(written).toMatchObject({ rows: 3, sheets: [{ rows: 3, columns: 9, misfits: 2 }] });
  });

  it("of a Parquet file that knows text alone are looked for in its values", async () => {
    const folder = await withFolder();
    const path = join(folder, "plain.parquet");
    const setup = [`COPY (SELECT '12' AS n, '012' AS code) TO '${path}' (FORMAT parquet)`];
    await withEngine(folder).ask({ setup, sql: "SELECT 1 AS n", row: z.unknown() });
    const { file } = await ranExcel(folder, { to: "t.xlsx", files: "plain.parquet" });
    expect(valuesOf(await sheetAt(file))[1]).toEqual([12, "012"]);
  });

  it("can be left alone", async () => {
    expect(await cellsOf("n,d\n1,2024-02-29\n", { types: "text" })).toEqual([
      ["n", "d"],
      ["1", "2024-02-29"],
    ]);
  });

  it("of JSON and NDJSON are their own", async () => {
    const rows = '[{"n":1.5,"t":"01","ok":true,"big":12345678901234567890}]';
    expect(await cellsOf(rows, {}, "t.json")).toEqual([
      ["n", "t", "ok", "big"],
      [1.5, "01", true, "12345678901234567890"],
    ]);
    expect(await cellsOf('{"n":1}\n{"n":2}\n', {}, "t.ndjson")).toEqual([["n"], [1], [2]]);
  });
});

describe("columns", () => {
  const text = "id,when,amount,share,note\n7,2024-02-29,1234.5,0.125,a\n8,2024-03-01,n/a,50%,b\n";

  it("are chosen, ordered, titled and formatted", async () => {
    const folder = await withFolder();
    await put(folder, "t.csv", text);
    const columns = [
      { from: "amount", header: "Betrag", format: "currency" },
      { from: "when", format: "dd.mm.yyyy", width: 14 },
      { from: "share", format: "percent" },
      { from: "id", format: "text" },
    ];
    const { file, sheets } = await ranExcel(folder, {
      to: "t.xlsx",
      sheets: [{ name: "Zahlen", from: "t.csv", columns }],
    });
    const sheet = await sheetAt(file, "Zahlen");
    expect(valuesOf(sheet)).toEqual([
      ["Betrag", "when", "share", "id"],
      [1234.5, day("2024-02-29"), 0.125, "7"],
      ["n/a", day("2024-03-01"), 0.5, "8"],
    ]);
    expect(["A2", "B2", "C2", "D2", "A3"].map((at) => sheet.getCell(at).numFmt)).toEqual([
      "#,##0.00",
      "dd.mm.yyyy",
      "0.00%",
      "@",
      "@",
    ]);
    expect(sheet.getColumn(2).width).toBe(14);
    expect(sheets).toEqual([
      {
        name: "Zahlen",
        rows: 2,
        columns: 4,
        source: [join(folder, "t.csv")],
        misfits: 1,
        cut: 0,
        leftOut: 0,
      },
    ]);
  });

  it("that are not named follow when that is asked for", async () => {
    const sheets = [{ from: "table.csv", columns: [{ from: "note" }], keepOther: true }];
    const [titles] = await cellsOf(text, { files: undefined, sheets });
    expect(titles).toEqual(["note", "id", "when", "amount", "share"]);
  });

  it("have values that fit, or the task fails where that is asked for", async () => {
    const sheets = [{ from: "table.csv", columns: [{ from: "amount", format: "number" }] }];
    await expect(
      cellsOf(text, { files: undefined, sheets, misfit: "error" }),
    ).rejects.toMatchObject({
      code: "WORKBOOK_INVALID",
      message: expect.stringMatching(
        /table\.csv, record 2, column "amount": expected a number, got "n\/a"/,
      ),
    });
  });

  it("have to be there", async () => {
    const sheets = [{ from: "table.csv", columns: [{ from: "amont" }] }];
    await expect(cellsOf(text, { files: undefined, sheets })).rejects.toMatchObject({
      code: "COLUMN_UNKNOWN",
      message: expect.stringMatching(/no column "amont"\. Did you mean "amount"/),
    });
  });

  it("with a zone of their own are told in the run's", async () => {
    const sheets = [{ from: "table.csv", columns: [{ from: "t", format: "datetime" }] }];
    const table = "t,u\n2024-07-01T10:00:00Z,x\n";
    const rows = await cellsOf(table, { files: undefined, sheets });
    expect(rows[1]).toEqual([day("2024-07-01T12:00:00")]);
    expect((await cellsOf(table))[1]).toEqual(["2024-07-01T10:00:00Z", "x"]);
  });
});

describe("a sheet", () => {
  it("has bold titles that stay in sight, with filters", async () => {
    const folder = await withFolder();
    await put(folder, "sales.csv", "a,b\n1,2\n");
    const { file } = await ranExcel(folder, { to: "t.xlsx", files: "sales.csv" });
    const sheet = await sheetAt(file, "sales");
    expect(sheet.views[0]).toMatchObject({ state: "frozen", ySplit: 1, topLeftCell: "A2" });
    expect(sheet.autoFilter).toBe("A1:B2");
    expect(sheet.getCell("A1").font).toMatchObject({ bold: true });
    expect(sheet.getCell("A2").font).not.toMatchObject({ bold: true });
  });

  it("does without where that is asked for, each for itself", async () => {
    const folder = await withFolder();
    await put(folder, "sales.csv", "a,b\n1,2\n");
    const { file } = await ranExcel(folder, {
      to: "t.xlsx",
      header: false,
      sheets: [
        { name: "bare", from: "sales.csv" },
        { name: "titled", from: "sales.csv", header: true, freeze: false, filter: false },
      ],
    });
    const workbook = await workbookAt(file);
    const [bare, titled] = workbook.worksheets;
    expect(valuesOf(bare!)).toEqual([[1, 2]]);
    expect([bare!.views[0]?.state, bare!.autoFilter]).toEqual(["normal", undefined]);
    expect(valuesOf(titled!)).toEqual([
      ["a", "b"],
      [1, 2],
    ]);
    expect([titled!.views[0]?.state, titled!.autoFilter]).toEqual(["normal", undefined]);
  });

  it("goes on in further sheets when it is full", async () => {
    const folder = await withFolder();
    await put(folder, "t.csv", `n\n${Array.from({ length: 25 }, (_, n) => n).join("\n")}\n`);
    await put(folder, "T (2).csv", "n\nother\n");
    const { file, sheets, rows } = await ranExcel(folder, {
      to: "t.xlsx",
      files: ["t.csv", "T (2).csv"],
      maxRows: 11,
    });
    expect(sheets.map(({ name, rows: own }) => [name, own])).toEqual([
      ["t", 10],
      ["t (3)", 10],
      ["t (4)", 5],
      ["T (2)", 1],
    ]);
    expect(rows).toBe(26);
    const workbook = await workbookAt(file);
    const cells = workbook.worksheets.map((sheet) => valuesOf(sheet));
    expect(cells[1]?.slice(0, 2)).toEqual([["n"], [10]]);
    expect(cells[2]?.at(-1)).toEqual([24]);
    expect(workbook.worksheets.every(({ views }) => views[0]?.state === "frozen")).toBe(true);
  });

  it("or the task fails", async () => {
    await expect(cellsOf("n\n1\n2\n3\n", { maxRows: 3, split: "error" })).rejects.toMatchObject({
      code: "WORKBOOK_INVALID",
      message: expect.stringContaining(
        'Sheet "table" would have 4 rows, and it is to hold at most 3',
      ),
    });
  });

  it("may be empty", async () => {
    const folder = await withFolder();
    await put(folder, "none.csv", "a,b\n");
    const written = await ranExcel(folder, { to: "t.xlsx", files: "none.csv" });
    expect(valuesOf(await sheetAt(written.file))).toEqual([["a", "b"]]);
    expect(written).toMatchObject({ rows: 0, sheets: [{ name: "none", rows: 0, columns: 2 }] });
    const bare = await ranExcel(folder, { to: "u.xlsx", files: "none.csv", header: false });
    expect((await sheetAt(bare.file)).rowCount).toBe(0);
  });

  it("may be wide", async () => {
    const width = 1_200;
    const titles = Array.from({ length: width }, (_, i) => `c${i}`);
    const rows = await cellsOf(`${titles.join(",")}\n${titles.map((_, i) => i).join(",")}\n`);
    expect(rows).toEqual([titles, titles.map((_, i) => i)]);
  });

  it.each([
    ["8GB", "WORKBOOK_INVALID", /16385 columns, and a sheet holds at most 16384/],
    ["1GB", "INPUT_UNREADABLE", /16,385 columns; with .* Set memoryLimit to 7GB or more/],
  ])("cannot be wider than a sheet is, or than %s carry", async (memoryLimit, code, reason) => {
    const line = Array.from({ length: 16_385 }, (_, i) => `c${i}`).join(",");
    await expect(cellsOf(`${line}\n`, { memoryLimit })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(reason),
    });
  });

  it("holds several files as one table", async () => {
    const folder = await withFolder();
    await put(folder, "in/a.csv", "n\n1\n");
    await put(folder, "in/b.csv", "n\n2\n");
    const { file, sheets } = await ranExcel(folder, {
      to: "t.xlsx",
      sheets: [{ from: "in/*.csv", name: "all" }],
    });
    expect(valuesOf(await sheetAt(file))).toEqual([["n"], [1], [2]]);
    expect(sheets[0]!.source).toEqual([join(folder, "in/a.csv"), join(folder, "in/b.csv")]);
  });
});

describe("names of sheets", () => {
  it("come from files, prepared tables from their datasets, each once", async () => {
    const folder = await withFolder();
    const files = [
      "out/wifi/cleaned.csv",
      "out/lan/cleaned.csv",
      "in/Sales: 1.csv",
      "more/sales_ 1.csv",
      `in/${"long".repeat(10)}.csv`,
    ];
    for (const name of files) await put(folder, name, "n\n1\n");
    await put(folder, "out/wifi/cleaned.tsv", "n\n1\n");
    const { sheets } = await ranExcel(folder, {
      to: "t.xlsx",
      files: [...files, "out/wifi/cleaned.tsv"],
    });
    expect(sheets.map(({ name }) => name)).toEqual([
      "wifi",
      "lan",
      "Sales_ 1",
      "sales_ 1 (2)",
      "long".repeat(10).slice(0, 31),
    ]);
  });

  it("that somebody wrote stay, and others give way", async () => {
    const folder = await withFolder();
    await put(folder, "data.csv", "n\n1\n");
    const { sheets } = await ranExcel(folder, {
      to: "t.xlsx",
      sheets: [
        { from: "data.csv" },
        { name: "DATA", from: "data.csv" },
        { name: "{ddMMM}", from: "data.csv" },
      ],
    });
    expect(sheets.map(({ name }) => name)).toEqual(["data (2)", "DATA", "01Mar"]);
  });

  it("that two sheets have are refused", async () => {
    const sheets = [
      { name: "a", from: "table.csv" },
      { name: "A", from: "table.csv" },
    ];
    await expect(cellsOf("n\n1\n", { files: undefined, sheets })).rejects.toMatchObject({
      code: "WORKBOOK_INVALID",
      message: expect.stringContaining('"A" cannot be the name of a sheet: another sheet has it'),
    });
  });
});

describe("text", () => {
  it("of every script and with every sign comes back as it was", async () => {
    const texts = [
      "Zoë Müller",
      "日本語テキスト",
      "👩‍👩‍👧‍👦 and 🇦🇹",
      "שלום עולם",
      "مرحبا بالعالم",
      "\u202Eright to left\u202C",
      "e\u0301 combined",
      "<b> & \"quotes\" 'too'",
      "  blanks around  ",
      "]]> ends nothing",
      "two\nlines",
      "with\ttab",
    ];
    const lines = texts.map((text) => `"${text.replaceAll('"', '""')}",x`);
    const rows = await cellsOf(`t,u\n${lines.join("\n")}\n`);
    expect(rows.slice(1).map(([text]) => text)).toEqual(texts);
  });

  it("with signs that XML does not know is kept by their codes", async () => {
    const folder = await withFolder();
    const text = "bell\u0007, escape\u001B, return\r\nand \uFFFF, but _x0041_ is no code";
    await put(folder, "t.json", JSON.stringify([{ t: text }]));
    const { file } = await ranExcel(folder, { to: "t.xlsx", files: "t.json" });
    const xml = await partOf(file, "xl/worksheets/sheet1.xml");
    expect(xml).toContain(
      "bell_x0007_, escape_x001B_, return_x000D_\nand _xFFFF_, but _x005F_x0041_ is no code",
    );
    const cells = [];
    for await (const { values } of streamXlsxRows(await readFile(file))) cells.push(values);
    expect(cells).toEqual([["t"], [text]]);
  });

  it("that is longer than a cell fails with its place, or is cut", async () => {
    const text = `id,note\n1,short\n2,${"x".repeat(32_768)}\n`;
    await expect(cellsOf(text)).rejects.toMatchObject({
      code: "WORKBOOK_INVALID",
      message: expect.stringMatching(/table\.csv, record 2, column "note": 32768 characters/),
    });
    const folder = await withFolder();
    await put(folder, "t.csv", text);
    const { file, sheets } = await ranExcel(folder, { to: "t.xlsx", files: "t.csv", long: "cut" });
    expect(valuesOf(await sheetAt(file))[2]).toEqual([2, "x".repeat(32_767)]);
    expect(sheets[0]).toMatchObject({ cut: 1 });
  });
});

describe("the workbook", () => {
  it("is the same bytes for the same tables", async () => {
    const folder = await withFolder();
    await put(folder, "t.csv", "a,b\n1,x\n2,y\n");
    const first = await ranExcel(folder, { to: "1.xlsx", files: "t.csv" });
    const second = await ranExcel(folder, { to: "2.xlsx", files: "t.csv" });
    expect(second.sha256).toBe(first.sha256);
    expect(await readFile(second.file)).toEqual(await readFile(first.file));
    expect((await readFile(first.file)).length).toBe(first.bytes);
  });

  it("tells the run's time as its own", async () => {
    const folder = await withFolder();
    await put(folder, "t.csv", "a\n1\n");
    const { file } = await ranExcel(folder, { to: "{yyyy}/{MMdd}.xlsx", files: "t.csv" });
    expect(file).toBe(join(folder, "2026/0301.xlsx"));
    expect((await workbookAt(file)).created).toEqual(day("2026-03-01T10:00:00"));
  });

  it("replaces another, or leaves it where that is asked for", async () => {
    const folder = await withFolder();
    await put(folder, "t.csv", "a\n1\n");
    const options = { to: "t.xlsx", files: "t.csv" };
    await put(folder, "t.xlsx", "something else");
    await expect(ranExcel(folder, { ...options, overwrite: false })).rejects.toMatchObject({
      code: "WORKBOOK_INVALID",
      message: expect.stringContaining("is there already and holds something else"),
    });
    expect(await readFile(join(folder, "t.xlsx"), "utf8")).toBe("something else");
    const written = await ranExcel(folder, options);
    // An attempt that was cut off after it had written the same finds it and is content.
    expect(await ranExcel(folder, { ...options, overwrite: false })).toEqual(written);
    expect((await readdir(folder)).toSorted()).toEqual(["t.csv", "t.xlsx"]);
  });

  it("is written from sound tables alone, unless that is asked for", async () => {
    const text = "a,b\n1,2\n3,4,5\n6,7\n";
    await expect(cellsOf(text)).rejects.toMatchObject({
      code: "WORKBOOK_INVALID",
      message: expect.stringMatching(/1 of its records cannot be read as rows, first record 2/),
    });
    const folder = await withFolder();
    await put(folder, "t.csv", text);
    const { file, sheets } = await ranExcel(folder, {
      to: "t.xlsx",
      files: "t.csv",
      damaged: "skip",
    });
    expect(valuesOf(await sheetAt(file))).toEqual([
      ["a", "b"],
      [1, 2],
      [6, 7],
    ]);
    expect(sheets[0]).toMatchObject({ rows: 2, leftOut: 1 });
  });

  it("does not leave a folder that its name went into", async () => {
    const folder = await withFolder();
    await put(folder, "t.csv", "a,b\n1,2\n");
    for (const to of ["out/../../evil.xlsx", "out/x/../../../evil.xlsx", "out\\..\\..\\evil.xlsx"])
      await expect(ranExcel(folder, { to, files: "t.csv" })).rejects.toMatchObject({
        code: "PATH_OUTSIDE",
      });
    await put(folder, "config/x", "");
    const beside = await ranExcel(join(folder, "config"), { to: "../t.xlsx", files: "../t.csv" });
    expect(beside.file).toBe(join(folder, "t.xlsx"));
  });

  it("says that it cannot be written where that is so", async () => {
    const folder = await withFolder();
    await put(folder, "t.csv", "a,b\n1,2\n");
    await expect(ranExcel(folder, { to: "t.csv/u.xlsx", files: "t.csv" })).rejects.toMatchObject({
      code: "OUTPUT_UNWRITABLE",
    });
    expect(await readdir(folder)).toEqual(["t.csv"]);
  });

  it("leaves nothing behind when a table is not there", async () => {
    const folder = await withFolder();
    await put(folder, "t.csv", "a\n1\n");
    const sheets = [{ from: "t.csv" }, { from: "u.csv" }];
    await expect(ranExcel(folder, { to: "t.xlsx", sheets })).rejects.toMatchObject({
      code: "INPUT_MISSING",
    });
    expect(await readdir(folder)).toEqual(["t.csv"]);
  });
});

it("no cell is a formula, an error or a link", async () => {
  const rows = await cellsOf("a,b\n=1+1,#REF!\nhttp://x,mailto:y\n");
  expect(rows.slice(1)).toEqual([
    ["=1+1", "#REF!"],
    ["http://x", "mailto:y"],
  ]);
  const folder = await withFolder();
  await put(folder, "t.csv", "a,b\n=1+1,#REF!\nhttp://x,mailto:y\n");
  const { file } = await ranExcel(folder, { to: "t.xlsx", files: "t.csv" });
  const sheet = await sheetAt(file);
  const types = ["A2", "B2", "A3", "B3"].map((at) => sheet.getCell(at).type);
  expect(types).toEqual(types.map(() => ValueType.String));
});
