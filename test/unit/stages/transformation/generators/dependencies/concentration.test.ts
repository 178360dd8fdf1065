import { expect, test } from "vitest";
import {
  gatherings,
  outside,
} from "../../../../../../src/stages/transformation/generators/dependencies/index.ts";
import { coded, column } from "./coded.ts";

const rows = Array.from({ length: 600 }, (_, i) => i);
const table = coded({
  rate: rows.map((i) => `r${i % 7}`),
  depot: rows.map((i) => `d${i % 30}`),
  driver: rows.map((i) => `p${(i * 7) % 40}`),
});
const rate = column(table, "rate");

test("disputed rows that fill one value of another column gather there", () => {
  const found = gatherings(
    table,
    rate,
    rows.filter((i) => i % 30 === 4),
  );
  expect(found.map(({ column: name, value }) => [name, value])).toEqual([["depot", "d4"]]);
  expect(found[0]?.rows.size).toBe(20);
  expect(outside(found)).toEqual([{ column: "depot", in: ["d4"] }]);
});

test("disputed rows all over the table gather nowhere", () => {
  expect(
    gatherings(
      table,
      rate,
      rows.filter((i) => (i * i + 3 * i) % 31 === 5),
    ),
  ).toEqual([]);
});

test("two disputed rows are no gathering, and the dependent itself says nothing", () => {
  expect(gatherings(table, rate, [4, 34])).toEqual([]);
  const alone = { ...table, columns: [rate] };
  const sevenths = rows.filter((i) => i % 7 === 0);
  expect(gatherings(alone, rate, sevenths)).toEqual([]);
});
