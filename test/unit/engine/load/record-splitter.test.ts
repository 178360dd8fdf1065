import { array, assert, constantFrom, integer, property, string, tuple } from "fast-check";
import { expect, test } from "vitest";
import { ByteScan } from "../../../../src/engine/load/byte-scan.ts";
import { type SplitDialect, splitRecord } from "../../../../src/engine/load/record-splitter.ts";
import { type Layout, renderRecord } from "../../../../src/engine/load/rendering.ts";

const QUOTE = 0x22;

function dialectOf(width: number): SplitDialect {
  const delimiter = Buffer.from(",");
  return {
    delimiter,
    blank: false,
    quote: QUOTE,
    escape: QUOTE,
    returnEnds: false,
    width,
    dataWidth: width,
  };
}

function splitAll(text: string, dialect: SplitDialect) {
  const buffer = Buffer.from(text);
  const records = [];
  for (let at = 0; at < buffer.length;) {
    const record = splitRecord(buffer, at, dialect, true);
    if (!record) throw new Error("more asked of a whole text");
    records.push(record);
    at = record.next;
  }
  return records;
}

const LAYOUT: Layout = {
  dialect: {
    encoding: "utf-8",
    bom: false,
    delimiter: ",",
    quote: '"',
    escape: '"',
    newline: "\n",
    finalNewline: true,
    header: true,
    quoting: "minimal",
    compression: "none",
  },
  quoting: ["minimal", "all", "filled"],
  trailingDelimiter: false,
};

const cell = string({
  unit: constantFrom("a", "é", ",", '"', "\n", "\r", " ", "1"),
  maxLength: 6,
});

test("what is rendered is split into the same cells, and both counts agree", () => {
  assert(
    property(array(tuple(cell, cell, cell), { minLength: 1, maxLength: 8 }), (rows) => {
      const text = rows.map((row) => `${renderRecord(row, LAYOUT)}\n`).join("");
      const records = splitAll(text, dialectOf(3));
      expect(records.map(({ problem }) => problem)).toEqual(rows.map(() => undefined));
      expect(records.map(({ values }) => values)).toEqual(rows);
      const scanner = new ByteScan(0x2c, QUOTE, 3);
      scanner.push(Buffer.from(text));
      const scan = scanner.end();
      expect([scan.records, scan.ragged, scan.strayQuotes]).toEqual([rows.length, 0, 0]);
      expect(scan.physicalLines).toBe(text.split(/\r\n|\n|\r/).length - 1);
    }),
    { numRuns: 500 },
  );
});

test("any text is split without losing a byte, and its lines are counted alike", () => {
  const noise = string({
    unit: constantFrom("a", ",", '"', "\n", "\r", "\r\n", "x,y\n"),
    maxLength: 40,
  });
  assert(
    property(noise, integer({ min: 1, max: 3 }), (text, width) => {
      const records = splitAll(text, dialectOf(width));
      const buffer = Buffer.from(text);
      expect(records.map(({ start, next }) => buffer.toString("utf8", start, next)).join("")).toBe(
        text,
      );
      const scanner = new ByteScan(0x2c, QUOTE, width);
      for (const byte of buffer) scanner.push(Uint8Array.of(byte));
      const lines = records.reduce((sum, { innerLines }) => sum + innerLines + 1, 0);
      expect(scanner.end().physicalLines).toBe(lines);
    }),
    { numRuns: 1_000 },
  );
});

test("a record that the buffer's end cuts asks for more", () => {
  for (const text of ['1,"a', "1,a", '1,"a"', "1,a\r"])
    expect(splitRecord(Buffer.from(text), 0, dialectOf(2), false)).toBeUndefined();
  expect(splitRecord(Buffer.from("1,a\n"), 0, dialectOf(2), false)?.values).toEqual(["1", "a"]);
});

test("a stray quote is text where that makes the record whole", () => {
  const [first, second] = splitAll('1,"5"" pipe\n2,"say "hi" to",\n', dialectOf(2));
  expect(first?.values).toEqual(["1", '"5"" pipe']);
  expect(second?.problem).toBe("TEXT_AFTER_QUOTE");
  expect(splitAll('2,"say "hi, you" to"\n', dialectOf(2))[0]?.values).toEqual([
    "2",
    'say "hi, you" to',
  ]);
});
