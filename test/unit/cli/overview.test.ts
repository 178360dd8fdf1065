import { describe, expect, it } from "vitest";
import { overviewLines } from "../../../src/cli/render/overview.ts";
import type { SummaryOptions } from "../../../src/cli/render/summary.ts";
import { styleOf } from "../../../src/cli/style.ts";
import type {
  ComingTask,
  Overview,
  RunRecord,
  TaskRecord,
} from "../../../src/orchestration/index.ts";
import {
  berlinSchedule,
  comingSlot,
  health,
  inMinutes,
  overview,
  pausedSchedule,
  schedule,
} from "./operation-samples.ts";
import { AT, dailyRun, run, task } from "./samples.ts";

const options: SummaryOptions = { style: styleOf(false), cwd: "/data" };
const schedules = [schedule, berlinSchedule, pausedSchedule];

const nothing: Overview = {
  at: AT.toISOString(),
  workflows: [],
  comingTasks: [],
  comingSlots: [],
  service: null,
};

/** Lines about one run and its tasks alone. */
function linesOf(record: RunRecord, tasks: readonly TaskRecord[]): string[] {
  return overviewLines({ ...nothing, workflows: [{ run: record, tasks }] }, [], options);
}

/** A next attempt of an account in so many minutes. */
function coming(account: string, minutes: number): ComingTask {
  const which = { runId: "r2", account, task: "load", kind: "download" };
  return { ...which, startAt: inMinutes(minutes), reason: "next attempt" };
}

function failedTask(account: string): TaskRecord {
  return { ...task, account, status: "FAILED" };
}

describe("overviewLines", () => {
  it("shows the service, each workflow's latest run with its tasks, and what comes next", () => {
    expect(overviewLines(overview, schedules, options)).toEqual([
      "service: alive since 10:48 (1 h 15 min), process 71 on box, http://127.0.0.1:9464, pipeline.yaml",
      "  warning disk: 1.2 GB left.",
      "    what to do: Make room.",
      "",
      "workflow daily of demo: waiting for an answer, since 11:51 (12 min), run r2, schedule morning",
      "account, task  status       attempts   time  what",
      "acme                                         2 completed, 1 failed, 2 skipped",
      "  load         completed           2  2.0 s",
      "  prepare      completed           1  2.0 s",
      "  upload       failed              3  2.0 s  Exit 3.",
      "  mail         skipped                       upload failed",
      "  log          skipped                       mail skipped",
      "globex                                       1 completed, 1 waiting, 1 not started",
      "  load         completed           1  2.0 s",
      "  upload       waiting             1         it is not known whether put took place",
      "  mail         not started                   in 2 h 05 min, 14:08:01",
      "globex/upload waits: it is not known whether put took place",
      "  what to do: data-wrangler resolve r2 --task upload --account globex --as done (or not-done)",
      "Read more with: data-wrangler status r2",
      "",
      "workflow prepare of demo: completed, 10:43 after 10 min 00 s, run r1",
      "account, task  status     attempts   time  what",
      "acme                                       1 completed",
      "  prepare      completed         1  2.0 s",
      "",
      "next",
      "in              at                   what              of",
      "in 1 h 27 min   18:00 Europe/Berlin  schedule mail     task mail of workflow daily for acme",
      "in 2 h 05 min   14:08:01             task mail         run r2 for globex",
      "in 21 h 27 min  tomorrow 09:30       schedule morning  workflow daily for acme, globex",
      "",
      "1 schedule paused: night",
    ]);
  });

  it("tells times of tasks as clocks in the zone of their schedule show them", () => {
    const { run: of, tasks } = overview.workflows[0]!;
    const told = { ...overview, workflows: [{ run: { ...of, schedule: "mail" }, tasks }] };
    const lines = overviewLines(told, schedules, options);
    expect(lines).toContain(
      "  mail         not started                   in 2 h 05 min, 18:38:01 Europe/Berlin",
    );
    expect(lines).toContain(
      "in 2 h 05 min   18:38:01 Europe/Berlin  task mail         run r2 for globex",
    );
  });

  it("says so when there is nothing, and what to type", () => {
    expect(overviewLines(nothing, [], options)).toEqual([
      "No runs yet, and no schedules.",
      "Run a workflow now with: data-wrangler run --config pipeline.yaml",
      "Run it by its schedules with: data-wrangler service --config pipeline.yaml",
    ]);
  });

  it("says how to start the service that schedules need", () => {
    expect(overviewLines({ ...nothing, comingSlots: [comingSlot] }, [schedule], options)).toEqual([
      "service: none",
      "  what to do: data-wrangler service --config /data/pipeline.yaml",
      "",
      "next",
      "in              at              what              of",
      "in 21 h 27 min  tomorrow 09:30  schedule morning  workflow daily for acme, globex",
    ]);
    const gone = { ...health, alive: false, at: inMinutes(-30) };
    expect(overviewLines({ ...nothing, service: gone }, [], options)).toEqual([
      "service: none is alive; the last one, process 71 on box, was heard of 30 min ago (11:33)",
      "  what to do: data-wrangler service --config /data/pipeline.yaml",
    ]);
    const deaf = { ...health, url: null, checks: [] };
    expect(overviewLines({ ...nothing, service: deaf }, [], options)).toEqual([
      "service: alive since 10:48 (1 h 15 min), process 71 on box, not listening, pipeline.yaml",
    ]);
  });

  it.each([
    ["person", " for an answer"],
    ["resume", " for data-wrangler resume r1"],
    ["process", " to be taken up again"],
  ] as const)("says what a run waits for: %s", (waitsFor, words) => {
    const waiting = { ...run, status: "WAITING" as const, waitsFor, endedAt: null };
    expect(linesOf({ ...waiting, startedAt: inMinutes(-1) }, [task])[0]).toBe(
      `workflow prepare of demo: waiting${words}, since 12:02 (1 min), run r1`,
    );
  });

  it("tells a task of several accounts at the same time once, and no more than ten in all", () => {
    const four = ["a", "b", "c", "d"].map((account) => coming(account, 1));
    const others = Array.from({ length: 11 }, (_, i) => coming("a", i + 2));
    const lines = overviewLines({ ...nothing, comingTasks: [...others, ...four] }, schedules, {
      ...options,
    });
    expect(lines.slice(3, 7)).toEqual([
      "next",
      "in         at        what                     of",
      "in 1 min   12:04:01  task load, next attempt  run r2 for 4 accounts",
      "in 2 min   12:05:01  task load, next attempt  run r2 for a",
    ]);
    expect(lines.at(-3)).toBe("and 2 more");
  });

  it("cannot steer the terminal", () => {
    const named = { ...dailyRun, workflow: "a\u001B[2J", startedAt: inMinutes(0) };
    expect(linesOf(named, [])[0]).toContain("workflow a\\u001b[2J of demo");
  });
});

describe("the latest run of many accounts", () => {
  const accounts = Array.from({ length: 40 }, (_, i) => `a${i}`);
  const many = { ...run, accounts, startedAt: inMinutes(-3), endedAt: inMinutes(-1) };

  it("tells only of accounts with something to tell", () => {
    const tasks = accounts.map((account, i): TaskRecord => {
      const failed = i === 7 || i === 9;
      return { ...task, account, status: failed ? "FAILED" : "COMPLETED" };
    });
    expect(linesOf(many, tasks).slice(1)).toEqual([
      "account, task  status  attempts  time  what",
      "a7                                     1 failed",
      "a9                                     1 failed",
      "38 other accounts: all done, or not begun",
      "Read more with: data-wrangler status r1",
    ]);
  });

  it("sums up what is too much", () => {
    const failed = accounts.map((account) => failedTask(account));
    const lines = linesOf(many, failed);
    expect(lines).toHaveLength(1 + 1 + 20 + 1 + 1);
    expect(lines.at(-2)).toBe("20 more accounts: data-wrangler status r1");
    const none = linesOf(many, []);
    expect(none.slice(1)).toEqual(["40 other accounts: all done, or not begun"]);
  });
});
