import { expect, test } from "vitest";
import {
  distributionOf,
  groupingOf,
  pairGrouping,
  strengthOf,
} from "../../../../../../src/stages/transformation/generators/dependencies/index.ts";
import { coded, column, times } from "./coded.ts";

function strength(table: ReturnType<typeof coded>, x: string, y: string) {
  return strengthOf(
    distributionOf(groupingOf(column(table, x)), column(table, y)),
    column(table, y),
  );
}

test("an exact dependency has strength one, an independent column none", () => {
  const table = coded({
    shop: times([6, "a"], [6, "b"], [6, "c"]),
    town: times([6, "Ulm"], [6, "Bonn"], [6, "Kiel"]),
    day: Array.from({ length: 18 }, (_, i) => String(i % 3)),
  });
  expect(strength(table, "shop", "town")).toMatchObject({ mu: 1, judged: 18, disputed: 0 });
  expect(strength(table, "day", "town").mu).toBe(0);
});

test("a determinant whose groups are single rows proves nothing", () => {
  const table = coded({ id: ["1", "2", "3", "4"], town: ["Ulm", "Ulm", "Bonn", "Bonn"] });
  expect(strength(table, "id", "town").mu).toBe(0);
});

test("strays are disputed, blocks of three are coherent", () => {
  const table = coded({
    shop: times([20, "a"], [20, "b"]),
    town: times([17, "Ulm"], [1, "Ulmm"], [1, "Uln"], [1, null], [15, "Bonn"], [5, "Kiel"]),
  });
  expect(strength(table, "shop", "town")).toMatchObject({ judged: 39, disputed: 7, coherent: 5 });
});

test("two columns group together, rows that lack either belong to no group", () => {
  const table = coded({
    x: ["a", "a", "b", null],
    y: ["1", "1", "1", "1"],
    z: ["p", "p", "q", "q"],
  });
  const grouping = pairGrouping(column(table, "x"), column(table, "y"));
  expect([...grouping.groups]).toEqual([0, 0, 1, -1]);
  expect([...distributionOf(grouping, column(table, "z")).totals]).toEqual([2, 1]);
});
