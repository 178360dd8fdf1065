import { expect, test } from "vitest";
import type { Codes } from "../../../../src/stages/profiling/codes.ts";
import { groupRows, measure, muPlus } from "../../../../src/stages/profiling/dependency-measure.ts";
import { dependenciesOf } from "../../../../src/stages/profiling/dependency-part.ts";

function column(name: string, codes: readonly number[]): Codes {
  return { name, codes: Int32Array.from(codes), size: Math.max(...codes) + 1 };
}

const rows = Array.from({ length: 120 }, (_, i) => i);

test("an exact dependency has strength 1 and its inverse less", () => {
  const city = column(
    "city",
    rows.map((i) => i % 12),
  );
  const state = column(
    "state",
    rows.map((i) => (i % 12) % 3),
  );
  const found = dependenciesOf([city, state], 0.5);
  expect(found).toEqual([
    { determinant: ["city"], dependent: "state", strength: 1, support: 120, violations: 0 },
  ]);
});

test("a wrong cell is a violation", () => {
  const city = column(
    "city",
    rows.map((i) => i % 12),
  );
  const state = column(
    "state",
    rows.map((i) => (i === 5 ? 0 : (i % 12) % 3)),
  );
  const [found] = dependenciesOf([city, state], 0.5);
  expect(found).toMatchObject({ violations: 1, support: 120 });
  expect(found?.strength).toBeGreaterThan(0.9);
  expect(found?.strength).toBeLessThan(1);
});

test("independent columns have no strength", () => {
  const a = column(
    "a",
    rows.map((i) => i % 2),
  );
  const b = column(
    "b",
    rows.map((i) => Math.floor(i / 2) % 3),
  );
  expect(muPlus(measure(groupRows(a), b))).toBe(0);
});

test("empty cells take no part", () => {
  const a = column("a", [0, 0, 0, 1, 1, 1, -1]);
  const b = column("b", [0, 0, -1, 1, 1, 1, 0]);
  expect(measure(groupRows(a), b)).toMatchObject({ rows: 5, groups: 2, inPairs: 5, violations: 0 });
});

test("mu+ agrees with its formula worked by hand", () => {
  // Groups {0, 0, 1} and {1, 1, 1}: pdep(Y|X) = (5/3 + 3)/6, pdep(Y) = (4 + 16)/36, N = 6, |X| = 2.
  const a = column("a", [0, 0, 0, 1, 1, 1]);
  const b = column("b", [0, 0, 1, 1, 1, 1]);
  const expected = 1 - ((1 - (5 / 3 + 3) / 6) / (1 - 20 / 36)) * (5 / 4);
  expect(muPlus(measure(groupRows(a), b))).toBeCloseTo(expected, 6);
});

test("two columns determine together what neither does alone", () => {
  const all = Array.from({ length: 400 }, (_, i) => i);
  const a = column(
    "a",
    all.map((i) => i % 5),
  );
  const b = column(
    "b",
    all.map((i) => Math.floor(i / 5) % 4),
  );
  const target = column(
    "target",
    all.map((i) => (Math.floor(i / 5) % 4 < 3 ? i % 5 : 5 + (Math.floor(i / 5) % 4))),
  );
  const found = dependenciesOf([a, b, target], 0.5);
  expect(found).toContainEqual(
    expect.objectContaining({ determinant: ["a"], dependent: "target" }),
  );
});
