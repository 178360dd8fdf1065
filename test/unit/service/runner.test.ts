import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { simulatedClock, WranglerError } from "../../../src/core/index.ts";
import type { Perform, RunRecord, RunResult } from "../../../src/orchestration/index.ts";
import type { StartSlot } from "../../../src/service/new-run.ts";
import { steering } from "../../../src/service/steering.ts";
import { withFolder } from "../../helpers/engine.ts";
import { playedRuns } from "../../helpers/played-runs.ts";
import { scheduleDefinition } from "../../helpers/schedule-definition.ts";
import { taskDefinition } from "../../helpers/workflow-definition.ts";

const MORNING = "2026-03-02T08:25:00.000Z";
const HOUR_MS = 3_600_000;

const nothing: Perform = async () => ({});
const notAtFirst: Perform = async ({ round }) => {
  if (round === 1) throw new Error("not today");
  return {};
};
const uncertain: Perform = async () => {
  throw new WranglerError("EFFECT_UNCERTAIN", "Effect.");
};
/** Work that ends when the run is told to. */
const heeding =
  (begun: () => void): Perform =>
  ({ signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      begun();
    });
const schedules = [scheduleDefinition({ name: "weekdays", timeZone: "Asia/Tokyo" })];

/** A run under way, whose simulated time is let pass until it has ended or waits. */
async function ended(
  clock: ReturnType<typeof simulatedClock>,
  run: Promise<RunResult>,
): Promise<RunResult> {
  let isOver = false;
  const over = run.finally(() => (isOver = true));
  over.catch(() => undefined);
  await clock.advance(clock.now() + 24 * HOUR_MS, () => isOver);
  return over;
}

describe("a run that a schedule starts", () => {
  test("is put on record by who claims its slot, and dated by it", async () => {
    const clock = simulatedClock(Date.parse(MORNING) + 90_000);
    const folder = await withFolder();
    const { runs, store, refs, settings } = playedRuns(folder, nothing, clock);
    const claimed: RunRecord[] = [];
    const slot: StartSlot = {
      schedule: "weekdays",
      dueAt: MORNING,
      create(run) {
        claimed.push(run);
        store.runs.create(run);
      },
    };
    const own = settings([taskDefinition("t", [], { at: "18:00" })], { schedules });
    const { run, tasks } = await ended(clock, runs.start(own, undefined, {}, slot));
    expect(claimed).toMatchObject([{ runId: run.runId, status: "IDLE" }]);
    expect(run).toMatchObject({
      runId: expect.stringMatching(/^20260302-082630-/),
      schedule: "weekdays",
      scheduledAt: MORNING,
      startedAt: "2026-03-02T08:26:30.000Z",
      // Times of the day are those of the schedule's zone.
      endedAt: "2026-03-02T09:00:00.000Z",
      status: "COMPLETED",
    });
    expect(tasks).toMatchObject([{ startedAt: "2026-03-02T09:00:00.000Z" }]);
    expect(refs).toMatchObject([{ scheduledAt: MORNING, startedAt: run.startedAt }]);
    expect(store.runEvents(run.runId).at(-1)?.at).toBe("2026-03-02T09:00:00.000Z");
    const kept = await readFile(join(folder, "runs", run.runId, "settings.json"), "utf8");
    expect(JSON.parse(kept)).toMatchObject({ timeZone: "Asia/Tokyo" });
  });

  test("leaves nothing when its slot was claimed by another", async () => {
    const folder = await withFolder();
    const { runs, store, refs, settings } = playedRuns(folder, nothing);
    const taken = new WranglerError("SERVICE_BUSY");
    const create = () => {
      throw taken;
    };
    const slot = { schedule: "weekdays", dueAt: MORNING, create };
    await expect(runs.start(settings([taskDefinition("t")]), undefined, {}, slot)).rejects.toBe(
      taken,
    );
    expect(store.runs.list()).toEqual([]);
    expect(await readdir(join(folder, "runs"))).toEqual([]);
    expect(refs).toEqual([]);
  });
});

describe("the day of a run", () => {
  test("stays when it is tried again and when it is forked; deadlines begin anew", async () => {
    const clock = simulatedClock(Date.parse(MORNING));
    let fails = true;
    const perform: Perform = async ({ path, whileWaiting }) => {
      await whileWaiting(() => new Promise<void>((resolve) => void clock.after(60_000, resolve)));
      if (fails && path === "t") throw new Error("not today");
      return {};
    };
    const { runs, refs, store, settings } = playedRuns(await withFolder(), perform, clock);
    const create = (run: RunRecord) => store.runs.create(run);
    const slot = { schedule: "weekdays", dueAt: "2026-03-02T08:00:00.000Z", create };
    const own = settings([taskDefinition("a"), taskDefinition("t", ["a"])], {
      schedules,
      deadlineMs: HOUR_MS,
    });
    const first = await ended(clock, runs.start(own, undefined, {}, slot));
    expect(first.run.status).toBe("FAILED");

    await clock.advance(Date.parse(MORNING) + 24 * HOUR_MS);
    fails = false;
    const again = await ended(clock, runs.retry(first.run.runId));
    expect(again.run).toMatchObject({ status: "COMPLETED", round: 2 });
    expect(refs.map(({ scheduledAt, startedAt }) => [scheduledAt, startedAt])).toEqual([
      [slot.dueAt, MORNING],
      [slot.dueAt, "2026-03-03T08:25:00.000Z"],
    ]);

    const fork = await ended(clock, runs.fork(first.run.runId, "t"));
    expect(fork.run).toMatchObject({
      scheduledAt: slot.dueAt,
      schedule: null,
      forkedFrom: first.run.runId,
    });
  });

  test("is that of its start where a person started it, also when tried again", async () => {
    const clock = simulatedClock(Date.parse(MORNING));
    const { runs, refs, settings } = playedRuns(await withFolder(), notAtFirst, clock);
    const { run } = await runs.start(settings([taskDefinition("t")]));
    expect(run).toMatchObject({ scheduledAt: MORNING, schedule: null, waitsFor: null });
    clock.step(24 * HOUR_MS);
    await runs.retry(run.runId);
    expect(refs.map(({ scheduledAt }) => scheduledAt)).toEqual([MORNING, MORNING]);
  });
});

describe("what a run waits for", () => {
  test("a person, when nothing is left but what asks", async () => {
    const { runs, settings } = playedRuns(await withFolder(), uncertain);
    const { run } = await runs.start(settings([taskDefinition("t")]));
    expect(run).toMatchObject({ status: "WAITING", waitsFor: "person" });
    const again = await runs.resume(run.runId);
    expect(again.run).toMatchObject({ status: "WAITING", waitsFor: "person", attempts: 2 });
  });

  test("a process, when it was interrupted; nothing, once one has taken it up", async () => {
    const end = new AbortController();
    const { runs, store, settings } = playedRuns(
      await withFolder(),
      heeding(() => end.abort()),
    );
    const { run } = await runs.start(settings([taskDefinition("t")]), undefined, {
      signal: end.signal,
    });
    expect(run).toMatchObject({ status: "WAITING", waitsFor: "process" });
    store.take(run.runId);
    store.runs.takeUp(run.runId);
    expect(store.runs.get(run.runId)).toMatchObject({ status: "RUNNING", waitsFor: null });
  });

  test("to be resumed, when a person paused it: while it ran, or while it stood still", async () => {
    const folder = await withFolder();
    const clock = simulatedClock(Date.parse(MORNING));
    const { runs, store, settings } = playedRuns(folder, nothing, clock);
    const steer = steering(store, clock, (run) => runs.end(run));
    const own = settings([taskDefinition("t", [], { at: "09:30" })]);
    const create = (run: RunRecord) => store.runs.create(run);
    const slot = { schedule: "weekdays", dueAt: MORNING, create };
    const started = runs.start({ ...own, timeZone: "UTC" }, undefined, {}, slot);
    await clock.idle();
    const [{ runId } = { runId: "" }] = store.runs.list();
    expect(await steer.pause(runId)).toMatchObject({ status: "WAITING", waitsFor: "resume" });
    expect((await started).run.waitsFor).toBe("resume");

    const end = new AbortController();
    const resumed = runs.resume(runId, { drain: end.signal });
    await clock.idle();
    end.abort();
    expect((await resumed).run.waitsFor).toBe("process");
    expect(await steer.pause(runId)).toMatchObject({ status: "WAITING", waitsFor: "resume" });
    const { run } = await ended(clock, runs.resume(runId));
    expect(run).toMatchObject({ status: "COMPLETED", waitsFor: null });
    expect(run.endedAt).toBe("2026-03-02T09:30:00.000Z");
  });

  test("a process, when it is drained for a restart of it", async () => {
    const folder = await withFolder();
    const order = { cwd: folder, env: {}, withinMs: 1, outputPath: join(folder, "out") };
    const perform: Perform = async () => {
      await handOver.request({ ...order, command: ["true"], maxPerDay: 1 }, folder);
      return {};
    };
    const { runs, handOver, settings } = playedRuns(folder, perform);
    const { run, tasks } = await runs.start(
      settings([taskDefinition("a"), taskDefinition("b", ["a"])]),
    );
    expect(run).toMatchObject({ status: "WAITING", waitsFor: "process" });
    expect(tasks).toMatchObject([{ task: "a", status: "COMPLETED" }]);
    expect(handOver.requested?.command).toEqual(["true"]);
  });
});
