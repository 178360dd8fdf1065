import { expect, test } from "vitest";
import {
  comingSlots,
  type KnownSchedule,
  scheduleReport,
} from "../../../src/daemon/schedule-reports.ts";
import type { ScheduleDefinition } from "../../../src/schedule/index.ts";
import { scheduleDefinition } from "../../helpers/schedule-definition.ts";
import { slotRecord } from "../../helpers/slot-record.ts";

/** Monday, 09:00 in Berlin. */
const NOW_MS = Date.parse("2026-03-02T08:00:00.000Z");

function known(
  over: Partial<ScheduleDefinition> = {},
  pausedAt: string | null = null,
): KnownSchedule {
  const definition = scheduleDefinition({ accounts: ["acme"], ...over });
  return { definition, configPath: "/x/pipeline.yaml", pausedAt };
}

const MORNING = {
  schedule: "daily",
  workflow: "daily",
  task: null,
  accounts: ["acme"],
  dueAt: "2026-03-02T08:30:00.000Z",
  startAt: "2026-03-02T08:30:00.000Z",
};

test("a schedule is told with its rule, its last slot and its next", () => {
  const last = slotRecord({ status: "ENDED", dueAt: "2026-03-01T08:30:00.000Z" });
  expect(scheduleReport(known(), { of: () => [last] }, NOW_MS)).toEqual({
    definition: scheduleDefinition({ accounts: ["acme"] }),
    configPath: "/x/pipeline.yaml",
    rule: "at 09:30, every day, Europe/Berlin",
    paused: false,
    pausedAt: null,
    last,
    next: MORNING,
  });
});

test("one that is paused, by a person or the file, has no next slot", () => {
  const none = { of: () => [] };
  const at = "2026-03-01T00:00:00.000Z";
  expect(scheduleReport(known({}, at), none, NOW_MS)).toMatchObject({
    paused: true,
    pausedAt: at,
    last: null,
    next: null,
  });
  expect(scheduleReport(known({ paused: true }), none, NOW_MS)).toMatchObject({
    paused: true,
    pausedAt: null,
    next: null,
  });
});

test("a slot more than two years ahead is none", () => {
  const leap = known({ rule: { by: "cron", expression: "0 0 29 2 *" } });
  const none = { of: () => [] };
  expect(scheduleReport(leap, none, Date.parse("2024-03-01T00:00:00Z")).next).toBeNull();
  expect(scheduleReport(leap, none, Date.parse("2027-03-01T00:00:00Z")).next).not.toBeNull();
});

test("coming slots of several schedules are put in order", () => {
  const hourly = known({ name: "hourly", rule: { by: "interval", everyMs: 3_600_000 } });
  const coming = comingSlots([known(), hourly], [], { nowMs: NOW_MS, count: 3 });
  expect(coming.map(({ schedule, dueAt }) => [schedule, dueAt.slice(11, 16)])).toEqual([
    ["daily", "08:30"],
    ["hourly", "09:00"],
    ["hourly", "10:00"],
  ]);
});

test("a slot that waits for its share of the jitter is still to come", () => {
  const waiting = slotRecord({
    dueAt: "2026-03-02T07:59:00.000Z",
    startAt: "2026-03-02T08:05:00.000Z",
  });
  const over = slotRecord({
    dueAt: "2026-03-02T07:00:00.000Z",
    startAt: "2026-03-02T07:01:00.000Z",
  });
  const coming = comingSlots([known()], [waiting, over], { nowMs: NOW_MS, count: 2 });
  expect(coming.map(({ startAt }) => startAt)).toEqual([waiting.startAt, MORNING.startAt]);
  expect(comingSlots([known({}, "x")], [waiting], { nowMs: NOW_MS, count: 2 })).toEqual([]);
});
