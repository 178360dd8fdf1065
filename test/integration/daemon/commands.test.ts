import { expect, onTestFinished, test } from "vitest";
import { join } from "node:path";
import { readFile } from "node:fs/promises";
import { createApp } from "../../../src/app.ts";
import type { Clock } from "../../../src/core/index.ts";
import type { App } from "../../../src/orchestration/index.ts";
import { clockAt, note, pipeline, type Place, served, withPlace } from "../../helpers/served.ts";

const SCHEDULES = `
schedules:
  morning: { at: "09:00" }
  noon: { at: "12:00", task: two, accounts: bolt }
  night: { every: 6h, paused: true }
service: { port: off, checks: { diskFree: 1KB } }`;

const CONFIG = pipeline({
  tasks: `one: { ${note} }\n      two: { ${note}, at: "15:00" }`,
  more: SCHEDULES,
}).replace("[{ id: acme }]", "[{ id: acme }, { id: bolt }]");

function appIn({ folder }: Place, clock: Clock): App {
  const app = createApp({ checkpointsFolder: join(folder, "checkpoints"), cwd: folder, clock });
  onTestFinished(() => app.close());
  return app;
}

function ms(at: string): number {
  return Date.parse(`2026-03-${at}:00.000Z`);
}

test("schedules of a configuration are told before there ever was a service", async () => {
  const place = await withPlace(CONFIG);
  const app = appIn(place, clockAt("2026-03-02T00:00:00.000Z"));
  expect(await app.schedules()).toEqual([]);
  const reports = await app.schedules(place.configPath);
  expect(
    reports.map(({ definition, paused, next }) => [definition.name, paused, next?.dueAt]),
  ).toEqual([
    ["morning", false, "2026-03-02T09:00:00.000Z"],
    ["noon", false, "2026-03-02T12:00:00.000Z"],
    ["night", true, undefined],
  ]);
  expect(reports[0]).toMatchObject({ configPath: place.configPath, pausedAt: null, last: null });
});

test("coming slots of all schedules or one, with what they run", async () => {
  const place = await withPlace(CONFIG);
  const { configPath } = place;
  const app = appIn(place, clockAt("2026-03-02T10:00:00.000Z"));
  const coming = await app.comingSlots({ configPath, count: 3 });
  expect(coming).toEqual([
    {
      schedule: "noon",
      workflow: "default",
      task: "two",
      accounts: ["bolt"],
      dueAt: "2026-03-02T12:00:00.000Z",
      startAt: "2026-03-02T12:00:00.000Z",
    },
    expect.objectContaining({ schedule: "morning", accounts: ["acme", "bolt"], task: null }),
    expect.objectContaining({ schedule: "noon", dueAt: "2026-03-03T12:00:00.000Z" }),
  ]);
  const mornings = await app.comingSlots({ configPath, schedule: "morning", count: 2 });
  expect(mornings.map(({ dueAt }) => dueAt.slice(8, 16))).toEqual(["03T09:00", "04T09:00"]);
  await expect(app.comingSlots({ configPath, schedule: "mornig", count: 1 })).rejects.toThrow(
    /No such schedule.*"mornig"\. Did you mean "morning"\? There are morning, noon, night\./,
  );
});

test("a schedule paused and resumed from elsewhere leaves out what came meanwhile", async () => {
  const place = await withPlace(CONFIG);
  const clock = clockAt("2026-03-02T00:00:00.000Z");
  const { app } = await served({ place, clock });
  const other = appIn(place, clock);
  await clock.advance(ms("02T10:00"));
  expect(await other.pauseSchedule("morning")).toMatchObject({
    paused: true,
    pausedAt: "2026-03-02T10:00:00.000Z",
    next: null,
    // its run goes on: a task of it waits for its time
    last: { status: "STARTED" },
  });
  await clock.advance(ms("04T10:00"));
  const resumed = await other.resumeSchedule("morning");
  expect(resumed).toMatchObject({ paused: false, next: { dueAt: "2026-03-05T09:00:00.000Z" } });
  await clock.advance(ms("05T10:00"));
  const mornings = (await app.runs()).filter(({ schedule }) => schedule === "morning");
  expect(mornings.map(({ scheduledAt }) => scheduledAt.slice(8, 10))).toEqual(["05", "02"]);
});

test("what came due before a pause was ended is put on record as left out, without a service", async () => {
  const place = await withPlace(CONFIG);
  const { configPath } = place;
  const clock = clockAt("2026-03-02T00:00:00.000Z");
  const app = appIn(place, clock);
  await app.pauseSchedule("morning", configPath);
  await clock.advance(ms("03T10:00"));
  expect(await app.resumeSchedule("morning", configPath)).toMatchObject({
    paused: false,
    last: { status: "SKIPPED", reason: "the schedule is paused" },
  });
  // one that is not paused goes on as it did: nothing owed is left out
  await clock.advance(ms("04T10:00"));
  expect((await app.resumeSchedule("morning", configPath)).last?.dueAt.slice(8, 10)).toBe("03");
  const { drain } = await served({ place, clock });
  await clock.idle();
  expect((await app.runs()).map(({ scheduledAt }) => scheduledAt.slice(8, 13))).toEqual(["04T09"]);
  await drain();
});

test("a schedule is triggered in the calling process, as a run that no schedule started", async () => {
  const place = await withPlace(CONFIG);
  const { configPath, folder } = place;
  const app = appIn(place, clockAt("2026-03-02T10:00:00.000Z"));
  const { run, tasks } = await app.trigger("noon", configPath);
  expect(run).toMatchObject({ schedule: null, status: "COMPLETED", accounts: ["bolt"] });
  expect(tasks.map(({ account, task }) => [account, task])).toEqual([["bolt", "two"]]);
  expect(await readFile(join(folder, "lines"), "utf8")).toBe(
    "did 2026-03-02T10:00:00.000Z bolt two\n",
  );
  expect(await app.schedules(configPath)).toMatchObject([{}, { last: null }, {}]);
  await expect(app.trigger("none", configPath)).rejects.toMatchObject({ code: "SCHEDULE_UNKNOWN" });
});

test("a schedule on record is triggered by the configuration that it is of", async () => {
  const place = await withPlace(CONFIG);
  const clock = clockAt("2026-03-02T00:00:00.000Z");
  const { drain } = await served({ place, clock });
  await drain();
  const { run } = await appIn(place, clock).trigger("morning");
  expect(run).toMatchObject({ configPath: place.configPath, accounts: ["acme", "bolt"] });
});

test("the overview tells which tasks wait for their time, and what comes next", async () => {
  const place = await withPlace(CONFIG);
  const clock = clockAt("2026-03-02T00:00:00.000Z");
  const { app } = await served({ place, clock });
  await clock.advance(ms("02T09:30"));
  const overview = await app.overview();
  expect(overview).toMatchObject({
    at: "2026-03-02T09:30:00.000Z",
    workflows: [{ run: { workflow: "default", status: "RUNNING", schedule: "morning" } }],
    comingSlots: [{ schedule: "noon" }, { schedule: "morning" }],
  });
  expect(
    overview.comingTasks.map(({ account, task, startAt, reason }) => [
      account,
      task,
      startAt,
      reason,
    ]),
  ).toEqual([
    ["acme", "two", "2026-03-02T15:00:00.000Z", "its time"],
    ["bolt", "two", "2026-03-02T15:00:00.000Z", "its time"],
  ]);
  expect(overview.workflows[0]?.tasks.map(({ task, status }) => [task, status])).toEqual(
    expect.arrayContaining([["one", "COMPLETED"]]),
  );
  await clock.advance(ms("02T16:00"));
  expect((await app.overview()).comingTasks).toEqual([]);
});

test("without runs, schedules and service there is nothing to tell", async () => {
  const place = await withPlace(CONFIG);
  const app = appIn(place, clockAt("2026-03-02T00:00:00.000Z"));
  expect(await app.overview()).toEqual({
    at: "2026-03-02T00:00:00.000Z",
    workflows: [],
    comingTasks: [],
    comingSlots: [],
    service: null,
  });
});

test("after a clock was far ahead nothing is due until a person says so, and a check tells it", async () => {
  const place = await withPlace(CONFIG);
  const wrong = clockAt("2027-03-02T00:00:00.000Z");
  const first = await served({ place, clock: wrong });
  await wrong.advance(Date.parse("2027-03-02T08:00:00.000Z"));
  await first.drain();

  const clock = clockAt("2026-03-02T00:00:00.000Z");
  const { app, told } = await served({ place, clock });
  const { checks } = await told("health");
  expect(checks.find(({ name }) => name === "clock")).toMatchObject({ level: "failing" });
  await clock.advance(ms("02T12:30"));
  expect(await app.runs()).toEqual([]);
  await app.resumeSchedule("morning");
  await clock.advance(ms("03T12:30"));
  expect((await app.runs()).map(({ scheduledAt }) => scheduledAt)).toEqual([
    "2026-03-03T09:00:00.000Z",
  ]);
});
