import { expect, test } from "vitest";
import { memoryCheck } from "../../../../src/daemon/checks/index.ts";

test.each([
  [700, "ok"],
  [800, "ok"],
  [801, "warning"],
  [1_000, "warning"],
  [1_001, "failing"],
] as const)("%d MB of 1000 MB is %s", (megabytes, level) => {
  const check = memoryCheck(megabytes * 1e6, 1_000 * 1e6);
  expect(check.level).toBe(level);
  expect(check.remedy === null).toBe(level === "ok");
});
