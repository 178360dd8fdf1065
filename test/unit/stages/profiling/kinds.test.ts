import { describe, expect, test } from "vitest";
import { patternsOf } from "../../../../src/stages/profiling/pattern-part.ts";

/** Kind and formats of a column with these values, one row each. */
function read(values: readonly string[], extra: readonly string[] = []) {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return patternsOf(
    [...counts].map(([value, count]) => ({ value, count })),
    extra,
  );
}

function formats(values: readonly string[]): string[] {
  return read(values).formats.map(({ format, count }) => `${format}: ${count}`);
}

describe("the kind of a column", () => {
  test.each([
    ["integer", ["1", "25", "-3", "1,200"]],
    ["integer", ["1999", "2004", "2020", "2021"]],
    ["decimal", ["1.5", "2.25", "3"]],
    ["decimal", ["1,5", "2,25", "3,75"]],
    ["date", ["2020-01-02", "2021-12-31", "1999-05-05"]],
    ["date", ["5 Sep 2020", "12 Oct 2021"]],
    ["date", ["20200131", "20201201", "19990505"]],
    ["time", ["10:30", "23:59", "7:05"]],
    ["datetime", ["2020-01-02T03:04:05Z", "2020-01-02T03:04:06Z"]],
    ["boolean", ["yes", "no", "yes", "Yes"]],
    ["boolean", ["0", "1", "1"]],
    ["integer", ["0", "1", "1", "2"]],
    ["integer", ["1", "1"]],
    ["email", ["a@example.org", "b.c@example.co.uk"]],
    ["phone", ["(205) 325-8100", "(205) 325-8101", "+44 20 7946 0018"]],
    ["phone", ["744-9007", "517-7658"]],
    ["integer", ["7449007", "5177658"]],
    ["url", ["https://example.org/a?b=c", "http://example.org"]],
    ["code", ["01907", "89140", "35233"]],
    ["code", ["4111111111111111", "4111111111111112"]],
    ["code", Array.from({ length: 60 }, (_, i) => `AB-${1000 + i}`)],
    ["code", ["1.2.3", "1.10.0", "2.0.0-rc.1"]],
    ["text", ["The quick brown fox", "jumps over", "the lazy dog"]],
    ["text", ["12 Main St", "7 Elm Road", "99 Oak Avenue", "3 High Street"]],
    ["category", ["red", "red", "blue", "blue", "red"]],
    ["empty", []],
    ["empty", [" ", "\t"]],
    ["empty", ["N/A", "NULL", "n/a"]],
  ] as const)("is %s for %j", (kind, values) => {
    expect(read(values).kind).toBe(kind);
  });

  test("ten bare digits are telephone numbers only where all keep their rules", () => {
    const phones = Array.from({ length: 30 }, (_, i) => `205325${8100 + i}`);
    expect(read(phones).kind).toBe("phone");
    expect(read(phones.map((phone) => `1${phone.slice(1)}`)).kind).toBe("integer");
  });

  test("a lone slip with a leading zero leaves a column of numbers", () => {
    const values = Array.from({ length: 300 }, (_, i) => String(i + 1));
    expect(read([...values, "007"])).toMatchObject({ kind: "integer", exceptions: 1 });
  });

  test("exceptions are the filled cells that are of another kind", () => {
    expect(read(["1", "2", "3", "4", "x1"])).toMatchObject({
      kind: "integer",
      kindShare: 0.8,
      exceptions: 1,
    });
  });
});

describe("formats", () => {
  test("numbers tell thousands, percent, currency and unit", () => {
    const written = [
      "1,234.50",
      "1,234",
      "7",
      "7.25",
      "12%",
      "13 %",
      "$5",
      "(8)",
      "1,234,567",
      ...Array.from({ length: 6 }, (_, i) => `${i} kg`),
    ];
    expect(formats(written)).toEqual([
      "number kg: 6",
      "number,thousands: 3",
      "number: 2",
      "number %: 2",
      "$ number: 1",
      "(number): 1",
    ]);
  });

  test("a decimal comma is proved by the column", () => {
    expect(formats(["1.234", "1,5", "2,5"])).toEqual([
      "number decimal,: 2",
      "number.thousands decimal,: 1",
    ]);
    expect(read(["1.234", "1,5", "2,5"]).numbers?.max).toBe(1234);
  });

  test("a rare unit is an exception", () => {
    const values = Array.from({ length: 50 }, (_, i) => String(i));
    expect(read([...values, "10x"])).toMatchObject({ kind: "integer", exceptions: 1 });
  });

  test("days and months are told apart by the column's other dates", () => {
    expect(formats(["01/02/2020", "25/02/2020"])).toEqual(["%d/%m/%Y: 2"]);
    expect(formats(["01/02/2020", "02/25/2020"])).toEqual(["%m/%d/%Y: 2"]);
    expect(formats(["1/2/2020", "3/4/2020"])).toEqual(["%-d/%-m/%Y|%-m/%-d/%Y: 2"]);
    expect(formats(["1/2/2020", "13/4/2020", "4/13/2020"])).toHaveLength(3);
  });

  test("an impossible date is none", () => {
    expect(read(["2020-02-30", "2020-02-29", "2020-02-28", "2020-02-27"])).toMatchObject({
      kind: "date",
      exceptions: 1,
    });
  });

  test("times keep their halves of the day", () => {
    expect(formats(["7:10 a.m.", "12:30 p.m."])).toEqual(["%-I:%M a.m.: 2"]);
    expect(formats(["07:10 AM", "12:30 pm"])).toEqual(["%I:%M %p: 2"]);
  });

  test("codes show their exact shapes", () => {
    expect(formats(["01907", "89140", "1907"])).toEqual(["99999: 2", "9999: 1"]);
  });
});

describe("null tokens", () => {
  test("spellings for missing are no exceptions", () => {
    expect(read(["1", "2", "N/A", "-", "none"])).toMatchObject({
      kind: "integer",
      kindShare: 1,
      exceptions: 0,
      nullTokens: [
        { value: "-", count: 1 },
        { value: "N/A", count: 1 },
        { value: "none", count: 1 },
      ],
    });
  });

  test("a word like the column's other words is a value", () => {
    const values = ["none", "mild", "severe", "mild", "none", "n/a", "n/a"];
    expect(read(values).nullTokens).toEqual([{ value: "n/a", count: 2 }]);
  });

  test("a code like the column's other codes is a value", () => {
    expect(read(["NA", "DE", "FR", "NA", "DE", "FR"]).nullTokens).toEqual([]);
  });

  test("a column of nothing but such words holds values", () => {
    expect(read(["none", "none", "nil", "nil", "nil"])).toMatchObject({
      kind: "category",
      nullTokens: [],
    });
  });

  test("further spellings can be named", () => {
    expect(read(["1", "2", "no idea"], ["No Idea"]).nullTokens).toHaveLength(1);
  });
});

test("statistics of numbers are exact", () => {
  const numbers = read(["1", "2", "2", "3", "10"]).numbers;
  expect(numbers).toMatchObject({
    min: 1,
    max: 10,
    mean: 3.6,
    quantiles: { p25: 2, p50: 2, p75: 3 },
  });
  expect(numbers?.histogram.reduce((sum, { count }) => sum + count, 0)).toBe(5);
});

test("patterns count the shapes of all filled cells", () => {
  expect(read(["Ab 12", "Cd 3", "x"]).patterns).toEqual([
    { format: "Aa 9", count: 2, examples: ["Ab 12", "Cd 3"] },
    { format: "a", count: 1, examples: ["x"] },
  ]);
});
