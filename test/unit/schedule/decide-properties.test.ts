/** What holds of decisions whatever the clock does and however often the service starts anew. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide, ON_TIME_MS, slotsBetween } from "../../../src/schedule/index.ts";
import type { Decision, ScheduleDefinition } from "../../../src/schedule/index.ts";
import { scheduleDefinition } from "../../helpers/schedule-definition.ts";

const START = Date.parse("2026-03-27T12:00Z");
const MINUTE_MS = 60_000;

const schedules = fc
  .record({
    rule: fc.constantFrom<ScheduleDefinition["rule"]>(
      { by: "times", times: ["00:00", "02:30", "09:30", "13:00"] },
      { by: "interval", everyMs: 45 * MINUTE_MS },
      { by: "interval", everyMs: 20_000 },
      { by: "cron", expression: "*/10 1-4 * * *" },
    ),
    overlap: fc.constantFrom("skip" as const, "queue" as const, "cancel_previous" as const),
    catchUp: fc.constantFrom("none" as const, "last" as const, "all" as const),
    windowMs: fc.constantFrom(30_000, 5 * MINUTE_MS, 6 * 60 * MINUTE_MS),
    jitterMs: fc.constantFrom(0, 20_000),
  })
  .map(scheduleDefinition);

/** How the clock moves from one look to the next: on by little or much, or back. */
const looks = fc.array(
  fc.record({
    byMs: fc.oneof(
      fc.integer({ min: 0, max: 45_000 }),
      fc.integer({ min: 0, max: 6 * 60 * MINUTE_MS }),
      fc.integer({ min: -3 * 60 * MINUTE_MS, max: 0 }),
    ),
    paused: fc.boolean(),
    /** Whether the run of an earlier slot has ended by then. */
    ended: fc.boolean(),
  }),
  { minLength: 1, maxLength: 25 },
);

interface Look {
  readonly byMs: number;
  readonly paused: boolean;
  readonly ended: boolean;
}

interface Told extends Decision {
  readonly nowMs: number;
  readonly previousAtWork: boolean;
  readonly paused: boolean;
  /** Decisions of one look have the same number. */
  readonly look: number;
}

/** Plays a service that keeps nothing but how far it decided and whether something is at work. */
function play(schedule: ScheduleDefinition, moves: readonly Look[]) {
  const told: Told[] = [];
  let nowMs = START;
  let decidedUpToMs = START;
  let atWork = false;
  for (const [look, { byMs, paused, ended }] of moves.entries()) {
    nowMs += byMs;
    if (ended) atWork = false;
    const previousAtWork = atWork;
    for (const one of decide(schedule, { decidedUpToMs, nowMs, paused, previousAtWork })) {
      told.push({ ...one, nowMs, previousAtWork, paused, look });
      if (one.status === "DUE" || one.status === "QUEUED") atWork = true;
    }
    decidedUpToMs = Math.max(decidedUpToMs, nowMs);
  }
  return { told, decidedUpToMs };
}

const lateness = ({ nowMs, dueAt }: Told): number => nowMs - Date.parse(dueAt);
const isSum = ({ reason }: Told): boolean => reason?.startsWith("one of ") ?? false;

function holds(check: (schedule: ScheduleDefinition, moves: readonly Look[]) => void): void {
  fc.assert(fc.property(schedules, looks, check), { numRuns: 300 });
}

describe("decisions", () => {
  it("are made of each slot exactly once", () => {
    holds((schedule, moves) => {
      const { told, decidedUpToMs } = play(schedule, moves);
      const due = told.map(({ dueAt }) => Date.parse(dueAt));
      expect(new Set(due).size).toBe(due.length);
      const sums = told.filter(isSum);
      const untold = sums.reduce((sum, { reason }) => sum + countIn(reason), 0) - sums.length;
      const slots = [...slotsBetween(schedule, START, decidedUpToMs)];
      expect(due.length + untold).toBe(slots.length);
      expect(due).toEqual(slots.filter((slot) => due.includes(slot)));
    });
  });

  it("start nothing after its window, nor before it is due", () => {
    holds((schedule, moves) => {
      for (const one of play(schedule, moves).told) {
        expect(lateness(one)).toBeGreaterThanOrEqual(0);
        expect(Date.parse(one.startAt)).toBeGreaterThanOrEqual(Date.parse(one.dueAt));
        if (one.status !== "DUE" && one.status !== "QUEUED") continue;
        expect(lateness(one)).toBeLessThanOrEqual(schedule.windowMs);
        expect(one.paused).toBe(false);
      }
    });
  });

  it("give a reason for everything but a slot that just starts", () => {
    holds((schedule, moves) => {
      for (const one of play(schedule, moves).told) {
        const justStarts = one.status === "DUE" && lateness(one) <= ON_TIME_MS;
        expect(one.reason === null).toBe(justStarts);
      }
    });
  });

  it("of one look have one slot due at most", () => {
    holds((schedule, moves) => {
      const due = play(schedule, moves).told.filter(({ status }) => status === "DUE");
      expect(new Set(due.map(({ look }) => look)).size).toBe(due.length);
    });
  });

  it("have nothing due while an earlier one is at work, unless that is canceled", () => {
    holds((schedule, moves) => {
      const wrong = play(schedule, moves).told.filter(({ status, previousAtWork }) =>
        forbidden(schedule.overlap, previousAtWork).includes(status),
      );
      expect(wrong).toEqual([]);
    });
  });

  it("catch up none, one at most, or all, as the schedule says", () => {
    holds((schedule, moves) => {
      const { told } = play(schedule, moves);
      const caughtUp = told.filter(
        (one) => ["DUE", "QUEUED"].includes(one.status) && lateness(one) > ON_TIME_MS,
      );
      const perLook = caughtUp.map(
        ({ look }) => caughtUp.filter((one) => one.look === look).length,
      );
      const most = { none: 0, last: 1, all: Number.POSITIVE_INFINITY }[schedule.catchUp];
      expect(Math.max(0, ...perLook)).toBeLessThanOrEqual(most);
    });
  });

  it("leave out nothing within the window when all are wanted, one after the other", () => {
    holds((schedule, moves) => {
      const eager = { ...schedule, catchUp: "all" as const, overlap: "queue" as const };
      const wanted = play(eager, moves).told.filter(
        (one) => !one.paused && !isSum(one) && lateness(one) <= eager.windowMs,
      );
      expect(wanted.filter(({ status }) => status !== "DUE" && status !== "QUEUED")).toEqual([]);
    });
  });
});

/** What no slot may come to while an earlier one is, or is not, at work. */
function forbidden(overlap: ScheduleDefinition["overlap"], previousAtWork: boolean): string[] {
  if (overlap === "cancel_previous") return ["QUEUED"];
  if (!previousAtWork) return [];
  return overlap === "skip" ? ["DUE", "QUEUED"] : ["DUE"];
}

function countIn(reason: string | null): number {
  return Number(/^one of ([\d,]+)/.exec(reason ?? "")?.[1]?.replaceAll(",", ""));
}
