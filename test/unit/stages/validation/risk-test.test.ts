import { describe, expect, test } from "vitest";
import { judgeStep } from "../../../../src/stages/validation/risk/risk-test.ts";

const limits = { maxCorruption: 0.001, minPrecision: 0.95 };
const seen = (changed: number, clean: number) => ({
  stepId: "s1",
  changed,
  clean,
  example: { old: "ak", new: "al" },
});
const noise = (restored: number, misrestored: number, doubt = 0) => ({
  stepId: "s1",
  injected: 200,
  restored,
  misrestored,
  doubt,
});

describe("a step", () => {
  test.each([
    ["that leaves all of a few clean cells alone", seen(0, 12), undefined, "write"],
    ["that changes one clean cell of a few", seen(1, 12), undefined, "suggest"],
    ["that changes one clean cell of many", seen(1, 100_000), undefined, "write"],
    ["that changes many clean cells of many", seen(500, 100_000), undefined, "suggest"],
    ["that writes to no noise", seen(0, 900), noise(0, 0), "write"],
    ["that restores all of few", seen(0, 900), noise(5, 0), "write"],
    ["that restores half", seen(0, 900), noise(40, 40), "suggest"],
    ["that restores 198 of 200", seen(0, 900), noise(198, 2), "write"],
    ["that restores 190 of 200", seen(0, 900), noise(190, 10), "suggest"],
    [
      "that restores 190 of 200 where a tenth was doubtful",
      seen(0, 900),
      noise(190, 10, 0.1),
      "write",
    ],
  ] as const)("%s: %o %o → %s", (_name, cleanCells, restoration, decision) => {
    const risk = judgeStep("s1", { changed: 40, cleanCells, restoration }, limits);
    expect(risk.decision).toBe(decision);
  });

  test("that is not trusted is told why, with an example", () => {
    const risk = judgeStep(
      "s1",
      { changed: 40, cleanCells: seen(20, 1000), restoration: undefined },
      limits,
    );
    expect(risk.reason).toContain(
      'would change 20 of 1000 cells that look right, such as "ak" → "al"',
    );
    expect(risk.reason).toContain("0.1 % is allowed");
  });

  test("that changes nothing is kept without a test", () => {
    const findings = { changed: 0, cleanCells: undefined, restoration: undefined };
    expect(judgeStep("s1", findings, limits)).toMatchObject({
      decision: "write",
      reason: "It changes no cell.",
    });
  });
});
