import { expect, test } from "vitest";
import { readValues } from "../../../../src/stages/transformation/column-values.ts";
import { withEngine, withFolder } from "../../../helpers/engine.ts";

const source = `(SELECT i AS __row, (i % 3)::VARCHAR AS a, CASE WHEN i > 2 THEN 'x' || i END AS b FROM range(1, 8) t(i))`;

test("short and long tables give the same values, most frequent first", async () => {
  const { ask } = withEngine(await withFolder());
  const read = (rows: number, options = {}) =>
    readValues({ source, rows, ask, signal: undefined }, ["a", "b"], options);
  const short = await read(7);
  expect(short[0]).toEqual({
    column: "a",
    values: [
      { value: "1", count: 3 },
      { value: "0", count: 2 },
      { value: "2", count: 2 },
    ],
    complete: true,
  });
  expect(short[1]?.values.map(({ value }) => value)).toEqual(["x3", "x4", "x5", "x6", "x7"]);
  expect(await read(1_000_000)).toEqual(short);
  const cut = await read(7, { limit: 2, matching: "value <> '1'" });
  expect(cut.map(({ values, complete }) => [values.length, complete])).toEqual([
    [2, true],
    [2, false],
  ]);
  expect(await read(1_000_000, { limit: 2, matching: "value <> '1'" })).toEqual(cut);
});
