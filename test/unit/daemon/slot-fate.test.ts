import { expect, test } from "vitest";
import { fateOf, type SlotSituation } from "../../../src/daemon/slot-fate.ts";
import type { ScheduleDefinition, SlotRecord } from "../../../src/schedule/index.ts";
import { scheduleDefinition } from "../../helpers/schedule-definition.ts";
import { slotRecord } from "../../helpers/slot-record.ts";

const DUE_MS = Date.parse("2026-03-02T08:30:00.000Z");
const HOUR_MS = 3_600_000;

interface Around extends Partial<Omit<SlotSituation, "state">> {
  readonly definition?: Partial<ScheduleDefinition>;
  readonly pausedAt?: string;
}

function fate(slot: Partial<SlotRecord> = {}, around: Around = {}) {
  const { definition, pausedAt = null, ...others } = around;
  return fateOf(slotRecord(slot), {
    nowMs: DUE_MS,
    state: {
      definition: scheduleDefinition(definition),
      configPath: "/x",
      pausedAt,
      decidedUpTo: "2026-03-02T08:30:00.000Z",
    },
    atWork: [],
    before: [],
    hindrance: null,
    againAtMs: undefined,
    failure: undefined,
    ...others,
  });
}

const EARLIER = slotRecord({ dueAt: "2026-03-01T08:30:00.000Z", status: "STARTED", runId: "r0" });

test("a slot that is due starts", () => {
  expect(fate()).toEqual({ do: "start" });
  expect(fate({ status: "QUEUED" })).toEqual({ do: "start" });
});

test("a slot waits for its share of the jitter", () => {
  const startAt = "2026-03-02T08:34:00.000Z";
  expect(fate({ startAt })).toEqual({ do: "wait", untilMs: DUE_MS + 240_000 });
  expect(fate({ startAt }, { nowMs: DUE_MS + 240_000 })).toEqual({ do: "start" });
});

test("a slot that is to come once more, the clock having been set back, waits, also when paused", () => {
  const nowMs = DUE_MS - HOUR_MS;
  expect(fate({}, { nowMs, pausedAt: "x" })).toEqual({ do: "wait", untilMs: DUE_MS });
});

test("nothing starts while a schedule is paused, by a person or the file", () => {
  const left = { do: "settle", status: "SKIPPED", reason: "the schedule is paused" };
  expect(fate({}, { pausedAt: "x" })).toEqual(left);
  expect(fate({ status: "QUEUED" }, { definition: { paused: true } })).toEqual(left);
});

test("a slot that waited beyond its window is missed, and why is told", () => {
  const nowMs = DUE_MS + 6 * HOUR_MS + 1;
  const within = "it could not be started within 6 h";
  expect(fate({}, { nowMs })).toEqual({ do: "settle", status: "MISSED", reason: within });
  expect(fate({}, { nowMs, failure: "No space." })).toMatchObject({
    reason: `${within}: No space.`,
  });
  const queued = { status: "QUEUED", reason: "disk: full" } as const;
  expect(fate(queued, { nowMs })).toMatchObject({ reason: `${within}: disk: full` });
  expect(fate({}, { nowMs: nowMs - 1 })).toEqual({ do: "start" });
});

test("with overlap skip a slot that is due is left out while an earlier one is at work or waits", () => {
  const left = { do: "settle", status: "SKIPPED" };
  expect(fate({}, { atWork: [EARLIER] })).toMatchObject(left);
  expect(fate({}, { before: [EARLIER] })).toMatchObject(left);
  // decided to run one after the other, when caught up
  expect(fate({ status: "QUEUED" }, { atWork: [EARLIER] })).toEqual({
    do: "wait",
    untilMs: DUE_MS + 6 * HOUR_MS + 1,
  });
});

test("with overlap queue a slot waits for the earlier ones", () => {
  const definition = { overlap: "queue" } as const;
  const reason = "waits until the run of an earlier slot has ended";
  const queued = { do: "settle", status: "QUEUED", reason };
  expect(fate({}, { definition, atWork: [EARLIER] })).toEqual(queued);
  expect(fate({}, { definition, before: [EARLIER] })).toEqual(queued);
  expect(fate({ status: "QUEUED" }, { definition, before: [EARLIER] })).toMatchObject({
    do: "wait",
  });
  expect(fate({ status: "QUEUED" }, { definition })).toEqual({ do: "start" });
});

test("with overlap cancel_previous the earlier runs are canceled first", () => {
  const definition = { overlap: "cancel_previous" } as const;
  expect(fate({}, { definition, atWork: [EARLIER] })).toEqual({ do: "cancel", slots: [EARLIER] });
  // one that is about to begin is waited for
  expect(fate({}, { definition, before: [EARLIER] })).toEqual({ do: "wait", untilMs: null });
  expect(fate({}, { definition })).toEqual({ do: "start" });
});

test("what hinders all runs makes a slot wait until its window is over", () => {
  const hindrance = "disk: 3 MB are free at /data.";
  expect(fate({}, { hindrance })).toEqual({ do: "settle", status: "QUEUED", reason: hindrance });
  expect(fate({ status: "QUEUED" }, { hindrance })).toEqual({
    do: "wait",
    untilMs: DUE_MS + 6 * HOUR_MS + 1,
  });
});

test("a start that failed is tried again at its time", () => {
  expect(fate({}, { againAtMs: DUE_MS + 30_000 })).toEqual({
    do: "wait",
    untilMs: DUE_MS + 30_000,
  });
});
