import { expect, test } from "vitest";
import { foreignValues } from "../../../../../../src/stages/transformation/generators/swaps/swapped-pairs.ts";

const column = (counts: Readonly<Record<string, number>>) => ({
  column: "c",
  values: Object.entries(counts).map(([value, count]) => ({ value, count })),
  complete: true,
});

test("values that are known in the other column and look like it are foreign", () => {
  const city = column({ Portland: 40, Salem: 30, OR: 1 });
  const state = column({ OR: 50, CA: 20, Portland: 1 });
  expect(foreignValues(city, state)).toEqual({ first: ["OR"], second: ["Portland"] });
});

test("columns of one look have no foreign values, however rare a value is", () => {
  const origin = column({ JFK: 90, LAX: 1 });
  const destination = column({ LAX: 60, SFO: 30, JFK: 1 });
  expect(foreignValues(origin, destination)).toBeUndefined();
});

test("a foreign value on one side alone is no swap", () => {
  const city = column({ Portland: 40, Salem: 30, OR: 1 });
  expect(foreignValues(city, column({ OR: 50, CA: 20 }))).toBeUndefined();
});
