import { join } from "node:path";
import { expect, test } from "vitest";
import { withFolder } from "../helpers/engine.ts";
import { soak } from "../helpers/soak/soak.ts";

/** The whole year is `npm run soak`. */
const DAYS = 24;

test(`${DAYS} days with kills and steps of the clock: each slot is run once, nothing grows`, async () => {
  const folder = join(await withFolder(), "soak");
  const report = await soak({ folder, days: DAYS, kills: 4, steps: 4, seed: 7 });
  expect(report).toMatchObject({ missed: [], doubled: [], strange: [], kills: 4 });
  expect(report.expected).toBe(DAYS * 5);
  const [first, ...later] = report.samples.slice(-3);
  expect(later.length).toBeGreaterThan(0);
  for (const { storeBytes, handles } of later) {
    expect(storeBytes).toBeLessThan((first?.storeBytes ?? 0) * 1.5);
    expect(handles).toBeLessThanOrEqual((first?.handles ?? 0) + 2);
  }
});
