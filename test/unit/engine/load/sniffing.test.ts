import { expect, test } from "vitest";
import { kindOfCell } from "../../../../src/engine/load/cell-kinds.ts";
import { nameColumns } from "../../../../src/engine/load/column-names.ts";
import { detectFormat } from "../../../../src/engine/load/detect-format.ts";
import { membersOf } from "../../../../src/engine/load/json-elements.ts";
import { splitSample } from "../../../../src/engine/load/sample-records.ts";
import { sniffDialect } from "../../../../src/engine/load/sniff-dialect.ts";
import { sniffLayout } from "../../../../src/engine/load/sniff-layout.ts";

function layoutOf(text: string) {
  const dialect = sniffDialect(text, true, {});
  return sniffLayout(splitSample(text, dialect, true).records, dialect);
}

test("a decimal comma does not make the comma the delimiter", () => {
  expect(sniffDialect("a;b\n1,5;2,5\n3,5;4,5\n", true, {}).delimiter).toBe(";");
});

test("times do not make the colon the delimiter", () => {
  expect(sniffDialect("when,what\n10:00,a\n11:30,b\n", true, {}).delimiter).toBe(",");
});

test("a title and a line of Excel's are preamble", () => {
  expect(layoutOf("sep=;\na;b;c\n1;2;3\n4;5;6\n")).toMatchObject({ preamble: 6, width: 3 });
  expect(layoutOf("Title,,,\na,b,c,d\n1,2,3,4\n").preamble).toBe(9);
});

test("a header that is said twice is one header", () => {
  const layout = layoutOf("id,n\nid,n\n1,2\n3,4\n");
  expect(layout).toMatchObject({ headerRecords: 2, labels: ["id id", "n n"] });
});

test("row names without a heading get a column", () => {
  const layout = layoutOf("x,y\nr1,1,2\nr2,1,2\nr3,1,2\n");
  expect(layout).toMatchObject({ width: 3, labels: ["", "x", "y"] });
});

test("cells have kinds", () => {
  expect(
    ["1,234.50", "-3", "12 %", "2020-01-31", "9:30", "a@b.org", "N/A", "two words", "{;}"].map(
      (text) => kindOfCell(text),
    ),
  ).toEqual(["number", "number", "number", "date", "time", "link", "empty", "words", "other"]);
});

test("names are unique in any letter case", () => {
  const names = nameColumns(["a", "A", "a_2", "", "column_4"]).map(({ name }) => name);
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(5);
  expect(names.slice(0, 1)).toEqual(["a"]);
});

test("formats are told by content before name", () => {
  expect(detectFormat("x.csv", Buffer.from("PAR1...."))).toBe("parquet");
  expect(detectFormat("x.txt", Buffer.from(' [{"a":1}]'))).toBe("json");
  expect(detectFormat("x.json", Buffer.from('{"a":1}\n{"a":2}\n'))).toBe("ndjson");
  expect(detectFormat("x.csv", Buffer.from("[section],b\n"))).toBe("csv");
});

test("members keep the spelling of numbers; an object with a key twice is none", () => {
  expect(membersOf('{ "a" : 1.0e5 , "b":[1,{"c":"}"}], "d":"x\\"y", "e": null }')).toEqual([
    { key: "a", text: "1.0e5", kind: "number" },
    { key: "b", text: '[1,{"c":"}"}]', kind: "nested" },
    { key: "d", text: 'x"y', kind: "string" },
    { key: "e", text: "null", kind: "null" },
  ]);
  expect(membersOf('{"a":1,"a":2}')).toBeUndefined();
});
