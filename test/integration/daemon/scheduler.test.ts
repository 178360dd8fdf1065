import { expect, test } from "vitest";
import type { ScheduleDefinition } from "../../../src/schedule/index.ts";
import { withFolder } from "../../helpers/engine.ts";
import { type PlayedRun, playedService } from "../../helpers/played-service.ts";
import { scheduleDefinition } from "../../helpers/schedule-definition.ts";

const HOUR_MS = 3_600_000;

/** 09:00 and each two hours after, three times a day, UTC. */
function thrice(over: Partial<ScheduleDefinition> = {}): ScheduleDefinition {
  const times = ["09:00", "11:00", "13:00"];
  return scheduleDefinition({ rule: { by: "times", times }, timeZone: "UTC", ...over });
}

/** Days of March 2026. */
function day(n: number, time = "00:00"): string {
  return `2026-03-${String(n).padStart(2, "0")}T${time}:00.000Z`;
}

/** How the first runs go, and how all that come after them. */
function playing(first: readonly PlayedRun[], then: PlayedRun = {}) {
  return (start: number): PlayedRun => first[start] ?? then;
}

test("a week with three slots a day: each starts once, at its time, and ends", async () => {
  const service = await playedService({ startAt: day(2), schedules: [thrice()] });
  await service.until(day(9));
  const slots = service.store.slots.of("daily", 100);
  expect(slots).toHaveLength(21);
  expect(slots.every(({ status, runId }) => status === "ENDED" && runId !== null)).toBe(true);
  expect(new Set(slots.map(({ runId }) => runId)).size).toBe(21);
  const runs = service.store.runs.list();
  expect(runs).toHaveLength(21);
  expect(runs.every(({ scheduledAt, startedAt }) => scheduledAt === startedAt)).toBe(true);
  expect(service.told().slice(0, 6)).toEqual([
    "02 09:00 DUE",
    "02 09:00 STARTED",
    "02 09:00 ENDED",
    "02 11:00 DUE",
    "02 11:00 STARTED",
    "02 11:00 ENDED",
  ]);
});

test("a slot runs what its schedule is of: workflow, accounts, task", async () => {
  const schedules = [
    thrice({ name: "all", rule: { by: "times", times: ["09:00"] } }),
    thrice({
      name: "some",
      rule: { by: "times", times: ["10:00"] },
      workflow: "other",
      accounts: ["bolt"],
      task: "mail",
    }),
  ];
  const { starts, until } = await playedService({ startAt: day(2), schedules });
  await until(day(3));
  const seen = starts.map(({ settings, select }) => ({
    workflow: settings.workflow,
    accounts: settings.accounts.map(({ id }) => id),
    select,
  }));
  expect(seen).toEqual([
    { workflow: "daily", accounts: ["acme", "bolt"], select: undefined },
    { workflow: "other", accounts: ["bolt"], select: { only: "mail" } },
  ]);
});

test.each([
  ["last", ["02 09:00 SKIPPED", "02 11:00 SKIPPED", "02 13:00 DUE"], 1],
  ["none", ["02 09:00 MISSED", "02 11:00 MISSED", "02 13:00 MISSED"], 0],
  ["all", ["02 09:00 DUE", "02 11:00 QUEUED", "02 13:00 QUEUED"], 3],
] as const)("after a downtime of a day catchUp: %s", async (catchUp, decided, ran) => {
  const folder = await withFolder();
  const schedules = [thrice({ catchUp })];
  const before = await playedService({ startAt: day(2), schedules, folder });
  await before.until(day(2, "08:00"));
  before.kill();

  const after = await playedService({ startAt: day(2, "14:00"), schedules, folder });
  await after.until(day(2, "20:00"));
  expect(after.told().slice(0, 3)).toEqual(decided);
  expect(after.starts).toHaveLength(ran);
  const { slots } = after.store;
  expect(slots.of("daily", 9).filter(({ status }) => status === "ENDED")).toHaveLength(ran);
  // the next day goes on as ever
  await after.until(day(4));
  expect(after.starts).toHaveLength(ran + 3);
});

test("slots beyond the window are missed, and told so", async () => {
  const folder = await withFolder();
  const schedules = [thrice()];
  (await playedService({ startAt: day(2), schedules, folder })).kill();
  const { starts, store } = await playedService({ startAt: day(4, "20:00"), schedules, folder });
  expect(starts).toEqual([]);
  const slots = store.slots.of("daily", 9);
  expect(slots.map(({ status }) => status)).toEqual(Array.from({ length: 9 }, () => "MISSED"));
  expect(slots[0]?.reason).toBe("nobody was there to start it within 6 h");
});

test("overlap skip leaves out what comes while a run goes on", async () => {
  const play = playing([{ tookMs: 2.5 * HOUR_MS }]);
  const { told, until } = await playedService({ startAt: day(2), schedules: [thrice()], play });
  await until(day(3));
  expect(told().filter((line) => !line.endsWith("DUE"))).toEqual([
    "02 09:00 STARTED",
    "02 11:00 SKIPPED",
    "02 09:00 ENDED",
    "02 13:00 STARTED",
    "02 13:00 ENDED",
  ]);
});

test("overlap queue runs one after the other, in order", async () => {
  const schedules = [thrice({ overlap: "queue" })];
  const play = playing([{ tookMs: 5 * HOUR_MS }], { tookMs: 0.5 * HOUR_MS });
  const { told, until, store } = await playedService({ startAt: day(2), schedules, play });
  await until(day(3));
  expect(told()).toEqual([
    "02 09:00 DUE",
    "02 09:00 STARTED",
    "02 11:00 QUEUED",
    "02 13:00 QUEUED",
    "02 09:00 ENDED",
    "02 11:00 STARTED",
    "02 11:00 ENDED",
    "02 13:00 STARTED",
    "02 13:00 ENDED",
  ]);
  const started = store.runs.list().map(({ startedAt }) => startedAt.slice(11, 16));
  expect(started).toEqual(["14:30", "14:00", "09:00"]);
});

test("what waits in a queue beyond its window is missed", async () => {
  const schedules = [thrice({ overlap: "queue", windowMs: HOUR_MS })];
  const play = playing([], { tookMs: 3.5 * HOUR_MS });
  const { told, until, store } = await playedService({ startAt: day(2), schedules, play });
  await until(day(2, "12:30"));
  expect(told().slice(2)).toEqual(["02 11:00 QUEUED", "02 11:00 MISSED", "02 09:00 ENDED"]);
  expect(store.slots.of("daily", 1)[0]?.reason).toBe(
    "it could not be started within 1 h: waits until the run of an earlier slot has ended",
  );
});

test("overlap cancel_previous ends the run before", async () => {
  const schedules = [thrice({ overlap: "cancel_previous" })];
  const play = playing([], { tookMs: 3 * HOUR_MS });
  const { told, until, store } = await playedService({ startAt: day(2), schedules, play });
  await until(day(3));
  expect(told()).toEqual([
    "02 09:00 DUE",
    "02 09:00 STARTED",
    "02 11:00 DUE",
    "02 09:00 ENDED",
    "02 11:00 STARTED",
    "02 13:00 DUE",
    "02 11:00 ENDED",
    "02 13:00 STARTED",
    "02 13:00 ENDED",
  ]);
  expect(store.runs.list().map(({ status, startedAt }) => [startedAt, status])).toEqual([
    [day(2, "13:00"), "COMPLETED"],
    [day(2, "11:00"), "CANCELED"],
    [day(2, "09:00"), "CANCELED"],
  ]);
});

test("a run that waits for a person holds up no later slot", async () => {
  const play = playing([{ status: "WAITING", waitsFor: "person" }]);
  const { told, until, store } = await playedService({
    startAt: day(2),
    schedules: [thrice()],
    play,
  });
  await until(day(3));
  expect(told().filter((line) => line.endsWith("STARTED"))).toHaveLength(3);
  expect(store.slots.pending()).toMatchObject([{ status: "STARTED", dueAt: day(2, "09:00") }]);
});

test("nothing starts while a schedule is paused, and what came meanwhile is left out", async () => {
  const service = await playedService({ startAt: day(2), schedules: [thrice()] });
  await service.until(day(2, "10:00"));
  service.store.slots.pause("daily", day(2, "10:00"));
  await service.until(day(3, "10:00"));
  service.store.slots.resume("daily", [], day(3, "10:00"));
  service.scheduler.look();
  await service.until(day(3, "12:00"));
  expect(service.store.runs.list().map(({ scheduledAt }) => scheduledAt)).toEqual([
    day(3, "11:00"),
    day(2, "09:00"),
  ]);
});

test("a slot starts after its share of the jitter, and only once", async () => {
  const schedules = [thrice({ jitterMs: HOUR_MS })];
  const { store, until, told } = await playedService({ startAt: day(2), schedules });
  await until(day(3));
  const slots = store.slots.of("daily", 9).toReversed();
  const runs = store.runs.list().toReversed();
  expect(runs.map(({ startedAt }) => startedAt)).toEqual(slots.map(({ startAt }) => startAt));
  expect(slots.some(({ startAt, dueAt }) => startAt !== dueAt)).toBe(true);
  expect(told().filter((line) => line.endsWith("STARTED"))).toHaveLength(3);
});

test("a clock that is set forward over slots catches up as if nobody had been there", async () => {
  const { clock, until, told, starts } = await playedService({
    startAt: day(2),
    schedules: [thrice()],
  });
  await until(day(2, "08:00"));
  clock.step(4 * HOUR_MS);
  await until(day(2, "12:30"));
  expect(told()).toEqual([
    "02 09:00 SKIPPED",
    "02 11:00 DUE",
    "02 11:00 STARTED",
    "02 11:00 ENDED",
  ]);
  await until(day(3));
  expect(starts).toHaveLength(2);
});

test("a clock that is set back makes no slot run twice, and what it jumped over runs at its time", async () => {
  const { clock, scheduler, until, store, told } = await playedService({
    startAt: day(2),
    schedules: [thrice()],
  });
  await until(day(2, "08:00"));
  clock.step(4 * HOUR_MS);
  await until(day(2, "12:05"));
  clock.step(-4 * HOUR_MS);
  // as it does every 30 seconds where time is real
  scheduler.look();
  await until(day(3));
  const byTime = store.runs.list().map(({ scheduledAt }) => scheduledAt.slice(11, 16));
  expect(byTime.toSorted()).toEqual(["09:00", "11:00", "13:00"]);
  expect(told().filter((line) => line === "02 11:00 STARTED")).toHaveLength(1);
});

test("a clock set back by a day after its slots ran starts none of them again", async () => {
  const { clock, until, store } = await playedService({ startAt: day(2), schedules: [thrice()] });
  await until(day(3, "10:00"));
  clock.step(-24 * HOUR_MS);
  await until(day(4));
  const times = store.runs.list().map(({ scheduledAt }) => scheduledAt);
  expect(new Set(times).size).toBe(times.length);
  expect(times.toSorted()).toEqual([
    day(2, "09:00"),
    day(2, "11:00"),
    day(2, "13:00"),
    day(3, "09:00"),
    day(3, "11:00"),
    day(3, "13:00"),
  ]);
});

test("on days when clocks change each slot runs once", async () => {
  const times = ["01:30", "02:30", "03:30", "12:00"];
  const berlin = { rule: { by: "times", times } as const, timeZone: "Europe/Berlin" };
  const schedules = [thrice(berlin)];
  for (const [from, to, expected] of [
    // from 02:00 to 03:00: 02:30 is due at the first instant after that
    ["2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", ["00:30", "01:00", "01:30", "10:00"]],
    // from 03:00 back to 02:00: 02:30 comes twice and counts once
    ["2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", ["23:30", "00:30", "02:30", "11:00"]],
  ] as const) {
    const { until, store } = await playedService({ startAt: from, schedules });
    await until(to);
    const ran = store.runs.list().toReversed();
    expect(ran.map(({ startedAt }) => startedAt.slice(11, 16))).toEqual(expected);
  }
});

test("what hinders all runs makes slots wait, and they start when it is over", async () => {
  const service = await playedService({ startAt: day(2), schedules: [thrice()] });
  service.hinder("disk: 3 MB are free at /data.");
  await service.until(day(2, "10:00"));
  expect(service.starts).toEqual([]);
  expect(service.store.slots.pending()).toMatchObject([
    { status: "QUEUED", reason: "disk: 3 MB are free at /data." },
  ]);
  service.hinder(null);
  await service.until(day(2, "10:30"));
  expect(service.told()).toEqual([
    "02 09:00 DUE",
    "02 09:00 QUEUED",
    "02 09:00 STARTED",
    "02 09:00 ENDED",
  ]);
});

test("what hinders for longer than the window makes slots missed, with why", async () => {
  const service = await playedService({ startAt: day(2), schedules: [thrice()] });
  service.hinder("disk: full");
  await service.until(day(3, "00:00"));
  expect(service.store.slots.of("daily", 3).map(({ status, reason }) => [status, reason])).toEqual([
    ["SKIPPED", "the run of an earlier slot goes on (overlap: skip)"],
    ["SKIPPED", "the run of an earlier slot goes on (overlap: skip)"],
    ["MISSED", "it could not be started within 6 h: disk: full"],
  ]);
});

test("a start that fails is tried again, later each time, and its slot is not lost", async () => {
  const refused = new Error("No space left.");
  const play = playing([{ refused }, { refused }, { refused }]);
  const service = await playedService({ startAt: day(2), schedules: [thrice()], play });
  await service.until(day(2, "09:01"));
  expect(service.scheduler.failures()).toEqual([
    { key: `daily ${day(2, "09:00")}`, message: "No space left." },
  ]);
  await service.until(day(2, "10:00"));
  expect(service.scheduler.failures()).toEqual([]);
  const [run] = service.store.runs.list();
  // after 30 s, 1 min and 2 min
  expect(run?.startedAt).toBe("2026-03-02T09:03:30.000Z");
  expect(service.told().filter((line) => line.endsWith("STARTED"))).toHaveLength(1);
});

test("a start that never succeeds is missed with the reason, and the next slot is tried anew", async () => {
  const play = playing([], { refused: new Error("No space left.") });
  const { until, store } = await playedService({
    startAt: day(2),
    schedules: [thrice({ rule: { by: "times", times: ["09:00"] }, windowMs: HOUR_MS })],
    play,
  });
  await until(day(2, "11:00"));
  expect(store.slots.of("daily", 1)).toMatchObject([
    { status: "MISSED", reason: "it could not be started within 1 h: No space left." },
  ]);
});

test("a run that breaks off before it begins gives its slot back", async () => {
  const play = playing([{ broken: new Error("Files are gone.") }]);
  const { until, store, told } = await playedService({
    startAt: day(2),
    schedules: [thrice()],
    play,
  });
  await until(day(2, "10:00"));
  expect(told()).toEqual([
    "02 09:00 DUE",
    "02 09:00 STARTED",
    "02 09:00 DUE",
    "02 09:00 STARTED",
    "02 09:00 ENDED",
  ]);
  expect(store.runs.list()).toMatchObject([{ status: "COMPLETED" }]);
});

test("many schedules run beside each other", async () => {
  const schedules = Array.from({ length: 12 }, (_, i) =>
    thrice({ name: `s${i}`, rule: { by: "interval", everyMs: (i + 1) * HOUR_MS } }),
  );
  const play = playing([], { tookMs: 10 * 60_000 });
  const { until, store } = await playedService({ startAt: day(2), schedules, play });
  await until(day(3, "00:30"));
  for (const [i, { name }] of schedules.entries()) {
    const ran = store.slots.of(name, 100).filter(({ status }) => status === "ENDED");
    // from 01:00 on, counted from midnight of each day; and the next midnight
    expect(ran).toHaveLength(Math.ceil(24 / (i + 1)));
  }
});
