import { describe, expect, test } from "vitest";
import { timeline } from "../../../../src/reports/index.ts";
import { ticksTo } from "../../../../src/reports/run/time-axis.ts";
import {
  attemptRecord,
  failedRunInput,
  second,
  taskRecord,
} from "../../../helpers/run-report-input.ts";

const input = failedRunInput();

describe("a timeline", () => {
  const { rows, startedAt, lengthMs } = timeline(input);

  test("tells when each task and each of its attempts ran, from the start of the run", () => {
    expect(startedAt).toBe(second(0));
    expect(lengthMs).toBe(173_400);
    expect(rows.find(({ task }) => task === "upload")).toEqual({
      account: "north-shop",
      task: "upload",
      kind: "command",
      status: "FAILED",
      readyMs: 116_000,
      startMs: 116_000,
      endMs: 165_000,
      takenFrom: null,
      onCriticalPath: true,
      attempts: [
        {
          round: 1,
          attempt: 1,
          status: "FAILED",
          startMs: 116_000,
          endMs: 125_000,
          lost: false,
        },
        {
          round: 1,
          attempt: 2,
          status: "FAILED",
          startMs: 129_000,
          endMs: 139_000,
          lost: false,
        },
        {
          round: 1,
          attempt: 3,
          status: "FAILED",
          startMs: 153_000,
          endMs: 165_000,
          lost: false,
        },
      ],
    });
  });

  test("is ordered by account as in the run, then by when a task could start", () => {
    expect([...new Set(rows.map(({ account }) => account))]).toEqual(["north-shop", "südladen"]);
    const north = rows.filter(({ account }) => account === "north-shop");
    const begun = north.flatMap(({ readyMs }) => readyMs ?? []);
    expect(begun).toEqual(begun.toSorted((a, b) => a - b));
    expect(north.slice(0, 4).map(({ task }) => task)).toEqual([
      "morning",
      "afternoon",
      "evening",
      "prepare",
    ]);
  });

  test("tells attempts that were lost with their process from those at work", () => {
    const afternoon = rows.find(({ task }) => task === "afternoon");
    expect(afternoon?.attempts.map(({ lost, endMs }) => [lost, endMs])).toEqual([
      [true, null],
      [false, 44_000],
    ]);
    const running = timeline({
      ...input,
      tasks: [taskRecord("a", "t", [0, 0, 0], { endedAt: null, status: "IN_PROGRESS" })],
      attempts: [attemptRecord("a", "t", 1, [0, null])],
    });
    expect(running.rows[0]?.attempts[0]?.lost).toBe(false);
  });

  test("gives no times to what was taken over", () => {
    const taken = rows.find(({ takenFrom }) => takenFrom !== null);
    expect(taken).toMatchObject({ task: "afternoon", readyMs: null, startMs: null, endMs: null });
    expect(rows.at(-1)).toBe(taken);
  });

  test("of a run that goes on reaches to the last thing known", () => {
    const run = { ...input.run, endedAt: null };
    expect(timeline({ ...input, run }).lengthMs).toBe(173_000);
    expect(timeline({ ...input, run, tasks: [], attempts: [] })).toEqual({
      startedAt: second(0),
      lengthMs: 0,
      rows: [],
    });
  });

  test("is plain JSON", () => {
    expect(JSON.parse(JSON.stringify({ rows, startedAt, lengthMs }))).toEqual({
      rows,
      startedAt,
      lengthMs,
    });
  });
});

describe("ticks of the time axis", () => {
  test.each([
    [0, ["0"]],
    [7, ["0", "1 ms", "2 ms", "3 ms", "4 ms", "5 ms", "6 ms", "7 ms"]],
    [900, ["0", "200 ms", "400 ms", "600 ms", "800 ms"]],
    [9000, ["0", "2 s", "4 s", "6 s", "8 s"]],
    [100_000, ["0", "15 s", "30 s", "45 s", "1 min", "1 min 15 s", "1 min 30 s"]],
    [3_600_000, ["0", "10 min", "20 min", "30 min", "40 min", "50 min", "1 h"]],
    [100 * 3_600_000, ["0", "1 d", "2 d", "3 d", "4 d"]],
  ])("of %d ms stand at distances that people count in", (length, labels) => {
    expect(ticksTo(length).map(({ label }) => label)).toEqual(labels);
  });

  test("are at least one and at most eight", () => {
    for (let length = 1; length < 1e13; length = Math.ceil(length * 1.37)) {
      const ticks = ticksTo(length);
      expect(ticks.length).toBeLessThanOrEqual(8);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.at(-1)!.ms).toBeLessThanOrEqual(length);
    }
  });
});
