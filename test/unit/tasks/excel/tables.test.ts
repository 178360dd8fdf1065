import { describe, expect, it } from "vitest";
import { chosenColumns } from "../../../../src/tasks/excel/tables/chosen-columns.ts";
import { tableName, withoutTwins } from "../../../../src/tasks/excel/tables/index.ts";
import { tableFileNames } from "../../../../src/tasks/excel/table-file-names.ts";

const column = (name: string, label = name) => ({ name, label, sourceType: null });
const columns = [
  column("id"),
  column("x"),
  column("x_2", "x"),
  column("column_4", ""),
  column("a b", " a b "),
];
const titles = (chosen: ReturnType<typeof chosenColumns>) =>
  chosen.map(({ column: { name }, wish: { title } }) => `${name}=${title}`);

describe("chosenColumns", () => {
  it("takes all, titled as in the file", () => {
    expect(titles(chosenColumns(columns, undefined, false, "t"))).toEqual([
      "id=id",
      "x=x",
      "x_2=x",
      "column_4=column_4",
      "a b= a b ",
    ]);
  });

  it("takes what is asked for, in that order, and the rest behind it", () => {
    const choices = [{ from: "x_2", header: "Second" }, { from: "id" }];
    expect(titles(chosenColumns(columns, choices, false, "t"))).toEqual(["x_2=Second", "id=id"]);
    expect(titles(chosenColumns(columns, choices, true, "t"))).toEqual([
      "x_2=Second",
      "id=id",
      "x=x",
      "column_4=column_4",
      "a b= a b ",
    ]);
  });

  it("finds a column by the heading as it stands in the file", () => {
    expect(titles(chosenColumns(columns, [{ from: " a b " }], false, "t"))).toEqual(["a b= a b "]);
  });

  it.each([
    ["idd", 't has no column "idd". Did you mean "id"?'],
    ["zzzzzz", 't has no column "zzzzzz". It has "id", "x", "x_2", "column_4", "a b".'],
  ])("says what is there when it is asked for %s", (from, reason) => {
    expect(() => chosenColumns(columns, [{ from }], false, "t")).toThrow(
      expect.objectContaining({ code: "COLUMN_UNKNOWN", message: expect.stringContaining(reason) }),
    );
  });

  it("does not choose between two headings that are alike", () => {
    const alike = [column("a_2", " a"), column("a_3", " a")];
    expect(() => chosenColumns(alike, [{ from: " a" }], false, "t")).toThrow(
      /2 columns " a": name one of "a_2", "a_3"/,
    );
  });
});

describe("withoutTwins", () => {
  it("takes a prepared table once, as Parquet where it is there", () => {
    const files = [
      "/o/wifi/cleaned.csv",
      "/o/wifi/cleaned.parquet",
      "/o/lan/cleaned.csv",
      "/o/lan/cleaned.tsv",
    ];
    expect(withoutTwins(files)).toEqual(["/o/wifi/cleaned.parquet", "/o/lan/cleaned.csv"]);
  });

  it("takes other tables once where one of them is Parquet, and leaves the rest alone", () => {
    const files = [
      "/a.csv.gz",
      "/a.parquet",
      "/b.csv",
      "/b.txt",
      "/c.1.csv",
      "/c.2.csv",
      "/a/a.csv",
    ];
    expect(withoutTwins(files)).toEqual([
      "/a.parquet",
      "/b.csv",
      "/b.txt",
      "/c.1.csv",
      "/c.2.csv",
      "/a/a.csv",
    ]);
  });
});

it.each([
  ["/in/sales.csv", "sales"],
  ["/in/sales.2024.csv.gz", "sales.2024"],
  ["/out/wifi/cleaned.parquet", "wifi"],
  ["/in/noextension", "noextension"],
])("the table of %s is called %s", (file, name) => {
  expect(tableName(file)).toBe(name);
});

it("files of sheets stay in their folder whatever the sheets are called", () => {
  const sheets = [
    "Data",
    "data",
    "../../etc/passwd",
    "..",
    "a:b|c",
    "",
    "x\u0000y",
    "é".repeat(200),
  ];
  const names = tableFileNames(
    sheets.map((sheet) => ({ path: "/in/Book.xlsx", sheet })),
    ".csv",
  );
  expect(names.slice(0, 7)).toEqual([
    "Book.Data.csv",
    "Book.data (2).csv",
    "Book.__.._etc_passwd.csv",
    "Book._.csv",
    "Book.a_b_c.csv",
    "Book._ (2).csv",
    "Book.x_y.csv",
  ]);
  expect(names.every((name) => !/[/\\]|^\./.test(name) && Buffer.byteLength(name) < 255)).toBe(
    true,
  );
});
