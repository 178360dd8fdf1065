import { expect, test } from "vitest";
import { z } from "zod";
import { literal } from "../../../../src/core/index.ts";
import { sameMeaning } from "../../../../src/stages/validation/risk/classify.ts";
import { withEngine, withFolder } from "../../../helpers/engine.ts";

const pairs: readonly (readonly [string, string, boolean])[] = [
  ["7.0", "7", true],
  ["1,234", "1234", true],
  ["1.234,5", "1234.5", false],
  ["3,5", "3.5", true],
  ["12.0 oz.", "12", true],
  ["5%", "0.05", true],
  ["5%", "5", true],
  ["(12)", "-12", true],
  ["0.055999999999999994", "0.056", true],
  [" New  York ", "new york", true],
  ["Café", "cafe", true],
  ["555-0101", "5550101", true],
  ["12", "13", false],
  ["12", "-12", false],
  ["12", "120", false],
  ["12 oz", "12 lb", false],
  ["Boston", "Bxston", false],
  ["7:23 a.m.", "7:22 a.m.", false],
  ["Portland OR", "Portland", false],
];

test("two texts say the same when only their form differs", async () => {
  const { ask } = withEngine(await withFolder());
  const values = pairs.map(([a, b]) => `(${literal(a)}, ${literal(b)})`).join(", ");
  const sql = `SELECT a, b, (${sameMeaning("a", "b")}) AS same FROM (VALUES ${values}) AS t(a, b)`;
  const found = await ask({
    sql,
    row: z.object({ a: z.string(), b: z.string(), same: z.boolean() }),
  });
  const told = new Map(found.map(({ a, b, same }) => [`${a} | ${b}`, same]));
  expect(pairs.map(([a, b]) => [a, b, told.get(`${a} | ${b}`)])).toEqual(pairs);
});
