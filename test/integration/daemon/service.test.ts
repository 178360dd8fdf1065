import { once } from "node:events";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exists } from "../../../src/core/index.ts";
import { clockAt, note, pipeline, type Place, served, withPlace } from "../../helpers/served.ts";
import { until } from "../../helpers/held-run.ts";
import { withProgram, withStore } from "../../helpers/store.ts";

const MORNING = "2026-03-02T09:00:00.000Z";

function day(n: number, time = "00:00"): number {
  return Date.parse(`2026-03-${String(n).padStart(2, "0")}T${time}:00.000Z`);
}

/** The slot of a day. */
function slotOf(n: number): string {
  return new Date(day(n, "09:00")).toISOString();
}

async function linesIn({ folder }: Place): Promise<string[]> {
  const text = (await exists(join(folder, "lines")))
    ? await readFile(join(folder, "lines"), "utf8")
    : "";
  return text.split("\n").filter(Boolean);
}

test("it runs what its schedules say, day after day, until it is drained", async () => {
  const place = await withPlace();
  const clock = clockAt("2026-03-02T00:00:00.000Z");
  const { app, notices, drain } = await served({ place, clock });
  await clock.advance(day(4, "12:00"));
  expect(await linesIn(place)).toEqual([2, 3, 4].map((n) => `did ${slotOf(n)} acme one`));
  const overview = await app.overview();
  expect(overview).toMatchObject({
    workflows: [{ run: { status: "COMPLETED", schedule: "daily", scheduledAt: slotOf(4) } }],
    comingTasks: [],
    comingSlots: [{ schedule: "daily", dueAt: slotOf(5), accounts: ["acme"] }],
    service: { pid: process.pid, alive: true, configPath: place.configPath, url: null },
  });
  expect(await drain()).toEqual({ reason: "drained" });
  expect((await app.overview()).service).toBeNull();
  expect(notices.map(({ type }) => type)).toEqual([
    "started",
    ...Array.from({ length: 3 }, () => ["slot", "slot", "run-ended", "slot"]).flat(),
    "draining",
    "stopped",
  ]);
  expect(notices[0]).toEqual({
    at: "2026-03-02T00:00:00.000Z",
    type: "started",
    url: null,
    schedules: 1,
  });
});

test("a store has one service; the second says which process it is", async () => {
  const place = await withPlace();
  await served({ place, clock: clockAt("2026-03-02T00:00:00.000Z") });
  await expect(served({ place })).rejects.toThrow(
    new RegExp(`Another process is the service.*process ${process.pid} on`),
  );
});

test("a configuration that does not hold, or none, is no service", async () => {
  const place = await withPlace("pipeline: { name: x }");
  await expect(served({ place })).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  await rm(place.configPath);
  await expect(served({ place })).rejects.toMatchObject({ code: "CONFIG_MISSING" });
});

test("a run that is at work when it drains goes on with the next service, its slot runs once", async () => {
  const place = await withPlace(pipeline({ tasks: `one: { ${note}, with: { hold: wait } }` }));
  await writeFile(join(place.folder, "wait"), "");
  const clock = clockAt("2026-03-02T08:00:00.000Z");
  const first = await served({ place, clock });
  const passing = clock.advance(day(2, "09:00"));
  await until(async () => (await linesIn(place)).length > 0);
  expect(await first.endAtOnce()).toEqual({ reason: "drained" });
  await passing;
  expect(first.notices.map(({ type }) => type).slice(-3)).toEqual([
    "draining",
    "run-ended",
    "stopped",
  ]);
  await first.app.close();

  await rm(join(place.folder, "wait"));
  const later = clockAt("2026-03-02T09:30:00.000Z");
  const second = await served({ place, clock: later });
  await later.advance(day(3, "08:00"));
  expect(
    second.notices.map((notice) => [notice.type, "slot" in notice && notice.slot.status]),
  ).toEqual([
    ["started", false],
    ["run-resumed", false],
    ["run-ended", false],
    ["slot", "ENDED"],
  ]);
  expect(await linesIn(place)).toEqual([
    `began ${MORNING} acme one`,
    `began ${MORNING} acme one`,
    `did ${MORNING} acme one`,
  ]);
  const runs = await second.app.runs();
  expect(runs).toMatchObject([{ status: "COMPLETED", attempts: 2, schedule: "daily" }]);
});

test("a run that waits for a person or was paused is left to them, and told", async () => {
  const place = await withPlace();
  const store = withStore(join(place.folder, "checkpoints"));
  const clock = clockAt("2026-03-02T00:00:00.000Z");
  const first = await served({ place, clock });
  await clock.advance(day(2, "12:00"));
  const [run] = await first.app.runs();
  await first.drain();
  store.runs.setStatus(run!.runId, "WAITING", "person");

  const second = await served({ place, clock: clockAt("2026-03-02T13:00:00.000Z") });
  const { checks } = await second.told("health");
  expect(checks.find(({ name }) => name === "runs")).toMatchObject({
    level: "warning",
    text: "1 run waits for a person.",
  });
  expect(await second.app.runs()).toMatchObject([{ status: "WAITING", attempts: 1 }]);
});

test("a run whose settings are damaged is told, and stops nothing else", async () => {
  const place = await withPlace();
  const store = withStore(join(place.folder, "checkpoints"));
  const clock = clockAt("2026-03-02T00:00:00.000Z");
  const first = await served({ place, clock });
  await clock.advance(day(2, "12:00"));
  const [run] = await first.app.runs();
  await first.drain();
  store.runs.setStatus(run!.runId, "WAITING", "process");
  await writeFile(join(place.folder, "checkpoints", "runs", run!.runId, "settings.json"), "{");

  const later = clockAt("2026-03-02T13:00:00.000Z");
  await place.write(pipeline().replace("60s", "1s"));
  const second = await served({ place, clock: later });
  const { checks } = await second.told("health", (notice) =>
    notice.checks.some(({ name, level }) => name === "runs" && level === "warning"),
  );
  const found = checks.find(({ name }) => name === "runs");
  expect(found?.text).toMatch(new RegExp(`Run ${run!.runId} cannot be taken up: .*settings.json`));
  expect(found?.remedy).toMatch(`data-wrangler cancel ${run!.runId}`);
  await later.advance(day(3, "12:00"));
  expect((await second.app.runs()).map(({ status }) => status)).toEqual(["COMPLETED", "WAITING"]);
});

test("a new configuration is taken over, one that does not hold is refused with all findings", async () => {
  const place = await withPlace();
  const clock = clockAt("2026-03-02T00:00:00.000Z");
  const { reload, told, app, notices } = await served({ place, clock });
  await place.write(pipeline({ more: "schedules: { daily: { at: 25 }, other: { every: 1 } }" }));
  reload();
  const { message } = await told("reload-refused");
  expect(message).toMatch(/daily/);
  expect(message).toMatch(/other/);
  expect(await app.comingSlots({ count: 1 })).toMatchObject([{ dueAt: MORNING }]);

  const more =
    'schedules: { noon: { at: "12:00" } }\nservice: { port: off, checks: { diskFree: 1KB } }';
  await place.write(pipeline({ more }));
  reload();
  expect(await told("reloaded")).toMatchObject({ schedules: 1 });
  await clock.advance(day(3));
  expect(await linesIn(place)).toEqual(["did 2026-03-02T12:00:00.000Z acme one"]);

  await place.write(pipeline({ more: `${more}\ncheckpoints: elsewhere` }));
  reload();
  // the folder is named by the application here: what the file says of it does not count
  await until(() => notices.filter(({ type }) => type === "reloaded").length === 2);
});

test("a run goes on with the settings that it was started with", async () => {
  const place = await withPlace(
    pipeline({
      tasks: `one: { ${note}, with: { hold: wait } }\n      two: { ${note}, dependsOn: one }`,
    }),
  );
  await writeFile(join(place.folder, "wait"), "");
  const clock = clockAt("2026-03-02T08:00:00.000Z");
  const { reload, told } = await served({ place, clock });
  const passing = clock.advance(day(2, "09:00"));
  await until(async () => (await linesIn(place)).length > 0);
  await place.write(pipeline());
  reload();
  await told("reloaded");
  await rm(join(place.folder, "wait"));
  await told("run-ended");
  await passing;
  expect(await linesIn(place)).toEqual([
    `began ${MORNING} acme one`,
    `did ${MORNING} acme one`,
    `did ${MORNING} acme two`,
  ]);
});

test("a full disk starts nothing and loses nothing; it goes on by itself", async () => {
  const full = pipeline().replace("1KB", "900000GB").replace("60s", "1s");
  const place = await withPlace(full);
  const clock = clockAt("2026-03-02T00:00:00.000Z");
  const { reload, told, app, notices } = await served({ place, clock });
  await clock.advance(day(2, "10:00"));
  expect(await app.schedules()).toMatchObject([
    { last: { status: "QUEUED", reason: expect.stringMatching(/^disk: .* are free at /) } },
  ]);
  expect(notices.find(({ type }) => type === "health")).toMatchObject({
    checks: expect.arrayContaining([expect.objectContaining({ name: "disk", level: "failing" })]),
  });
  await place.write(full.replace("900000GB", "1KB"));
  reload();
  await told("run-ended");
  expect(await linesIn(place)).toEqual([`did ${MORNING} acme one`]);
});

test("what a listener throws stops nothing", async () => {
  const place = await withPlace();
  const clock = clockAt("2026-03-02T00:00:00.000Z");
  const { notices } = await served({
    place,
    clock,
    onNotice: () => {
      throw new Error("broken pipe");
    },
  });
  await clock.advance(day(2, "12:00"));
  expect(notices.filter(({ type }) => type === "run-ended")).toHaveLength(1);
});

test("after a run that failed the next day comes", async () => {
  const place = await withPlace(pipeline({ tasks: `one: { ${note}, with: { fails: no } }` }));
  const clock = clockAt("2026-03-02T00:00:00.000Z");
  const { app } = await served({ place, clock });
  await clock.advance(day(5));
  expect((await app.runs()).map(({ status }) => status)).toEqual(["FAILED", "FAILED", "FAILED"]);
  const [{ last } = { last: null }] = await app.schedules();
  expect(last).toMatchObject({ status: "ENDED" });
});

test("a restart whose command fails is outlived: the service goes on, the run says what failed", async () => {
  const tasks = `again: { kind: restart, scope: service, command: [sh, -c, "exit 3"], within: 30s }`;
  const place = await withPlace(pipeline({ tasks }));
  const clock = clockAt("2026-03-02T08:00:00.000Z");
  const { told, app, notices } = await served({ place, clock });
  const passing = clock.advance(day(2, "09:00"));
  await told("run-ended", ({ status }) => status === "FAILED");
  await passing;
  const types = notices.map(({ type }) => type).filter((type) => type !== "slot");
  expect(types).toEqual([
    "started",
    "draining",
    "run-ended",
    "handing-over",
    "started",
    "run-resumed",
    "run-ended",
  ]);
  const [run] = await app.runs();
  const { tasks: found } = await app.status(run!.runId);
  expect(found[0]?.failure).toMatchObject({ code: "RESTART_FAILED" });
  // and the next day comes
  await clock.advance(day(3, "08:00"));
  expect(await app.comingSlots({ count: 1 })).toMatchObject([{ dueAt: slotOf(3) }]);
});

test("a run that another process executes is left to it, and taken up when that process dies", async () => {
  const place = await withPlace(pipeline({ tasks: `one: { ${note}, with: { hold: wait } }` }));
  await writeFile(join(place.folder, "wait"), "");
  const child = withProgram("restart-service.ts", [place.folder]);
  await until(async () => (await linesIn(place)).length > 0);
  const clock = clockAt("2026-03-02T00:00:00.000Z");
  const { app, notices } = await served({ place, clock });
  await clock.advance(day(2, "02:00"));
  expect(await app.runs()).toMatchObject([{ status: "RUNNING", attempts: 1, schedule: null }]);
  expect(notices.map(({ type }) => type)).toEqual(["started"]);

  child.kill("SIGKILL");
  await once(child, "exit");
  await rm(join(place.folder, "wait"));
  await clock.advance(day(2, "04:00"));
  expect(notices.map(({ type }) => type)).toEqual(["started", "run-resumed", "run-ended"]);
  expect(await app.runs()).toMatchObject([{ status: "COMPLETED", attempts: 2 }]);
});

test("asked to end before it began, it starts nothing and ends", async () => {
  const place = await withPlace();
  const clock = clockAt("2026-03-02T00:00:00.000Z");
  const first = await served({ place, clock });
  await first.drain();
  await clock.advance(day(2, "12:00"));
  const notices: string[] = [];
  const end = await first.app.serve(
    { configPath: place.configPath },
    { drain: AbortSignal.abort(), onNotice: ({ type }) => void notices.push(type) },
  );
  expect(end).toEqual({ reason: "drained" });
  expect(notices).toEqual(["started", "draining", "stopped"]);
  expect(await first.app.runs()).toEqual([]);
});
