import { describe, expect, test } from "vitest";
import { repairPair } from "../bench/repair-pair.ts";
import { hasSharedData, sharedData } from "../helpers/shared-data.ts";

/** Share of a table's cells that may be made wrong, and that may be touched in a clean file. */
const MAX_SHARE = 0.0005;

/** Each pair, the mode it counts in, the least F1, the most cells written wrongly. */
const BARS = [
  ["beers", "strict", 0.95, 0],
  ["hospital", "strict", 0.8, 10],
  ["movies_first2102", "strict", 0.8, 40],
  ["flights", "strict", 0.6, 200],
  ["tax_first50k", "typed", 0.85, 375],
  ["rayyan", "strict", 0, 20],
  ["toy", "strict", 0, 0],
] as const;

// No label and no rule of a data set is used: these are the same defaults that any table gets.
describe.skipIf(!hasSharedData)("real dirty tables with ground truth", () => {
  test.each(BARS)(
    "%s (%s) reaches F1 %d and writes next to nothing wrongly",
    async (set, mode, bar, maxWrong) => {
      const outcome = await repairPair(sharedData(`repair/${set}`));
      const score = outcome[mode];
      expect(outcome.balanced).toBe(true);
      expect(score.f1).toBeGreaterThanOrEqual(bar);
      expect(score.corrupted / outcome.cells).toBeLessThanOrEqual(MAX_SHARE);
      // Of eighteen cells one says "N/A": making it empty is a change, though not of meaning.
      const maxChanged = Math.max(1, outcome.cells * MAX_SHARE);
      expect(outcome.cleanChanged).toBeLessThanOrEqual(maxChanged);
      expect(score.misfixed + score.corrupted).toBeLessThanOrEqual(maxWrong);
    },
  );
});
