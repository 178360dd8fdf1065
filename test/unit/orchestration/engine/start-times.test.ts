import { describe, expect, test } from "vitest";
import { type SimulatedClock, simulatedClock } from "../../../../src/core/index.ts";
import type { TaskDefinition } from "../../../../src/orchestration/index.ts";
import { type MemoryJournal, memoryJournal } from "../../../helpers/memory-journal.ts";
import { type Play, play, type Playing } from "../../../helpers/play-scope.ts";
import { taskDefinition, workflowDefinition } from "../../../helpers/workflow-definition.ts";

const BERLIN = "Europe/Berlin";
const task = (own: Partial<TaskDefinition> = {}) => taskDefinition("t", [], own);
const MINUTE_MS = 60_000;
const windowed = (own: Partial<TaskDefinition> = {}) =>
  task({ at: "09:35", windowMs: 5 * MINUTE_MS, ...own });

/** A run that a schedule started at a time; the clock shows that time. */
function scheduled(
  dueAt: string,
  tasks: TaskDefinition[],
  more: Omit<Partial<Play>, "slot" | "clock"> & { readonly clock?: SimulatedClock } = {},
): { clock: SimulatedClock; journal: MemoryJournal } & Playing {
  const dueMs = Date.parse(dueAt);
  const { clock = simulatedClock(dueMs), journal = memoryJournal(), ...rest } = more;
  const slot = { dueMs, timeZone: BERLIN };
  return { clock, journal, ...play({ tasks, journal, clock, slot, ...rest }) };
}

const iso = (clock: SimulatedClock) => new Date(clock.now()).toISOString();
const started = ({ journal }: { journal: MemoryJournal }, path = "t") =>
  journal.task(path)?.startedAt;

describe("a task with a time of the day", () => {
  test("waits for it exactly, on record and without a place, and then starts", async () => {
    const tasks = [task({ at: "13:05" }), taskDefinition("other")];
    const run = scheduled("2026-03-02T08:30:00.000Z", tasks, { limits: { global: 1 } });
    await run.clock.advance(Date.parse("2026-03-02T12:04:59.999Z"));
    expect(run.journal.task("t")).toMatchObject({
      status: "NOT_STARTED",
      nextAttemptAt: "2026-03-02T12:05:00.000Z",
    });
    expect(run.journal.task("other")?.status).toBe("COMPLETED");
    await run.clock.advance(Date.parse("2026-03-02T12:05:00.000Z"));
    await run.ended;
    expect(run.journal.task("t")).toMatchObject({
      status: "COMPLETED",
      startedAt: "2026-03-02T12:05:00.000Z",
      nextAttemptAt: null,
    });
    const told = run.journal.events().filter((event) => "task" in event && event.task === "t");
    expect(told.map(({ type }) => type)).toEqual(["task-ready", "task-started", "task-finished"]);
  });

  test("waits for its predecessors besides, whichever takes longer", async () => {
    const tasks = [
      taskDefinition("slow"),
      task({ at: "09:35", dependsOn: ["slow"] }),
      taskDefinition("after", ["t"], { at: "09:31" }),
    ];
    const acts = { slow: { ms: 20 * MINUTE_MS } };
    const run = scheduled("2026-03-02T08:30:00.000Z", tasks, { acts });
    await run.clock.advance(Date.parse("2026-03-02T09:00:00.000Z"));
    await run.ended;
    expect(started(run)).toBe("2026-03-02T08:50:00.000Z");
    expect(started(run, "after")).toBe("2026-03-02T08:50:00.000Z");
  });

  test("starts at once in a run that no schedule started", async () => {
    const clock = simulatedClock(Date.parse("2026-03-02T08:30:00.000Z"));
    const journal = memoryJournal();
    const { ended } = play({ journal, tasks: [task({ at: "13:05", windowMs: 1 })], clock });
    await clock.idle();
    expect((await ended)["t"]).toMatchObject({ startedAt: "2026-03-02T08:30:00.000Z" });
  });

  test.each([
    [
      "of the next day, when it is earlier than the slot",
      "2026-03-02T21:00:00Z",
      "02:00",
      "2026-03-03T01:00:00.000Z",
    ],
    [
      "when clocks are turned forward over it, right after",
      "2026-03-28T23:30:00Z",
      "02:30",
      "2026-03-29T01:00:00.000Z",
    ],
    [
      "when clocks are turned back over it, the first time",
      "2026-10-24T22:30:00Z",
      "02:30",
      "2026-10-25T00:30:00.000Z",
    ],
    [
      "after clocks were turned forward, by the new time",
      "2026-03-28T23:30:00Z",
      "13:00",
      "2026-03-29T11:00:00.000Z",
    ],
  ])("means that %s", async (_what, dueAt, at, expected) => {
    const run = scheduled(dueAt, [task({ at })]);
    await run.clock.advance(Date.parse(expected) - 1);
    expect(started(run)).toBeNull();
    await run.clock.advance(Date.parse(expected));
    await run.ended;
    expect(started(run)).toBe(expected);
  });

  test("goes on waiting in the next process, without a word", async () => {
    const tasks = [task({ at: "13:05" })];
    const first = scheduled("2026-03-02T08:30:00.000Z", tasks);
    await first.clock.advance(Date.parse("2026-03-02T10:00:00.000Z"));
    first.control.interrupt("killed");
    await first.clock.idle();
    expect((await first.ended)["t"]).toBeUndefined();
    const entries = first.journal.entries.length;

    const { clock, journal } = first;
    const second = scheduled("2026-03-02T08:30:00.000Z", tasks, { clock, journal });
    await clock.advance(Date.parse("2026-03-02T12:04:59.999Z"));
    expect(journal.entries).toHaveLength(entries);
    await clock.advance(Date.parse("2026-03-02T12:05:00.000Z"));
    await second.ended;
    expect(started(second)).toBe("2026-03-02T12:05:00.000Z");
  });

  test("leaves its wait at once when the run drains; the record says what it waits for", async () => {
    const run = scheduled("2026-03-02T08:30:00.000Z", [task({ at: "13:05" })]);
    await run.clock.advance(Date.parse("2026-03-02T10:00:00.000Z"));
    run.control.drain("stop");
    await run.clock.idle();
    expect((await run.ended)["t"]).toBeUndefined();
    expect(iso(run.clock)).toBe("2026-03-02T10:00:00.000Z");
    expect(run.journal.task("t")).toMatchObject({
      status: "NOT_STARTED",
      nextAttemptAt: "2026-03-02T12:05:00.000Z",
    });
  });

  test("is skipped while it waits, when the workflow stops", async () => {
    const tasks = [taskDefinition("bad", [], { critical: true }), task({ at: "13:05" })];
    const acts = { bad: { ms: MINUTE_MS, fails: "ApplicationError" } } as const;
    const run = scheduled("2026-03-02T08:30:00.000Z", tasks, { acts });
    await run.clock.advance(Date.parse("2026-03-02T08:31:00.000Z"));
    expect((await run.ended)["t"]).toMatchObject({ status: "SKIPPED", nextAttemptAt: null });
  });

  test("follows a clock that is set: forward over its time, or back from it", async () => {
    const tasks = [task({ at: "13:05" })];
    const ahead = scheduled("2026-03-02T08:30:00.000Z", tasks);
    await ahead.clock.advance(Date.parse("2026-03-02T12:00:00.000Z"));
    ahead.clock.step(6 * MINUTE_MS);
    await ahead.clock.advance(ahead.clock.now());
    await ahead.ended;
    expect(started(ahead)).toBe("2026-03-02T12:06:00.000Z");

    const back = scheduled("2026-03-02T08:30:00.000Z", tasks);
    await back.clock.advance(Date.parse("2026-03-02T12:00:00.000Z"));
    back.clock.step(-60 * MINUTE_MS);
    await back.clock.advance(Date.parse("2026-03-02T12:04:59.999Z"));
    expect(started(back)).toBeNull();
    await back.clock.advance(Date.parse("2026-03-02T12:05:00.000Z"));
    await back.ended;
    expect(started(back)).toBe("2026-03-02T12:05:00.000Z");
  });
});

describe("a window", () => {
  const late = { status: "FAILED", failure: { code: "TASK_LATE", class: "TimeoutError" } };

  test("a task that could start only after it fails as late, its predecessor to blame", async () => {
    const tasks = [taskDefinition("slow"), windowed({ dependsOn: ["slow"] })];
    const acts = { slow: { ms: 10 * MINUTE_MS + 1 } };
    const run = scheduled("2026-03-02T08:30:00.000Z", tasks, { acts });
    await run.clock.advance(Date.parse("2026-03-02T09:00:00.000Z"));
    expect((await run.ended)["t"]).toMatchObject({ ...late, attempts: 0, startedAt: null });
    expect(run.journal.task("t")?.failure?.message).toContain("at 09:35, at most 5 min later");
  });

  test("one that can start at its very end does", async () => {
    const tasks = [taskDefinition("slow"), windowed({ dependsOn: ["slow"] })];
    const acts = { slow: { ms: 10 * MINUTE_MS } };
    const run = scheduled("2026-03-02T08:30:00.000Z", tasks, { acts });
    await run.clock.advance(Date.parse("2026-03-02T09:00:00.000Z"));
    expect((await run.ended)["t"]).toMatchObject({ status: "COMPLETED" });
  });

  test("to wait for a place counts, and ends with the window", async () => {
    const tasks = [taskDefinition("long"), windowed()];
    const acts = { long: { ms: 60 * MINUTE_MS } };
    const limits = { global: 1 };
    const run = scheduled("2026-03-02T08:30:00.000Z", tasks, { acts, limits });
    await run.clock.advance(Date.parse("2026-03-02T08:40:00.000Z"));
    expect(run.journal.task("t")).toMatchObject({ ...late, endedAt: "2026-03-02T08:40:00.000Z" });
    await run.clock.advance(Date.parse("2026-03-02T09:30:00.000Z"));
    expect((await run.ended)["long"]?.status).toBe("COMPLETED");
  });

  test("a task that nobody was there to start in time fails when the run is taken up", async () => {
    const clock = simulatedClock(Date.parse("2026-03-02T08:40:00.001Z"));
    const run = scheduled("2026-03-02T08:30:00.000Z", [windowed()], { clock });
    await clock.idle();
    expect((await run.ended)["t"]).toMatchObject(late);
  });

  test("binds the first attempt: one that began in time is tried again after it", async () => {
    const retry = workflowDefinition("w", [taskDefinition("t")]).tasks[0]!.retry;
    const patient = { ...retry, default: { ...retry.default, attempts: 2, initialMs: 600_000 } };
    const acts = { t: [{ fails: "NetworkError" }, {}] } as const;
    const run = scheduled("2026-03-02T08:30:00.000Z", [windowed({ retry: patient })], { acts });
    await run.clock.advance(Date.parse("2026-03-02T10:00:00.000Z"));
    expect((await run.ended)["t"]).toMatchObject({ status: "COMPLETED", attempts: 2 });
  });

  test("does not bind what a person has run again", async () => {
    const run = scheduled("2026-03-02T08:30:00.000Z", [windowed()], {
      clock: simulatedClock(Date.parse("2026-03-02T09:00:00.000Z")),
    });
    await run.clock.idle();
    const failed = (await run.ended)["t"]!;
    const again = { ...failed, status: "NOT_STARTED", round: 2, failure: null } as const;
    const { clock, journal } = run;
    await journal.commit({ tasks: [again] });
    const second = scheduled("2026-03-02T08:30:00.000Z", [windowed()], { clock, journal });
    await clock.idle();
    expect((await second.ended)["t"]).toMatchObject({ status: "COMPLETED", round: 2 });
  });

  test("a limit of the wait for a place counts from the time of the day", async () => {
    const tasks = [taskDefinition("long"), task({ at: "09:35", queueTimeoutMs: MINUTE_MS })];
    const acts = { long: { ms: 60 * MINUTE_MS } };
    const limits = { global: 1 };
    const run = scheduled("2026-03-02T08:30:00.000Z", tasks, { acts, limits });
    await run.clock.advance(Date.parse("2026-03-02T10:00:00.000Z"));
    expect((await run.ended)["t"]).toMatchObject({
      failure: { code: "QUEUE_TIMEOUT" },
      endedAt: "2026-03-02T08:36:00.000Z",
    });
  });
});
