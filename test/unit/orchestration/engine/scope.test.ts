import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WranglerError } from "../../../../src/core/index.ts";
import type { TaskRecord } from "../../../../src/orchestration/index.ts";
import { memoryJournal } from "../../../helpers/memory-journal.ts";
import { play } from "../../../helpers/play-scope.ts";
import { every, taskDefinition as task } from "../../../helpers/workflow-definition.ts";

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-03-01T10:00:00Z") }));
afterEach(() => void vi.useRealTimers());

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

function outcomes(records: Record<string, TaskRecord | undefined>) {
  return Object.fromEntries(
    Object.entries(records).map(([id, record]) => [
      id,
      record && [record.status, ...(record.reason === null ? [] : [record.reason])].join(": "),
    ]),
  );
}

describe("gates", () => {
  test("a task starts the moment its last dependency is settled, whatever else is at work", async () => {
    const tasks = [
      task("a"),
      task("slow"),
      task("b", ["a"]),
      task("c", ["b"]),
      task("d", ["c", "slow"]),
    ];
    const acts = { a: { ms: 10 }, slow: { ms: 50 }, b: { ms: 10 }, c: { ms: 10 } };
    const { starts, ended, scope } = play({ journal: memoryJournal(), tasks, acts });
    expect(scope.status()).toBe("WAITING");
    await pass(50);
    await ended;
    expect(starts).toEqual(["0 a#1", "0 slow#1", "10 b#1", "20 c#1", "50 d#1"]);
    expect(scope.status()).toBe("COMPLETED");
    expect(scope.records().map((record) => record?.task)).toEqual(["a", "slow", "b", "c", "d"]);
  });

  test("a rule that is certain does not wait for the rest", async () => {
    const tasks = [
      task("quick"),
      task("slow"),
      task("bad"),
      task("first", ["quick", "slow"], { trigger: "one_success" }),
      task("never", ["bad", "slow"]),
      task("after", ["never"], { trigger: "all_done" }),
    ];
    const acts = { slow: { ms: 1_000 }, bad: { ms: 5, fails: "ApplicationError" } } as const;
    const { starts, ended, scope } = play({ journal: memoryJournal(), tasks, acts });
    await pass(5);
    expect(starts).toEqual(["0 quick#1", "0 slow#1", "0 bad#1", "0 first#1", "5 after#1"]);
    expect(scope.records()[4]).toMatchObject({
      status: "SKIPPED",
      reason: "all_success: bad FAILED",
    });
    await pass(1_000);
    await ended;
    expect(scope.status()).toBe("FAILED");
  });

  test("a task that is left out is recorded and told of like one that ran", async () => {
    const journal = memoryJournal();
    const tasks = [task("bad"), task("left", ["bad"])];
    const { ended } = play({ journal, tasks, acts: { bad: { fails: "InputError" } } });
    await pass(0);
    await ended;
    const reason = "all_success: bad FAILED";
    expect(journal.task("left")).toMatchObject({
      status: "SKIPPED",
      reason,
      attempts: 0,
      startedAt: null,
      endedAt: "2026-03-01T10:00:00.000Z",
      durationMs: 0,
    });
    expect(journal.events().at(-1)).toMatchObject({
      type: "task-finished",
      task: "left",
      status: "SKIPPED",
      attempts: 0,
      reason,
    });
  });

  test("nothing starts after a task before that task's end is durable", async () => {
    const journal = memoryJournal();
    const slowly: typeof journal = {
      ...journal,
      async commit(entry) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        await journal.commit(entry);
      },
    };
    const { starts, ended } = play({ journal: slowly, tasks: [task("a"), task("b", ["a"])] });
    await pass(400);
    await ended;
    expect(starts).toEqual(["100 a#1", "300 b#1"]);
  });

  test("a task that is asked for twice runs once", async () => {
    const { scope, starts, ended } = play({ journal: memoryJournal(), tasks: [task("a")] });
    const again = scope.run("a", () => Promise.reject(new Error("asked to work twice")));
    await pass(0);
    expect(await again).toBe((await ended)["a"]);
    expect(starts).toEqual(["0 a#1"]);
  });

  test("no more tasks are at work at once than maxParallel allows", async () => {
    const tasks = ["a", "b", "c", "d"].map((id) => task(id));
    const acts = Object.fromEntries(tasks.map(({ id }) => [id, { ms: 10 }]));
    const workflow = { maxParallel: 2 };
    const { starts, ended } = play({ journal: memoryJournal(), tasks, acts, workflow });
    await pass(20);
    await ended;
    expect(starts).toEqual(["0 a#1", "0 b#1", "10 c#1", "10 d#1"]);
  });

  test("of the tasks that wait for a place the one with the longest way behind it goes first", async () => {
    const tasks = [
      task("first"),
      task("short"),
      task("long"),
      task("next", ["long"]),
      task("last", ["next"]),
    ];
    const acts = Object.fromEntries(tasks.map(({ id }) => [id, { ms: 10 }]));
    const workflow = { maxParallel: 1 };
    const { starts, ended } = play({ journal: memoryJournal(), tasks, acts, workflow });
    await pass(50);
    await ended;
    expect(starts.slice(0, 3)).toEqual(["0 first#1", "10 long#1", "20 short#1"]);
  });

  test("a nested workflow's tasks stand below the task they are nested in", async () => {
    const journal = memoryJournal();
    const tasks = [task("a"), task("b", ["a"])];
    const { starts, ended, scope } = play({ journal, tasks, outer: "nightly" });
    await pass(0);
    await ended;
    expect(starts).toEqual(["0 nightly/a#1", "0 nightly/b#1"]);
    expect(journal.tasks().map((one) => one.task)).toEqual(["nightly/a", "nightly/b"]);
    expect(scope.pathOf("b")).toBe("nightly/b");
  });
});

describe("a critical failure", () => {
  const tasks = [
    task("bad", [], { critical: true }),
    task("working"),
    task("retrying", [], {
      retry: every(50, 2),
    }),
    task("later", ["working"]),
    task("cleanup", ["later", "bad"], { trigger: "always" }),
  ];
  const acts = {
    bad: { ms: 10, fails: "ApplicationError" },
    working: { ms: 30 },
    retrying: [{ ms: 5, fails: "ApplicationError" }, {}],
  } as const;
  const reason = "bad failed and stops the workflow";

  test("cancels what is at work, skips what is not, and lets an always task run", async () => {
    const journal = memoryJournal();
    const { starts, ended, scope } = play({ journal, tasks, acts });
    await pass(10);
    expect(outcomes(await ended)).toEqual({
      bad: "FAILED: it stopped the workflow",
      working: `CANCELED: ${reason}`,
      retrying: `CANCELED: ${reason}`,
      later: `SKIPPED: ${reason}`,
      cleanup: "COMPLETED",
    });
    expect(starts.at(-1)).toBe("10 cleanup#1");
    expect(journal.attempts("working")).toMatchObject([{ status: "CANCELED", next: reason }]);
    expect(scope.status()).toBe("FAILED");
  });

  test("leaves what is at work to finish, further attempts included, where that is asked for", async () => {
    const workflow = { onCriticalFailure: "finish" } as const;
    const { starts, ended } = play({ journal: memoryJournal(), tasks, acts, workflow });
    await pass(55);
    expect(outcomes(await ended)).toEqual({
      bad: "FAILED: it stopped the workflow",
      working: "COMPLETED",
      retrying: "COMPLETED",
      later: `SKIPPED: ${reason}`,
      cleanup: "COMPLETED",
    });
    expect(starts).toContain("55 retrying#2");
  });

  test("holds for the process that takes the run up", async () => {
    const journal = memoryJournal();
    const first = play({ journal, tasks, acts: { ...acts, cleanup: { ms: 1_000 } } });
    await pass(20);
    first.control.interrupt("killed");
    await pass(0);
    expect((await first.ended)["cleanup"]).toBeUndefined();
    const more = [...tasks, task("newly", ["cleanup"])];
    const second = play({ journal, tasks: more });
    await pass(0);
    expect(outcomes(await second.ended)).toMatchObject({
      cleanup: "COMPLETED",
      newly: `SKIPPED: ${reason}`,
    });
    expect(second.starts).toEqual(["0 cleanup#2"]);
  });
});

describe("a deadline", () => {
  test("fails what is at work, cancels what waits for another attempt, skips the rest", async () => {
    const tasks = [
      task("working"),
      task("retrying", [], {
        retry: every(500, 9),
      }),
      task("later", ["working"]),
      task("cleanup", ["working", "later"], { trigger: "always" }),
    ];
    const acts = {
      working: { ms: 1_000 },
      retrying: { fails: "ApplicationError" },
      cleanup: { ms: 40 },
    } as const;
    const workflow = { deadlineMs: 100 };
    const { starts, ended } = play({ journal: memoryJournal(), tasks, acts, workflow });
    await pass(140);
    const records = await ended;
    expect(outcomes(records)).toEqual({
      working: "FAILED",
      retrying: "CANCELED: the deadline has passed",
      later: expect.stringMatching(
        /^SKIPPED: (the deadline has passed|all_success: working FAILED)$/,
      ),
      cleanup: "COMPLETED",
    });
    expect(records["working"]?.failure).toMatchObject({ code: "RUN_DEADLINE" });
    expect(starts).toEqual(["0 working#1", "0 retrying#1", "100 cleanup#1"]);
  });

  test("does not end a task that always runs; without a limit of its own it gets five minutes", async () => {
    const tasks = [
      task("endless", [], { trigger: "always", graceMs: 10 }),
      task("patient", [], { trigger: "always", timeoutMs: 3_600_000 }),
    ];
    const acts = { endless: { ms: 10_000_000 }, patient: { ms: 3_000_000 } };
    const workflow = { deadlineMs: 100 };
    const { ended } = play({ journal: memoryJournal(), tasks, acts, workflow });
    await pass(300_000);
    await pass(2_700_000);
    const records = await ended;
    expect(records["endless"]).toMatchObject({
      status: "FAILED",
      durationMs: 300_000,
      failure: { code: "TASK_TIMEOUT" },
    });
    expect(records["patient"]).toMatchObject({ status: "COMPLETED" });
  });

  test("that has passed while no process worked on the run lets nothing start", async () => {
    const workflow = { deadlineMs: 60_000 };
    const startedAt = Date.now() - 60_001;
    const tasks = [task("a"), task("b", ["a"])];
    const { ended, starts } = play({ journal: memoryJournal(), tasks, workflow, startedAt });
    await pass(0);
    const reason = "SKIPPED: the deadline has passed";
    expect(outcomes(await ended)).toEqual({ a: reason, b: reason });
    expect(starts).toEqual([]);
  });
});

describe("a run that is told to stop", () => {
  const tasks = [task("a"), task("b"), task("c", ["a"]), task("d", ["b", "c"])];
  const acts = { a: { ms: 10 }, b: { ms: 30 }, c: { ms: 10 }, d: { ms: 10 } };

  test("drains: what is at work ends, nothing starts, and the next process starts exactly the rest", async () => {
    const journal = memoryJournal();
    const first = play({ journal, tasks, acts });
    await pass(5);
    first.control.drain("stop");
    await pass(25);
    expect(outcomes(await first.ended)).toEqual({
      a: "COMPLETED",
      b: "COMPLETED",
      c: undefined,
      d: undefined,
    });
    expect(first.scope.status()).toBe("WAITING");
    const second = play({ journal, tasks, acts });
    await pass(20);
    await second.ended;
    expect(second.starts).toEqual(["0 c#1", "10 d#1"]);
    expect(second.scope.status()).toBe("COMPLETED");
    const finished = journal.events().filter(({ type }) => type === "task-finished");
    expect(finished.map((event) => "task" in event && event.task)).toEqual(["a", "b", "c", "d"]);
  });

  test("interrupted: what was at work is attempted again by the next process", async () => {
    const journal = memoryJournal();
    const first = play({ journal, tasks, acts });
    await pass(15);
    first.control.interrupt("killed");
    await pass(0);
    expect(outcomes(await first.ended)).toEqual({
      a: "COMPLETED",
      b: undefined,
      c: undefined,
      d: undefined,
    });
    expect(journal.task("b")).toMatchObject({ status: "IN_PROGRESS", attempts: 1 });
    const second = play({ journal, tasks, acts });
    await pass(40);
    expect(outcomes(await second.ended)).toMatchObject({ b: "COMPLETED", d: "COMPLETED" });
    expect(second.starts).toEqual(["0 b#2", "0 c#2", "30 d#1"]);
  });

  test("canceled: what did not end is CANCELED for good, and there is nothing to take up", async () => {
    const journal = memoryJournal();
    const first = play({ journal, tasks, acts });
    await pass(15);
    first.control.cancel("enough");
    await pass(0);
    const reason = expect.stringContaining("enough");
    expect((await first.ended)["a"]?.status).toBe("COMPLETED");
    for (const id of ["b", "c", "d"]) {
      expect(journal.task(id)).toMatchObject({ status: "CANCELED", reason });
    }
    expect(first.scope.status()).toBe("CANCELED");
    const second = play({ journal, tasks, acts });
    await pass(0);
    await second.ended;
    expect(second.starts).toEqual([]);
  });

  test("taken over by another process: nothing starts after a refused record", async () => {
    const journal = memoryJournal();
    const { ended, starts, scope } = play({ journal, tasks, acts });
    await pass(5);
    journal.refuse(new WranglerError("RUN_LOST", "Run run-1."));
    await pass(100);
    await expect(ended).rejects.toMatchObject({ code: "RUN_LOST" });
    expect(await scope.run("d", () => Promise.resolve({}))).toBeUndefined();
    expect(starts).toEqual(["0 a#1", "0 b#1"]);
  });
});

test("an attempt that is abandoned when its run is ended says so", async () => {
  const journal = memoryJournal();
  const tasks = [task("deaf", [], { graceMs: 20 }), task("heeds")];
  const acts = { deaf: { ms: 1_000, deaf: true }, heeds: { ms: 1_000 } };
  const { control, ended } = play({ journal, tasks, acts });
  await pass(10);
  control.cancel("by request");
  await pass(20);
  await ended;
  const texts = tasks.map(({ id }) => journal.attempts(id).map(({ next }) => next));
  expect(texts).toEqual([
    [expect.stringMatching(/by request It did not end within its grace of 20 ms .* abandoned\.$/)],
    [expect.stringMatching(/by request$/)],
  ]);
  expect(journal.task("deaf")?.reason).toMatch(/by request$/);
  await pass(1_000);
});

test("what an earlier process began is ended with its cleaning up in a run that is canceled", async () => {
  const journal = memoryJournal();
  const step = { kind: "command", options: {}, timeoutMs: null };
  const tasks = [
    task("begun", [], { finally: [step] }),
    task("failed", [], {
      finally: [step],
      retry: every(500, 9),
    }),
    task("never", ["begun"], { finally: [step] }),
  ];
  const first = play({
    journal,
    tasks,
    acts: { begun: { ms: 1_000 }, failed: { fails: "ApplicationError" } },
  });
  await pass(10);
  first.control.interrupt("killed");
  await first.ended;
  const second = play({ journal, tasks, canceled: true });
  await pass(0);
  expect(Object.values(await second.ended).map((record) => record?.status)).toEqual([
    "CANCELED",
    "CANCELED",
    "CANCELED",
  ]);
  expect(second.starts.toSorted()).toEqual(["0 begun/finally.1#1", "0 failed/finally.1#1"]);
});
