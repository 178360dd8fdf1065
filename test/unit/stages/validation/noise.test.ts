import * as fc from "fast-check";
import { expect, test } from "vitest";
import { dirtyCharacters, withNoise } from "../../../../src/stages/validation/risk/noise.ts";

const cell = (value: string, row = 1) => ({ row, column: "c", value });

test("the characters that edits take away are the dirty ones", () => {
  const edits = [
    { old: "bxston", new: "boston" },
    { old: "xx2", new: "012" },
    { old: "shorter", new: "short" },
  ];
  expect(dirtyCharacters(edits)).toEqual(["x", "x", "x"]);
});

test("every other cell is emptied, the rest get a dirty character", () => {
  const noisy = withNoise([cell("boston"), cell("boston"), cell("denver")], ["x"], "seed");
  expect(noisy.map(({ noise }) => noise === null)).toEqual([true, false, true]);
  expect(noisy[1]?.noise).toMatch(/^(?=.*x).{6}$/);
});

test("noise follows from the seed and differs from the value", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ minLength: 1 }), { maxLength: 20 }),
      fc.string(),
      (values, seed) => {
        const cells = values.map((value, i) => cell(value, i + 1));
        const noisy = withNoise(cells, ["x", "y"], seed);
        expect(withNoise(cells, ["x", "y"], seed)).toEqual(noisy);
        for (const { value, noise } of noisy) expect(noise).not.toBe(value);
      },
    ),
  );
});
