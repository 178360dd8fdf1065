import { expect, test } from "vitest";
import type { Decision } from "../../../src/schedule/index.ts";
import type { Store } from "../../../src/stores/index.ts";
import { withFolder } from "../../helpers/engine.ts";
import { scheduleDefinition } from "../../helpers/schedule-definition.ts";
import { withStore } from "../../helpers/store.ts";
import { runRecord } from "../../helpers/store-records.ts";

const MORNING = "2026-03-02T08:30:00.000Z";
const NOON = "2026-03-02T12:00:00.000Z";
const EVENING = "2026-03-02T18:00:00.000Z";

function decision(dueAt: string, over: Partial<Decision> = {}): Decision {
  return { dueAt, startAt: dueAt, status: "DUE", reason: null, ...over };
}

/** A store with a schedule `daily`, decided up to midnight. */
async function withDaily(): Promise<Store> {
  const store = withStore(await withFolder());
  store.slots.register([scheduleDefinition()], "/x/pipeline.yaml", "2026-03-02T00:00:00.000Z");
  return store;
}

test("a slot is put on record once, whatever is decided of it later", async () => {
  const { slots } = await withDaily();
  const first = slots.record("daily", [decision(MORNING)], NOON, NOON);
  expect(first).toEqual([
    {
      schedule: "daily",
      dueAt: MORNING,
      startAt: MORNING,
      status: "DUE",
      reason: null,
      runId: null,
      at: NOON,
    },
  ]);
  const again = [decision(MORNING, { status: "SKIPPED", reason: "x" }), decision(NOON)];
  expect(slots.record("daily", again, EVENING, EVENING).map(({ dueAt }) => dueAt)).toEqual([NOON]);
  expect(slots.of("daily", 10).map(({ dueAt, status }) => [dueAt, status])).toEqual([
    [NOON, "DUE"],
    [MORNING, "DUE"],
  ]);
});

test("what is decided never goes back", async () => {
  const { slots } = await withDaily();
  slots.record("daily", [], EVENING, EVENING);
  slots.record("daily", [], MORNING, MORNING);
  expect(slots.schedule("daily").decidedUpTo).toBe(EVENING);
});

test("a slot is started with its run, or neither is there", async () => {
  const { slots, runs } = await withDaily();
  slots.record("daily", [decision(MORNING)], MORNING, MORNING);
  const run = runRecord("r1", { schedule: "daily", scheduledAt: MORNING, status: "IDLE" });
  expect(slots.start("daily", MORNING, run)).toMatchObject({ status: "STARTED", runId: "r1" });
  expect(runs.get("r1")?.schedule).toBe("daily");

  expect(() => slots.start("daily", MORNING, { ...run, runId: "r2" })).toThrow(/it is STARTED/);
  expect(() => slots.start("daily", NOON, { ...run, runId: "r3" })).toThrow(/it is not on record/);
  // the record of a run that is there already makes the whole transaction fail
  slots.record("daily", [decision(NOON)], NOON, NOON);
  expect(() => slots.start("daily", NOON, run)).toThrow(/UNIQUE/);
  expect(slots.of("daily", 1)[0]).toMatchObject({ dueAt: NOON, status: "DUE", runId: null });
  expect(runs.list().map(({ runId }) => runId)).toEqual(["r1"]);
});

test("started slots end with their runs, however those end", async () => {
  const { slots, runs } = await withDaily();
  for (const [n, status] of ["COMPLETED", "FAILED", "CANCELED", "WAITING"].entries()) {
    const dueAt = `2026-03-02T1${n}:00:00.000Z`;
    slots.record("daily", [decision(dueAt)], dueAt, dueAt);
    slots.start("daily", dueAt, runRecord(`r${n}`));
    runs.setStatus(`r${n}`, status as "COMPLETED");
  }
  expect(slots.ended(EVENING).map(({ runId }) => runId)).toEqual(["r0", "r1", "r2"]);
  expect(slots.ended(EVENING)).toEqual([]);
  expect(slots.pending().map(({ runId, status }) => [runId, status])).toEqual([["r3", "STARTED"]]);
});

test("only a slot that waits is left out or has to wait", async () => {
  const { slots } = await withDaily();
  const [slot] = slots.record("daily", [decision(MORNING)], MORNING, MORNING);
  const queued = slots.settle(slot!, { status: "QUEUED", reason: "full", at: NOON });
  expect(queued).toMatchObject({ status: "QUEUED", reason: "full", at: NOON });
  slots.start("daily", MORNING, runRecord("r1"));
  expect(slots.settle(slot!, { status: "SKIPPED", reason: "late", at: NOON })).toBeUndefined();
  expect(slots.of("daily", 1)[0]).toMatchObject({ status: "STARTED", runId: "r1" });
});

test("a schedule that is registered again keeps its pause and what is decided", async () => {
  const { slots } = await withDaily();
  slots.record("daily", [], NOON, NOON);
  slots.pause("daily", NOON);
  const changed = scheduleDefinition({ overlap: "queue", workflow: "other" });
  slots.register([changed], "/y/pipeline.yaml", EVENING);
  expect(slots.schedule("daily")).toEqual({
    definition: changed,
    configPath: "/y/pipeline.yaml",
    pausedAt: NOON,
    decidedUpTo: NOON,
  });
});

test.each([
  ["other times", { rule: { by: "times", times: ["10:00"] } }],
  ["another zone", { timeZone: "UTC" }],
  ["other days", { days: ["mon"] }],
  ["other exceptions", { except: ["12-25"] }],
] as const)("a schedule with %s starts when it is registered", async (_, change) => {
  const { slots } = await withDaily();
  slots.register([scheduleDefinition(change as object)], "/x/pipeline.yaml", NOON);
  expect(slots.schedule("daily").decidedUpTo).toBe(NOON);
  // also when the clock was set back: not what was decided before
  slots.register([scheduleDefinition()], "/x/pipeline.yaml", MORNING);
  expect(slots.schedule("daily").decidedUpTo).toBe(NOON);
});

test("a schedule whose pause in the file ends starts then", async () => {
  const { slots } = await withDaily();
  slots.register([scheduleDefinition({ paused: true })], "/x/pipeline.yaml", MORNING);
  expect(slots.schedule("daily").decidedUpTo).toBe("2026-03-02T00:00:00.000Z");
  slots.register([scheduleDefinition()], "/x/pipeline.yaml", NOON);
  expect(slots.schedule("daily").decidedUpTo).toBe(NOON);
});

test("of a schedule that is dropped, what has not begun is left out and what was stays", async () => {
  const { slots } = await withDaily();
  slots.record("daily", [decision(MORNING), decision(NOON)], NOON, NOON);
  slots.start("daily", MORNING, runRecord("r1"));
  slots.register([scheduleDefinition({ name: "weekly" })], "/x/pipeline.yaml", EVENING);
  expect(slots.schedules().map(({ definition }) => definition.name)).toEqual(["weekly"]);
  expect(() => slots.schedule("daily")).toThrow(/No such schedule.*"daily"/);
  expect(slots.of("daily", 10).map(({ status, reason }) => [status, reason])).toEqual([
    ["SKIPPED", "the schedule is not in the configuration any more"],
    ["STARTED", null],
  ]);
});

test("a pause keeps its time, a resume puts on record what was left out", async () => {
  const { slots } = await withDaily();
  slots.pause("daily", MORNING);
  expect(slots.pause("daily", NOON).pausedAt).toBe(MORNING);
  const left = decision(NOON, { status: "SKIPPED", reason: "the schedule is paused" });
  expect(slots.resume("daily", [left], EVENING)).toMatchObject({
    pausedAt: null,
    decidedUpTo: EVENING,
  });
  expect(slots.of("daily", 10).map(({ status }) => status)).toEqual(["SKIPPED"]);
  expect(() => slots.pause("other", NOON)).toThrow(/"other"/);
  expect(() => slots.resume("other", [], NOON)).toThrow(/"other"/);
});

test("one schedule can be put on record before there is a service, and stays as it is", async () => {
  const { slots } = await withDaily();
  slots.add(scheduleDefinition({ name: "weekly" }), "/x/pipeline.yaml", MORNING);
  slots.add(scheduleDefinition({ name: "daily", overlap: "queue" }), "/z.yaml", NOON);
  expect(slots.schedules()).toMatchObject([
    { definition: { name: "daily", overlap: "skip" }, configPath: "/x/pipeline.yaml" },
    { definition: { name: "weekly" }, decidedUpTo: MORNING },
  ]);
});

test("when the clock was set back, what was left out ahead of it is due again, what ran is not", async () => {
  const { slots } = await withDaily();
  const passed = [
    decision(MORNING),
    decision(NOON, { status: "MISSED", reason: "nobody" }),
    decision(EVENING, { status: "SKIPPED", reason: "x" }),
  ];
  slots.record("daily", passed, EVENING, EVENING);
  slots.start("daily", MORNING, runRecord("r1"));
  slots.register([scheduleDefinition()], "/x/pipeline.yaml", EVENING);
  expect(slots.reopen(EVENING)).toEqual([]);
  const before = "2026-03-02T08:00:00.000Z";
  expect(slots.reopen(before).map(({ dueAt, status }) => [dueAt, status])).toEqual([
    [NOON, "DUE"],
    [EVENING, "DUE"],
  ]);
  expect(slots.of("daily", 9).map(({ status }) => status)).toEqual(["DUE", "DUE", "STARTED"]);
});

test("slots since a time are told by due time", async () => {
  const { slots } = await withDaily();
  const passed = [MORNING, NOON, EVENING].map((dueAt) => decision(dueAt));
  slots.record("daily", passed, EVENING, EVENING);
  expect(slots.since(NOON).map(({ dueAt }) => dueAt)).toEqual([NOON, EVENING]);
});
