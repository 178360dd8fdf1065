import { expect, test } from "vitest";
import { loopCheck } from "../../../../src/daemon/checks/index.ts";

test("a process that comes late to its work is told", () => {
  expect(loopCheck(2_000)).toMatchObject({ name: "loop", level: "ok", remedy: null });
  expect(loopCheck(2_001)).toMatchObject({
    level: "warning",
    text: "The longest delay since the last beat was 2001 ms.",
  });
});
