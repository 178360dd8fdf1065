import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wilsonLower, wilsonUpper } from "../../../../src/stages/validation/index.ts";

describe("the Wilson interval", () => {
  test.each([
    [0, 10, 0, 0.2775],
    [0, 2000, 0, 0.0019],
    [1, 1000, 0.0002, 0.0056],
    [50, 100, 0.4038, 0.5962],
    [198, 200, 0.9643, 0.9973],
  ])("of %i in %i runs from %d to %d", (hits, trials, lower, upper) => {
    expect(wilsonLower(hits, trials)).toBeCloseTo(lower, 4);
    expect(wilsonUpper(hits, trials)).toBeCloseTo(upper, 4);
  });

  test("says nothing about nothing", () => {
    expect([wilsonLower(0, 0), wilsonUpper(0, 0)]).toEqual([0, 1]);
  });

  test("holds the observed share, within [0, 1]", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.nat(1e6), (trials, some) => {
        const hits = some % (trials + 1);
        const [lower, upper] = [wilsonLower(hits, trials), wilsonUpper(hits, trials)];
        expect(lower).toBeGreaterThanOrEqual(0);
        expect(lower).toBeLessThanOrEqual(hits / trials + 1e-12);
        expect(upper).toBeGreaterThanOrEqual(hits / trials - 1e-12);
        expect(upper).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("narrows as trials of the same share are added", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.nat(1000), (trials, some) => {
        const hits = some % (trials + 1);
        expect(wilsonUpper(hits * 10, trials * 10)).toBeLessThanOrEqual(
          wilsonUpper(hits, trials) + 1e-12,
        );
        expect(wilsonLower(hits * 10, trials * 10)).toBeGreaterThanOrEqual(
          wilsonLower(hits, trials) - 1e-12,
        );
      }),
    );
  });
});
