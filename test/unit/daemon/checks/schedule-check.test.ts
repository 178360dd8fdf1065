import { expect, test } from "vitest";
import { scheduleCheck } from "../../../../src/daemon/checks/index.ts";
import { slotRecord } from "../../../helpers/slot-record.ts";

test("slots that ran, or that a policy left out, are well", () => {
  const slots = [slotRecord({ status: "ENDED" }), slotRecord({ status: "SKIPPED", reason: "x" })];
  expect(scheduleCheck(slots, [])).toEqual({
    name: "schedules",
    level: "ok",
    text: "2 slots of the last day, none missed.",
    remedy: null,
  });
});

test("missed slots are told with the reason of the first", () => {
  const missed = slotRecord({ status: "MISSED", reason: "nobody was there" });
  const slots = [slotRecord({ status: "ENDED" }), missed, missed];
  expect(scheduleCheck(slots, [])).toMatchObject({
    level: "warning",
    text: "2 of 3 slots of the last day were missed: nobody was there.",
  });
  const [one] = [{ ...missed, reason: null }];
  expect(scheduleCheck([one], []).text).toBe("1 of 1 slot of the last day was missed.");
});

test("a start that fails again and again is told first", () => {
  const failures = [{ key: "daily 2026-03-02T08:30:00.000Z", message: "No space." }];
  expect(scheduleCheck([slotRecord({ status: "MISSED" })], failures)).toMatchObject({
    level: "warning",
    text: "Slot daily 2026-03-02T08:30:00.000Z could not be started: No space.",
  });
});

test("what started late and goes on is told", () => {
  const late = slotRecord({ status: "STARTED", runId: "r1", at: "2026-03-02T08:31:01.000Z" });
  expect(scheduleCheck([late], []).text).toBe("1 of 1 slot of the last day started late.");
  const onTime = { ...late, at: "2026-03-02T08:31:00.000Z" };
  expect(scheduleCheck([onTime], []).text).toMatch(/none missed/);
});
