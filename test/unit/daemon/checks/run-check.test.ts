import { expect, test } from "vitest";
import { runCheck } from "../../../../src/daemon/checks/index.ts";

test("without runs that need somebody all is well", () => {
  expect(runCheck([], [])).toMatchObject({ name: "runs", level: "ok", remedy: null });
});

test("runs that wait for a person are counted, and the first is named", () => {
  expect(runCheck([], ["r1"])).toMatchObject({
    level: "warning",
    text: "1 run waits for a person.",
    remedy: "data-wrangler status r1",
  });
  expect(runCheck([], ["r1", "r2"]).text).toBe("2 runs wait for a person.");
});

test("a run that cannot be taken up is told first, with how to end it", () => {
  const refused = [
    { runId: "r1", message: "settings.json is damaged." },
    { runId: "r2", message: "x" },
  ];
  expect(runCheck(refused, ["r3"])).toEqual({
    name: "runs",
    level: "warning",
    text: "Run r1 cannot be taken up: settings.json is damaged. So it is with 1 more.",
    remedy: "Mend what it says, or end it: data-wrangler cancel r1",
  });
});
