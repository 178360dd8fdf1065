import { expect, test } from "vitest";
import { z } from "zod";
import type { Ask } from "../../../../src/core/index.ts";
import type { Profile } from "../../../../src/stages/profiling/index.ts";
import { askOnce } from "../../../../src/stages/validation/facts.ts";

const row = z.object({ n: z.number() });

/** An asker that counts how often it is asked, and fails while `failures` are left. */
function counting(fingerprint: string, failures = 0) {
  const asked = { times: 0 };
  const ask = (async () => {
    asked.times++;
    if (asked.times <= failures) throw new Error("stopped");
    return [{ n: asked.times }];
  }) as unknown as Ask;
  const profile = { fingerprint } as unknown as Profile;
  return { asked, trial: { ask, profile, signal: undefined } };
}

test("a fact of a dataset is asked for once, and of another dataset again", async () => {
  const [one, other] = [counting("facts-1"), counting("facts-2")];
  const query = { sql: "SELECT 1", row };
  expect(await Promise.all([askOnce(query, one.trial), askOnce(query, one.trial)])).toEqual([
    [{ n: 1 }],
    [{ n: 1 }],
  ]);
  expect(await askOnce(query, one.trial)).toEqual([{ n: 1 }]);
  await askOnce({ ...query, sql: "SELECT 2" }, one.trial);
  await askOnce(query, other.trial);
  expect([one.asked.times, other.asked.times]).toEqual([2, 1]);
});

test("a failure is not remembered, and is not that of others who waited", async () => {
  const { asked, trial } = counting("facts-3", 1);
  const query = { sql: "SELECT 1", row };
  const [first, second] = await Promise.allSettled([askOnce(query, trial), askOnce(query, trial)]);
  expect(first.status).toBe("rejected");
  expect(second).toEqual({ status: "fulfilled", value: [{ n: 2 }] });
  expect(asked.times).toBe(2);
});
