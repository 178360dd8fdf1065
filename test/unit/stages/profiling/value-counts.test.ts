import { expect, test } from "vitest";
import { questionsAtOnce, workThrough } from "../../../../src/stages/profiling/input.ts";
import { byCodePoint, countValues } from "../../../../src/stages/profiling/value-counts.ts";

test("orders text by code points, which code units do not", () => {
  const ordered = ["", "a", "ab", "b", "é", "\uFFFD", "😀", "😀a", "😁"];
  expect(ordered.toReversed().toSorted(byCodePoint)).toEqual(ordered);
  expect(byCodePoint("😀", "😀")).toBe(0);
});

test("counts the values of a column", () => {
  const values = [
    { value: "😀😀", count: 2 },
    { value: "\t\u00a0", count: 3 },
    { value: "b", count: 1 },
    { value: "a", count: 1 },
  ];
  expect(countValues(values, 10, 3)).toEqual({
    nulls: 3,
    blanks: 3,
    distinct: 4,
    singletons: 2,
    min: "\t\u00a0",
    max: "😀😀",
    minLength: 1,
    maxLength: 2,
    meanLength: 1.7143,
    top: [
      { value: "\t\u00a0", count: 3 },
      { value: "😀😀", count: 2 },
      { value: "a", count: 1 },
    ],
  });
});

test("counts a column without values", () => {
  expect(countValues([], 4, 20)).toMatchObject({
    nulls: 4,
    min: null,
    minLength: 0,
    meanLength: 0,
  });
});

test("works on two items at once, and gives the results in order", async () => {
  let [running, most] = [0, 0];
  const results = await workThrough([3, 1, 2, 5, 4], 2, async (item) => {
    most = Math.max(most, ++running);
    for (let turn = 0; turn < item; turn++) await Promise.resolve();
    running--;
    return item * 10;
  });
  expect(results).toEqual([30, 10, 20, 50, 40]);
  expect(most).toBe(2);
});

test("asks of one column after another where two may not fit into memory", () => {
  expect(questionsAtOnce({ rows: 1_000_000 })).toBe(2);
  expect(questionsAtOnce({ rows: 10_000_000 })).toBe(1);
});

test("fails as soon as one of two fails", async () => {
  const failing = workThrough([1, 2], 2, (item) =>
    item === 2 ? Promise.reject(new Error("two")) : Promise.resolve(item),
  );
  await expect(failing).rejects.toThrow("two");
});
