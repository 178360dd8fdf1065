import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type ErrorClass, silentLog, WranglerError } from "../../../../src/core/index.ts";
import type { RecoveryRule, TaskDefinition } from "../../../../src/orchestration/index.ts";
import { type MemoryJournal, memoryJournal } from "../../../helpers/memory-journal.ts";
import { cutOff, type Play, play } from "../../../helpers/play-scope.ts";
import { every, taskDefinition } from "../../../helpers/workflow-definition.ts";

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-03-01T10:00:00Z") }));
afterEach(() => void vi.useRealTimers());

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const step = (kind: string) => ({ kind, options: {}, timeoutMs: null });
const at = (ms: number) => new Date(Date.parse("2026-03-01T10:00:00Z") + ms).toISOString();

/** What a task weighs that only waits for others. */
const nothing = () => "none" as const;
const task = (own: Partial<TaskDefinition> = {}) => taskDefinition("t", [], own);

/** One task in a journal, new unless given. */
function playTask(own: Partial<TaskDefinition>, acts: Play["acts"], journal = memoryJournal()) {
  return { journal, ...play({ journal, tasks: [task(own)], ...(acts ? { acts } : {}) }) };
}

function told(journal: MemoryJournal): string[] {
  return journal.events().map(({ type }) => type);
}

describe("retry", () => {
  test("a failed attempt is made again after its wait, which is on record", async () => {
    const { journal, starts, ended } = playTask(
      { retry: every(1_000, 3) },
      { t: [{ ms: 5, fails: "NetworkError" }, { results: { n: 1 } }] },
    );
    await pass(5);
    expect(journal.task("t")).toMatchObject({ status: "IN_PROGRESS", nextAttemptAt: at(1_005) });
    expect(journal.attempts("t")).toMatchObject([
      { attempt: 1, status: "FAILED", failure: { class: "NetworkError" }, next: "retry in 1.0 s" },
    ]);
    await pass(1_000);
    await ended;
    expect(starts).toEqual(["0 t#1", "1005 t#2"]);
    expect(journal.task("t")).toMatchObject({
      status: "COMPLETED",
      attempts: 2,
      results: { n: 1 },
      nextAttemptAt: null,
      startedAt: at(0),
      endedAt: at(1_005),
      durationMs: 1_005,
    });
    expect(told(journal)).toEqual([
      "task-started",
      "task-retrying",
      "task-started",
      "task-finished",
    ]);
  });

  test("when all attempts have failed, the last failure and what was reached stand in the record", async () => {
    const fails = Object.assign(new Error("half done"), { results: { rows: 7 } });
    const { journal, ended } = playTask({ retry: every(0, 2) }, { t: { fails } });
    await pass(0);
    expect((await ended)["t"]).toMatchObject({
      status: "FAILED",
      attempts: 2,
      results: { rows: 7 },
      failure: { code: "TASK_FAILED", class: "ApplicationError" },
    });
    expect(journal.attempts("t").at(-1)?.next).toBe("2 of 2 attempts failed");
  });

  test("what cannot pass by itself is not made again", async () => {
    const { starts, ended } = playTask({ retry: every(0, 5) }, { t: { fails: "InputError" } });
    await pass(0);
    expect((await ended)["t"]?.status).toBe("FAILED");
    expect(starts).toHaveLength(1);
  });

  test("a drain ends the wait at once, and the next process waits for the rest of it", async () => {
    const own = { retry: every(60_000, 2) };
    const acts = { t: [{ fails: "NetworkError" }, {}] } as const;
    const first = playTask(own, acts);
    await pass(20_000);
    first.control.drain("stop");
    await pass(0);
    expect((await first.ended)["t"]).toBeUndefined();
    const second = playTask(own, acts, first.journal);
    await pass(39_999);
    expect(second.starts).toEqual([]);
    await pass(1);
    await second.ended;
    expect(second.starts).toEqual(["40000 t#2"]);
  });

  test("a wait that ran out while no process worked on the run is over", async () => {
    const own = { retry: every(60_000, 2) };
    const acts = { t: [{ fails: "NetworkError" }, {}] } as const;
    const first = playTask(own, acts);
    await pass(0);
    first.control.interrupt("killed");
    await pass(3_600_000);
    const second = playTask(own, acts, first.journal);
    await pass(0);
    await second.ended;
    expect(second.starts).toEqual(["0 t#2"]);
  });

  test("attempts of processes before count: no more are made than the policy allows", async () => {
    const own = { retry: every(10, 2) };
    const first = playTask(own, { t: { fails: "NetworkError" } });
    await pass(0);
    first.control.drain("stop");
    await pass(0);
    const second = playTask(own, { t: { fails: "NetworkError" } }, first.journal);
    await pass(10);
    expect((await second.ended)["t"]).toMatchObject({ status: "FAILED", attempts: 2 });
  });
});

describe("time limits", () => {
  test("an attempt ends at its limit, and the next begins", async () => {
    const own = { timeoutMs: 100, retry: every(0, 2) };
    const { journal, starts, ended } = playTask(own, { t: [{ ms: 10_000 }, {}] });
    await pass(105);
    expect((await ended)["t"]?.status).toBe("COMPLETED");
    expect(starts).toEqual(["0 t#1", expect.stringMatching(/^10[01] t#2$/)]);
    expect(journal.attempts("t")[0]).toMatchObject({
      status: "FAILED",
      failure: { code: "TASK_TIMEOUT", class: "TimeoutError" },
    });
  });

  test("work that does not end when told to is abandoned after its grace, and its end changes nothing", async () => {
    const warned: string[] = [];
    const log = { ...silentLog, warn: (_: object, text = "") => void warned.push(text) };
    const journal = memoryJournal();
    const { ended } = play({
      journal,
      tasks: [task({ timeoutMs: 100, graceMs: 50 })],
      acts: { t: { ms: 10_000, deaf: true, results: { late: true } } },
      log,
    });
    await pass(149);
    expect(journal.task("t")?.status).toBe("IN_PROGRESS");
    await pass(1);
    const record = (await ended)["t"];
    expect(record).toMatchObject({ status: "FAILED", failure: { code: "TASK_TIMEOUT" } });
    expect(record?.failure?.message).toContain("abandoned");
    expect(warned).toEqual([]);
    await pass(10_000);
    expect(warned).toEqual(["abandoned work ended"]);
    expect(journal.task("t")).toEqual(record);
  });

  test("work that ends well within its grace has ended well", async () => {
    const own = { timeoutMs: 100, graceMs: 50 };
    const { ended } = playTask(own, { t: { ms: 120, deaf: true, results: { n: 1 } } });
    await pass(120);
    expect((await ended)["t"]).toMatchObject({ status: "COMPLETED", results: { n: 1 } });
  });

  test("the total time spans attempts, waits and processes", async () => {
    const own = { totalTimeoutMs: 1_000, retry: every(300, 9) };
    const acts = { t: { ms: 100, fails: "NetworkError" } } as const;
    const first = playTask(own, acts);
    await pass(250);
    first.control.drain("stop");
    await pass(0);
    const second = playTask(own, acts, first.journal);
    await pass(1_000);
    const record = (await second.ended)["t"];
    expect(record).toMatchObject({ status: "FAILED", attempts: 3, durationMs: 900 });
    expect(first.journal.attempts("t").at(-1)?.next).toBe("no time left of 1 s in all");
  });

  test("an attempt ends when the total time does", async () => {
    const own = { totalTimeoutMs: 1_000, retry: every(0, 9) };
    const { ended } = playTask(own, { t: { ms: 5_000 } });
    await pass(1_000);
    expect((await ended)["t"]).toMatchObject({
      status: "FAILED",
      attempts: 1,
      failure: { code: "TASK_TIMEOUT" },
    });
  });

  test("a task that waits too long for its turn fails without an attempt", async () => {
    const journal = memoryJournal();
    const tasks = [taskDefinition("busy"), task({ queueTimeoutMs: 200 })];
    const { ended } = play({
      journal,
      tasks,
      acts: { busy: { ms: 1_000 } },
      limits: { global: 1 },
    });
    await pass(199);
    expect(journal.task("t")).toMatchObject({ status: "NOT_STARTED", readyAt: at(0) });
    expect(told(journal)).toContain("task-ready");
    await pass(1);
    expect(journal.task("t")).toMatchObject({
      status: "FAILED",
      attempts: 0,
      failure: { code: "QUEUE_TIMEOUT" },
    });
    await pass(800);
    expect((await ended)["busy"]?.status).toBe("COMPLETED");
  });
});

describe("recovery", () => {
  test("restart runs its steps, then the task again, at most so often", async () => {
    const steps = [step("stop"), step("start")];
    const { starts, ended } = playTask(
      { recover: [{ do: "restart", on: ["ApplicationError"], steps, times: 1 }] },
      { t: { fails: "ApplicationError" } },
    );
    await pass(0);
    expect((await ended)["t"]?.status).toBe("FAILED");
    expect(starts).toEqual(["0 t#1", "0 t/recover-1.1#1", "0 t/recover-1.2#1", "0 t#2"]);
  });

  test("alternatives are laid over the options, one after the other", async () => {
    const { options, ended } = playTask(
      {
        options: { path: "/a", keep: 1 },
        recover: [
          { do: "alternative", on: ["FileSystemError"], options: [{ path: "/b" }, { path: "/c" }] },
        ],
      },
      { t: [{ fails: "FileSystemError" }, { fails: "FileSystemError" }, {}] },
    );
    await pass(5);
    expect((await ended)["t"]?.status).toBe("COMPLETED");
    expect(options).toEqual({
      "t#1": { path: "/a", keep: 1 },
      "t#2": { path: "/b", keep: 1 },
      "t#3": { path: "/c", keep: 1 },
    });
  });

  test.each(["wait", "restart", "alternative"] as const)(
    "a kill after a rule was applied does not count it twice: %s",
    async (rule) => {
      const on: ErrorClass[] = ["ApplicationError"];
      const recover: Record<typeof rule, RecoveryRule> = {
        wait: { do: "retry", on, retry: every(10, 2).default },
        restart: {
          do: "restart",
          on,
          steps: [{ kind: "command", options: {}, timeoutMs: null }],
          times: 1,
        },
        alternative: { do: "alternative", on, options: [{ path: "/b" }, { path: "/c" }] },
      };
      const own = { recover: [recover[rule]] };
      const acts = { t: [{ fails: "ApplicationError" }, {}] } as const;
      const first = playTask(own, acts);
      await pass(10);
      expect((await first.ended)["t"]?.status).toBe("COMPLETED");
      // Its start, then its failure with what follows: there the process was killed.
      const journal = await cutOff(first.journal, 2, memoryJournal());
      expect(journal.attempts("t")).toMatchObject([{ status: "FAILED", rule: 0 }]);
      const second = playTask(own, acts, journal);
      await pass(10);
      expect((await second.ended)["t"]).toMatchObject({ status: "COMPLETED", attempts: 2 });
      expect(second.options["t#2"]).toEqual(first.options["t#2"]);
    },
  );

  test("an alternative that was chosen holds for the process that takes the run up", async () => {
    const own: Partial<TaskDefinition> = {
      options: { path: "/a" },
      recover: [{ do: "alternative", on: ["FileSystemError"], options: [{ path: "/b" }] }],
    };
    const acts = { t: [{ fails: "FileSystemError" }, { ms: 1_000 }] } as const;
    const first = playTask(own, acts);
    await pass(10);
    first.control.interrupt("killed");
    await pass(0);
    const second = playTask(own, undefined, first.journal);
    await pass(0);
    await second.ended;
    expect(second.options).toEqual({ "t#3": { path: "/b" } });
  });

  test.for([
    { does: "stop", critical: false, other: "CANCELED", reason: "it stopped the workflow" },
    { does: "continue", critical: true, other: "COMPLETED", reason: null },
  ] as const)("$does decides whatever critical says", async ({ does, critical, other, reason }) => {
    const journal = memoryJournal();
    const own = { critical, recover: [{ do: does, on: ["ResourceError" as const] }] };
    const { ended } = play({
      journal,
      tasks: [task(own), taskDefinition("other")],
      acts: { t: { ms: 1, fails: "ResourceError" }, other: { ms: 10 } },
    });
    await pass(10);
    const records = await ended;
    expect(records["t"]).toMatchObject({ status: "FAILED", reason });
    expect(records["other"]?.status).toBe(other);
  });
});

describe("cleaning up", () => {
  const own = { onFailure: [step("undo"), step("tell")], finally: [step("close")] };

  test("onFailure runs after the last attempt failed, then finally, in order, before the task is over", async () => {
    const acts = { t: { fails: "ApplicationError" }, "t/finally.1": { ms: 10 } } as const;
    const { journal, starts, ended } = playTask({ ...own, retry: every(0, 2) }, acts);
    await pass(5);
    expect(journal.task("t")?.status).toBe("IN_PROGRESS");
    await pass(5);
    expect((await ended)["t"]).toMatchObject({ status: "FAILED", attempts: 2 });
    expect(starts.map((start) => start.split(" ")[1])).toEqual([
      "t#1",
      "t#2",
      "t/onFailure.1#1",
      "t/onFailure.2#1",
      "t/finally.1#1",
    ]);
  });

  test("finally alone runs after success, and its failure is not the task's", async () => {
    const acts = {
      t: { results: { n: 1 } },
      "t/finally.1": { fails: "ApplicationError" },
    } as const;
    const { journal, starts, ended } = playTask(own, acts);
    await pass(0);
    expect((await ended)["t"]).toMatchObject({ status: "COMPLETED", results: { n: 1 } });
    expect(starts).toEqual(["0 t#1", "0 t/finally.1#1"]);
    expect(journal.task("t/finally.1")?.status).toBe("FAILED");
  });

  test("a task that never began has nothing to clean up", async () => {
    const journal = memoryJournal();
    const tasks = [taskDefinition("bad"), { ...task(own), dependsOn: ["bad"] }];
    const { starts, ended } = play({ journal, tasks, acts: { bad: { fails: "InputError" } } });
    await pass(0);
    await ended;
    expect(starts).toEqual(["0 bad#1"]);
  });

  test("a run that is canceled for good cleans up all the same", async () => {
    const { starts, ended, control } = playTask(own, { t: { ms: 1_000 } });
    await pass(10);
    control.cancel("enough");
    await pass(0);
    expect((await ended)["t"]?.status).toBe("CANCELED");
    expect(starts).toEqual(["0 t#1", "10 t/finally.1#1"]);
  });

  test.for([{ fails: "ApplicationError" as const }, {}])(
    "cut off after any record, the next process does not repeat what was done: %o",
    async (act) => {
      const whole = playTask(own, { t: act });
      await pass(0);
      const status = (await whole.ended)["t"]?.status;
      const { entries } = whole.journal;
      expect(entries.length).toBeGreaterThan(4);
      for (let kept = 0; kept <= entries.length; kept++) {
        const journal = await cutOff(whole.journal, kept, memoryJournal());
        const done = journal.tasks().filter((record) => record.status === "COMPLETED");
        const worked = journal.attempts("t").some((one) => one.status !== "IN_PROGRESS");
        const next = playTask(own, { t: act }, journal);
        await pass(0);
        expect((await next.ended)["t"]?.status).toBe(status);
        const began = next.starts.map((start) => start.split(/[ #]/)[1]);
        for (const record of done) expect(began).not.toContain(record.task);
        expect(began.filter((path) => path === "t")).toHaveLength(worked ? 0 : 1);
        expect(began).toEqual([...new Set(began)]);
        // All that belongs to the task was done, in one process or the other.
        const paths = whole.journal.tasks().map((record) => record.task);
        for (const path of paths.slice(1)) expect(journal.task(path)?.status).toBe("COMPLETED");
      }
    },
  );
});

describe("what a process that is gone has left", () => {
  test("an attempt at work is recorded as lost and made again, without using up the policy", async () => {
    const first = playTask({}, { t: { ms: 1_000 } });
    await pass(10);
    const journal = await cutOff(first.journal, first.journal.entries.length, memoryJournal());
    const second = playTask({}, undefined, journal);
    await pass(0);
    expect((await second.ended)["t"]).toMatchObject({ status: "COMPLETED", attempts: 2 });
    expect(journal.attempts("t")).toMatchObject([
      { attempt: 1, status: "CANCELED", next: "lost with its process" },
      { attempt: 2, status: "COMPLETED" },
    ]);
  });

  test("a task that loses its process time and again fails", async () => {
    let journal = memoryJournal();
    let lives = 0;
    for (; journal.task("t")?.status !== "FAILED"; lives++) {
      const { ended } = playTask({}, { t: { ms: 1_000 } }, journal);
      await pass(10);
      if (journal.task("t")?.status === "FAILED") await ended;
      else journal = await cutOff(journal, journal.entries.length, memoryJournal());
      expect(lives).toBeLessThan(100);
    }
    expect(journal.task("t")).toMatchObject({
      attempts: lives - 1,
      failure: { code: "TASK_LOST" },
    });
    expect(lives).toBe(21);
  });

  test("a task that only waits for others does not fail however often its process is lost", async () => {
    let journal = memoryJournal();
    const tasks = [taskDefinition("t", [], { kind: "workflow" })];
    for (let lives = 0; lives < 30; lives++) {
      play({ journal, tasks, acts: { t: { ms: 1_000 } }, weightOf: nothing });
      await pass(10);
      journal = await cutOff(journal, journal.entries.length, memoryJournal());
    }
    const { ended } = play({ journal, tasks, weightOf: nothing });
    await pass(0);
    expect((await ended)["t"]).toMatchObject({ status: "COMPLETED", attempts: 31 });
  });

  test("a step that loses its process time and again fails", async () => {
    const own = { finally: [step("clean")] };
    let journal = memoryJournal();
    for (let lives = 0; lives < 25; lives++) {
      playTask(own, { "t/finally.1": { ms: 1_000 } }, journal);
      await pass(10);
      journal = await cutOff(journal, journal.entries.length, memoryJournal());
    }
    expect(journal.task("t/finally.1")?.failure).toMatchObject({ code: "TASK_LOST" });
    expect(journal.task("t")?.status).toBe("COMPLETED");
  });

  test("the wait for a place begins anew: no place was free while no process was at work", async () => {
    const tasks = [taskDefinition("busy"), taskDefinition("next"), task({ queueTimeoutMs: 200 })];
    const acts = { busy: { ms: 150 }, next: { ms: 150 } };
    const lost = memoryJournal();
    play({ journal: lost, tasks, acts, limits: { global: 1 } });
    await pass(100);
    const journal = await cutOff(lost, lost.entries.length, memoryJournal());
    await pass(86_400_000);
    const second = play({ journal, tasks, acts, limits: { global: 1 } });
    await pass(1_000);
    expect((await second.ended)["t"]).toMatchObject({
      status: "COMPLETED",
      readyAt: at(86_400_100),
    });
  });

  test("a failed attempt is followed up as its own process would have", async () => {
    const own = { retry: every(1_000, 2) };
    const whole = playTask(own, { t: { fails: "NetworkError" } });
    await pass(0);
    const [started, failed] = whole.journal.entries;
    const journal = memoryJournal();
    await journal.commit(started ?? {});
    const { next: _next, ...attempt } = failed?.attempts?.[0] ?? whole.journal.attempts("t")[0]!;
    await journal.commit({ attempts: [{ ...attempt, next: null }] });
    const second = playTask(own, undefined, journal);
    await pass(1_000);
    expect((await second.ended)["t"]).toMatchObject({ status: "COMPLETED", attempts: 2 });
    expect(second.starts).toEqual(["1000 t#2"]);
  });
});

describe("an effect whose outcome is not known", () => {
  test("has the task wait for a person, and the run goes on with all else", async () => {
    const journal = memoryJournal();
    const tasks = [task(), taskDefinition("after", ["t"]), taskDefinition("other")];
    const fails = new WranglerError("EFFECT_UNCERTAIN", 'Effect "send" of task t.');
    const first = play({ journal, tasks, acts: { t: { fails }, other: { ms: 10 } } });
    await pass(10);
    const records = await first.ended;
    expect(records["t"]).toBeUndefined();
    expect(records["after"]).toBeUndefined();
    expect(records["other"]?.status).toBe("COMPLETED");
    expect(journal.task("t")).toMatchObject({
      status: "WAITING",
      reason: expect.stringContaining("send"),
    });
    expect(told(journal)).toContain("task-waiting");
    expect(first.scope.status()).toBe("WAITING");

    const second = play({ journal, tasks });
    await pass(0);
    await second.ended;
    expect(second.starts).toEqual(["0 t#2", "0 after#1"]);
    expect(journal.task("t")).toMatchObject({ status: "COMPLETED", reason: null });
  });
});
