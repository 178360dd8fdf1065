import { expect, test } from "vitest";
import { silentLog, simulatedClock } from "../../../src/core/index.ts";
import { voice } from "../../../src/daemon/voice.ts";
import type { ServiceNotice } from "../../../src/orchestration/index.ts";

function fails(): void {
  throw new Error("broken pipe");
}

test("a notice has its time, and a listener that fails keeps nobody from hearing it", () => {
  const clock = simulatedClock(Date.parse("2026-03-02T08:30:00.000Z"));
  const heard: ServiceNotice[] = [];
  const errors: object[] = [];
  const log = { ...silentLog, error: (facts: object) => void errors.push(facts) };
  const tell = voice({ clock, log, listeners: [fails, (notice) => void heard.push(notice)] });
  tell({ type: "draining", reason: "x" });
  expect(heard).toEqual([{ at: "2026-03-02T08:30:00.000Z", type: "draining", reason: "x" }]);
  expect(errors).toEqual([{ notice: "draining", reason: "broken pipe" }]);
});
