import { expect, test } from "vitest";
import {
  distributionOf,
  groupingOf,
} from "../../../../../../src/stages/transformation/generators/dependencies/index.ts";
import { trustOf } from "../../../../../../src/stages/transformation/generators/dependencies/trust.ts";
import { wilsonLower } from "../../../../../../src/stages/transformation/generators/dependencies/intervals.ts";
import { coded, column } from "./coded.ts";

const depot = (row: number) => Math.floor(row / 20);

const other = (row: number) => (depot(row) + 1 + (row % 5)) % 40;

/** Forty depots of twenty rows; `wrong` says in which rows which cell is another depot's. */
function depots(wrong: (row: number) => "region" | "code" | undefined) {
  const rows = Array.from({ length: 800 }, (_, i) => i);
  const cell = (name: "region" | "code", row: number) =>
    `${name}${wrong(row) === name ? other(row) : depot(row)}`;
  const table = coded({
    code: rows.map((row) => cell("code", row)),
    name: rows.map((row) => `name${depot(row)}`),
    region: rows.map((row) => cell("region", row)),
  });
  const region = column(table, "region");
  const voters = ["code", "name"].map((name) => ({
    distribution: distributionOf(groupingOf(column(table, name)), region),
    weight: 1,
  }));
  return trustOf(region, voters);
}

test("determinants that confirm each other earn trust", () => {
  expect(depots((row) => (row % 13 === 0 ? "region" : undefined))).toEqual([
    { judged: 62, agreed: 62, trusted: true },
    { judged: 62, agreed: 62, trusted: true },
  ]);
});

test("a determinant whose own cells are wrong earns none", () => {
  const [code, name] = depots((row) => (row % 13 === 0 ? "code" : undefined));
  expect(code).toMatchObject({ agreed: 0, trusted: false });
  expect(code?.judged).toBeGreaterThan(50);
  expect(name?.trusted).toBe(false);
});

test("few confirmations are not enough", () => {
  expect(depots((row) => (row % 100 === 0 ? "region" : undefined))[0]).toEqual({
    judged: 8,
    agreed: 8,
    trusted: false,
  });
});

test("the interval narrows with trials and never passes the share", () => {
  expect(wilsonLower(0, 0)).toBe(0);
  expect(wilsonLower(10, 10)).toBeCloseTo(0.859, 3);
  expect(wilsonLower(1000, 1000)).toBeGreaterThan(0.998);
  expect(wilsonLower(50, 100)).toBeLessThan(0.5);
});
