import { join } from "node:path";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { streamXlsxRows, writeXlsx } from "hucre/xlsx";
import { expect, test } from "vitest";
import type { Dataset } from "../../../../src/core/index.ts";
import { writeCleaned } from "../../../../src/engine/index.ts";
import { type Loading, withLoading } from "./loading.ts";

async function write(
  loading: Loading,
  dataset: Dataset,
  format: "source" | "csv" | "parquet" = "source",
): Promise<string> {
  const folder = join(loading.folder, "out");
  await mkdir(folder, { recursive: true });
  const { columns, recordsPath } = dataset;
  return writeCleaned({ dataset, columns, recordsPath, format, folder, ask: loading.ask });
}

test("JSON keeps the spelling of numbers, nested values as JSON, and keys in order of appearance", async () => {
  const loading = await withLoading();
  const text =
    '[{"a":1.50,"b":"x"},{"b":"","c":{"k":[1, 2]},"a":2e3},{"d":true,"a":12345678901234567890}]';
  const dataset = await loading.load(text, "in.json");
  expect(dataset.columns).toEqual([
    { name: "a", label: "a", sourceType: "DOUBLE" },
    { name: "b", label: "b", sourceType: "VARCHAR" },
    { name: "c", label: "c", sourceType: "JSON" },
    { name: "d", label: "d", sourceType: "BOOLEAN" },
  ]);
  expect(await loading.rows(dataset)).toEqual([
    [1, "1.50", "x", "", ""],
    [2, "2e3", "", '{"k":[1, 2]}', ""],
    [3, "12345678901234567890", "", "", "true"],
  ]);
  const path = await write(loading, dataset);
  expect(path.endsWith("cleaned.json")).toBe(true);
  expect(await readFile(path, "utf8")).toBe(
    '[\n{"a":1.50,"b":"x","c":null,"d":null},\n{"a":2e3,"b":null,"c":{"k":[1, 2]},"d":null},\n{"a":12345678901234567890,"b":null,"c":null,"d":true}\n]\n',
  );
});

test("whatever a line holds, it is written as it is", async () => {
  const loading = await withLoading();
  const texts = [
    "id,text\n1,#\nNULL,NULL\n3,# x\n4,\\N\n\\,\\\n6,\x01\n7,\x02a\n8,'\n",
    '"a",b\r\n"#",\r\n,"x\ny"\r\n"""",\u00e9\r\n',
    "a;b\n1;x\0y\n;\n ;\t\n2;z\n",
    "a,b\n1,2",
    'a\n""\n""\nx\n',
  ];
  for (const [index, text] of texts.entries()) {
    const dataset = await loading.load(text, `in${index}.csv`);
    expect(await readFile(await write(loading, dataset), "utf8")).toBe(text);
  }
});

test("rows that an object wraps are the rows, unless it holds more than one table", async () => {
  const loading = await withLoading();
  const wrapped = await loading.load('{"count":2,"data":[{"a":1},{"a":2,"b":[3]}]}', "w.json");
  expect(wrapped.files[0]!.format).toBe("json");
  expect(await loading.rows(wrapped)).toEqual([
    [1, "1", ""],
    [2, "2", "[3]"],
  ]);
  const two = await loading.load('{"a":[{"x":1}],"b":[{"y":2}]}', "two.json");
  expect(await loading.rows(two)).toEqual([[1, '[{"x":1}]', '[{"y":2}]']]);
  const lines = '{"id":1,"items":[{"x":1}]}\n{"id":2,"items":[{"x":2}]}\n';
  for (const name of ["lines.json", "lines.ndjson"])
    expect((await loading.load(lines, name)).columns.map(({ name: label }) => label)).toEqual([
      "id",
      "items",
    ]);
  const one = await loading.load('{"id":1,"items":[{"x":1}]}\n', "one.ndjson");
  expect(await loading.rows(one)).toEqual([[1, "1", '[{"x":1}]']]);
});

test("JSON without objects is refused", async () => {
  const loading = await withLoading();
  await expect(loading.load("[1, 2, 3]", "n.json")).rejects.toMatchObject({
    code: "INPUT_UNREADABLE",
  });
  await expect(loading.load("[]", "e.json")).rejects.toMatchObject({ code: "INPUT_EMPTY" });
});

test("Parquet gives its values as text and gets its types back", async () => {
  const loading = await withLoading();
  const source = join(loading.folder, "in.parquet");
  await loading.query(
    `COPY (SELECT i::INTEGER AS id, i / 4 AS ratio, DATE '2024-01-01' + i::INTEGER AS "day", [i, i] AS list, CASE WHEN i = 1 THEN '' ELSE 'x' END AS t FROM range(3) AS r(i)) TO '${source}' (FORMAT parquet)`,
  );
  const dataset = await loading.loadPaths([source]);
  expect(dataset.columns.map(({ sourceType }) => sourceType)).toEqual([
    "INTEGER",
    "DOUBLE",
    "DATE",
    "BIGINT[]",
    "VARCHAR",
  ]);
  expect(await loading.rows(dataset)).toEqual([
    [1, "0", "0.0", "2024-01-01", "[0,0]", "x"],
    [2, "1", "0.25", "2024-01-02", "[1,1]", ""],
    [3, "2", "0.5", "2024-01-03", "[2,2]", "x"],
  ]);
  const path = await write(loading, dataset);
  const described = await loading.query(`DESCRIBE SELECT * FROM read_parquet('${path}')`);
  expect(described.map((row) => row["column_type"])).toEqual([
    "INTEGER",
    "DOUBLE",
    "DATE",
    "BIGINT[]",
    "VARCHAR",
  ]);
  await expect(loading.load("PAR1 and nothing more", "bad.parquet")).rejects.toMatchObject({
    code: "INPUT_UNREADABLE",
  });
});

test("XLSX gives typed cells as text; text that looks like a formula stays text", async () => {
  const loading = await withLoading();
  const rows = [
    ["id", "when", "formula", "flag", "amount"],
    [1, new Date(Date.UTC(2024, 0, 2)), "=1+1", true, 0.1],
    [],
    [2, new Date(Date.UTC(2024, 0, 2, 3, 4, 5)), "_x0041_", false, 3],
  ];
  const file = await writeXlsx({
    sheets: [
      { name: "Other", rows: [["x"]] },
      { name: "Data & more", rows },
    ],
  });
  const dataset = await loading.load(file, "in.xlsx", { sheet: "Data & more" });
  expect(dataset.columns.map(({ sourceType }) => sourceType)).toEqual([
    "BIGINT",
    "TIMESTAMP",
    "VARCHAR",
    "BOOLEAN",
    "DOUBLE",
  ]);
  const staged = await loading.rows(dataset);
  expect(staged[0]).toEqual([1, "1", "2024-01-02", "=1+1", "true", "0.1"]);
  expect(staged[1]!.slice(0, 3)).toEqual([2, "2", "2024-01-02 03:04:05"]);
  expect(dataset.accounting.blankLines).toBe(1);
  const path = await write(loading, dataset);
  const cells = [];
  for await (const { values } of streamXlsxRows(await readFile(path), { sheet: "Data & more" }))
    cells.push(values);
  expect(cells[1]).toEqual([1, new Date(Date.UTC(2024, 0, 2)), "=1+1", true, 0.1]);
  await expect(loading.load(file, "in.xlsx", { sheet: "Data & mor" })).rejects.toThrow(
    /no sheet "Data & mor".*"Other", "Data & more".*Did you mean "Data & more"/,
  );
  await expect(
    loading.load(Buffer.from("PK\u0003\u0004 cut off"), "bad.xlsx"),
  ).rejects.toMatchObject({
    code: "INPUT_UNREADABLE",
  });
});

const TABLES: readonly (readonly [string, string | Buffer])[] = [
  ["plain.csv", 'id,name\n1,"a, b"\n2,"say ""x"""\n3,\n4,"two\nlines"\n'],
  ["semi.csv", "id;name;x\r\n1;a;ä\r\n2;b;ö\r\n3;;\r\n"],
  ["tab.tsv", "id\tname\n1\ta b\n2\tc\n"],
  ["latin.csv", Buffer.from("id,name\n1,Zo\xEB\n2,\xE9t\xE9\n", "latin1")],
  [
    "utf16.csv",
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("id,name\n1,ž\n2,y\n", "utf16le")]),
  ],
  ["quoted.csv", '"id","name"\n"1","a"\n"2",""\n'],
  ["one.csv", "name\na\n\nb\n"],
  ["backslash.csv", 'id,name\n1,"a \\"b\\" c"\n2,"d"\n3,"e, \\\\f"\n'],
  ["none.csv", 'id|name\n1|5" pipe\n2|6" pipe\n3|"odd\n4|x"y\n5|"z\n6|"q" r\n'],
];

test.each(TABLES)("what is written loads as it was: %s", async (name, content) => {
  const loading = await withLoading();
  const dataset = await loading.load(content, name);
  const path = await write(loading, dataset);
  const again = await loading.loadPaths([path], {}, "again");
  expect(await loading.rows(again)).toEqual(await loading.rows(dataset));
  expect(again.columns).toEqual(dataset.columns);
  const parquetPath = await write(loading, dataset, "parquet");
  const parquetAgain = await loading.loadPaths([parquetPath], {}, "parquet");
  expect(await loading.rows(parquetAgain)).toEqual(await loading.rows(dataset));
});

test("a character without a place in the encoding turns the file into UTF-8 and is not lost", async () => {
  const loading = await withLoading();
  const dataset = await loading.load(Buffer.from("id,name\n1,Zo\xEB\n", "latin1"), "latin.csv");
  const changed = join(loading.folder, "changed.parquet");
  await loading.query(
    `COPY (SELECT __row, id, 'Łódź' AS name FROM read_parquet('${dataset.recordsPath}')) TO '${changed}' (FORMAT parquet)`,
  );
  const path = await write(loading, { ...dataset, recordsPath: changed });
  expect(await readFile(path, "utf8")).toBe("\uFEFFid,name\n1,Łódź\n");
});

test("several thousand columns are written and read back", async () => {
  const loading = await withLoading();
  const names = Array.from({ length: 1_500 }, (_, i) => `c${i}`);
  const text = `${names.join(",")}\n${names.map((_, i) => i).join(",")}\n${names.join(",")}\n`;
  await writeFile(join(loading.folder, "w.csv"), text);
  const dataset = await loading.loadPaths([join(loading.folder, "w.csv")], { header: true });
  expect(dataset.rows).toBe(2);
  expect(await readFile(await write(loading, dataset), "utf8")).toBe(text);
});
