import { describe, expect, it } from "vitest";
import { decide, isTooLate, nextWakeMs } from "../../../src/schedule/index.ts";
import type { ScheduleDefinition, Situation } from "../../../src/schedule/index.ts";
import { scheduleDefinition } from "../../helpers/schedule-definition.ts";

const HOUR_MS = 3_600_000;

type Over = Partial<ScheduleDefinition>;

/** Every two hours in UTC. */
const twoHourly: Over = { timeZone: "UTC", rule: { by: "interval", everyMs: 2 * HOUR_MS } };

interface Times extends Partial<Situation> {
  readonly since: string;
  readonly now: string;
}

/** What is decided on 1 July 2026, as `HH:mm STATUS reason`. */
function decided(over: Over, { since, now, ...others }: Times): string[] {
  const situation = {
    decidedUpToMs: Date.parse(`2026-07-01T${since}Z`),
    nowMs: Date.parse(`2026-07-01T${now}Z`),
    paused: false,
    previousAtWork: false,
    ...others,
  };
  return decide(scheduleDefinition({ ...twoHourly, ...over }), situation).map(
    ({ dueAt, status, reason }) => `${dueAt.slice(11, 16)} ${status} ${reason ?? ""}`.trimEnd(),
  );
}

const REPLACED = "SKIPPED a later slot runs in its place";
const WAITS = "QUEUED waits until the run of an earlier slot has ended";
const OVERLAPS = "SKIPPED the run of an earlier slot goes on (overlap: skip)";
const morning = { since: "00:30", now: "09:00" };
const onTime = { since: "09:59", now: "10:00:20" };

describe("decide", () => {
  it("has a slot due that has just come, once", () => {
    expect(decided({}, onTime)).toEqual(["10:00 DUE"]);
    expect(decided({}, { since: "10:00:20", now: "10:00:40" })).toEqual([]);
    expect(decided({}, { since: "10:00", now: "10:00" })).toEqual([]);
    expect(decided({}, { since: "09:59", now: "09:59:59" })).toEqual([]);
  });

  it("has nothing due again after the clock was set back", () => {
    expect(decided({}, { since: "10:00:20", now: "09:00" })).toEqual([]);
    expect(decided({}, { since: "10:00:20", now: "10:00:10" })).toEqual([]);
  });

  it("says when it starts: with its share of the jitter", () => {
    const situation = {
      decidedUpToMs: Date.parse("2026-07-01T09:59Z"),
      nowMs: Date.parse("2026-07-01T10:00Z"),
      paused: false,
      previousAtWork: false,
    };
    const [decision] = decide(scheduleDefinition({ ...twoHourly, jitterMs: 60_000 }), situation);
    const startMs = Date.parse(decision?.startAt ?? "");
    expect(startMs).toBeGreaterThan(situation.nowMs);
    expect(startMs).toBeLessThanOrEqual(situation.nowMs + 60_000);
  });
});

describe("slots that were missed", () => {
  it("catchUp: last runs the last of them within the window", () => {
    expect(decided({}, morning)).toEqual([
      "02:00 MISSED nobody was there to start it within 6 h",
      `04:00 ${REPLACED}`,
      `06:00 ${REPLACED}`,
      "08:00 DUE caught up 1 h late",
    ]);
  });

  it("catchUp: last runs nothing that is older than the window", () => {
    const over = { windowMs: 300_000 };
    expect(decided(over, { since: "05:00", now: "06:05:01" })).toEqual([
      "06:00 MISSED nobody was there to start it within 5 min",
    ]);
    expect(decided(over, { since: "05:00", now: "06:05:00" })).toEqual([
      "06:00 DUE caught up 5 min late",
    ]);
  });

  it("catchUp: last leaves them out when a slot is due now", () => {
    expect(decided({}, { since: "07:00", now: "10:00:30" })).toEqual([
      `08:00 ${REPLACED}`,
      "10:00 DUE",
    ]);
  });

  it("catchUp: none runs none, but what is on time", () => {
    const none = { catchUp: "none" as const };
    expect(decided(none, { since: "07:00", now: "10:01" })).toEqual([
      "08:00 MISSED nobody was there to start it (catchUp: none)",
      "10:00 DUE",
    ]);
    expect(decided(none, { since: "09:00", now: "10:01:01" })).toEqual([
      "10:00 MISSED nobody was there to start it (catchUp: none)",
    ]);
  });

  it("catchUp: all runs each within the window, one after the other", () => {
    const all = { catchUp: "all" as const };
    const expected = [
      "02:00 MISSED nobody was there to start it within 6 h",
      "04:00 DUE caught up 5 h late",
      `06:00 ${WAITS}`,
      `08:00 ${WAITS}`,
    ];
    expect(decided(all, morning)).toEqual(expected);
    expect(decided({ ...all, overlap: "queue" }, morning)).toEqual(expected);
  });

  it("a window shorter than what counts as on time holds", () => {
    expect(decided({ windowMs: 5_000 }, { since: "09:00", now: "10:00:06" })).toEqual([
      "10:00 MISSED nobody was there to start it within 5 s",
    ]);
  });
});

describe("slots while an earlier one is at work", () => {
  const busy = { ...onTime, previousAtWork: true };

  it("overlap: skip leaves them out", () => {
    expect(decided({}, busy)).toEqual([`10:00 ${OVERLAPS}`]);
    const missed = { since: "07:00", now: "09:00", previousAtWork: true };
    expect(decided({ catchUp: "all" }, missed)).toEqual([`08:00 ${OVERLAPS}`]);
  });

  it("overlap: queue has them wait", () => {
    expect(decided({ overlap: "queue" }, busy)).toEqual([`10:00 ${WAITS}`]);
  });

  it("overlap: cancel_previous has them due", () => {
    expect(decided({ overlap: "cancel_previous" }, busy)).toEqual(["10:00 DUE"]);
  });

  const often = { rule: { by: "interval" as const, everyMs: 20_000 } };
  const minute = { since: "10:00:10", now: "10:01:05" };

  it.each<[Over, string[]]>([
    [{}, ["DUE", "SKIPPED"]],
    [{ overlap: "queue" }, ["DUE", "QUEUED"]],
    [{ overlap: "cancel_previous" }, ["SKIPPED", "DUE"]],
  ])("and several that come at once are in each other's way: %o", (over, expected) => {
    const found = decided({ ...often, ...over }, minute).map((line) => line.split(" ")[1]);
    expect(found).toEqual([
      expected[0],
      expected[0] === "SKIPPED" ? "SKIPPED" : expected[1],
      expected[1],
    ]);
  });
});

describe("several slots that are on time", () => {
  it("overlap each other also when all that were missed are wanted, unless some were", () => {
    const often: Over = { rule: { by: "interval", everyMs: 20_000 }, catchUp: "all" };
    expect(decided(often, { since: "10:00:30", now: "10:01:05" })).toEqual([
      "10:00 DUE",
      `10:01 ${OVERLAPS}`,
    ]);
    expect(decided(often, { since: "10:00:10", now: "10:01:25" })).toEqual([
      "10:00 DUE caught up 1 min 5 s late",
      `10:00 ${WAITS}`,
      `10:01 ${WAITS}`,
      `10:01 ${WAITS}`,
    ]);
  });
});

describe("a pause", () => {
  it.each<[string, Over, boolean]>([
    ["by a person", {}, true],
    ["in the file", { paused: true }, false],
  ])("%s leaves out all slots, also those that were missed", (_, over, paused) => {
    expect(decided(over, { since: "03:00", now: "06:00", paused })).toEqual([
      "04:00 SKIPPED the schedule is paused",
      "06:00 SKIPPED the schedule is paused",
    ]);
  });
});

describe("very many slots at once", () => {
  const secondly: Over = { timeZone: "UTC", rule: { by: "interval", everyMs: 1_000 } };
  const count = (over: Over, from: string, to: string, paused = false) =>
    decide(scheduleDefinition({ ...secondly, ...over }), {
      decidedUpToMs: Date.parse(from),
      nowMs: Date.parse(to),
      paused,
      previousAtWork: false,
    });

  it("are told one by one up to 1,000", () => {
    const found = count({}, "2026-07-01T00:00:00Z", "2026-07-01T00:16:40Z");
    expect(found).toHaveLength(1_000);
    expect(found.every(({ reason }) => !reason?.includes("one of"))).toBe(true);
  });

  it("are one record beyond that, which says how many they are", () => {
    const found = count({}, "2026-07-01T00:00:00Z", "2026-07-01T01:00:00Z");
    expect(found).toHaveLength(1_001);
    expect(found[0]).toEqual({
      dueAt: "2026-07-01T00:43:20.000Z",
      startAt: "2026-07-01T00:43:20.000Z",
      status: "MISSED",
      reason: "one of 2,600 slots since 2026-07-01T00:00:01.000Z: nobody was there to start it",
    });
    expect(found[1]?.dueAt).toBe("2026-07-01T00:43:21.000Z");
  });

  it("are not forgotten where the last hour has just 1,000", () => {
    const over: Over = { rule: { by: "interval", everyMs: 3_600 } };
    const found = count(over, "2026-07-01T00:00:00Z", "2026-07-01T02:00:00Z");
    expect(found).toHaveLength(1_001);
    expect(found[0]?.reason).toMatch(/^one of 1,000 slots since/);
  });

  it("are counted up to 10,000", () => {
    const [first, ...others] = count({}, "2016-07-01T00:00:00Z", "2026-07-01T01:00:00Z", true);
    expect(others).toHaveLength(1_000);
    expect(first).toMatchObject({
      dueAt: "2026-07-01T00:43:20.000Z",
      status: "SKIPPED",
      reason:
        "one of more than 10,000 slots since 2016-07-01T00:00:01.000Z: the schedule is paused",
    });
  });

  it("are found also where they come in heaps far apart", () => {
    const heaps: Over = { rule: { by: "cron", expression: "* 9 1 * *" }, timeZone: "UTC" };
    const found = count(heaps, "2024-01-01T00:00:00Z", "2026-07-01T12:00:00Z");
    expect(found).toHaveLength(1_001);
    expect(found[0]?.reason).toMatch(/^one of 860 slots since 2024-01-01T09:00:00.000Z/);
  });
});

const at = (text: string) => Date.parse(`2026-07-01T${text}Z`);

describe("nextWakeMs", () => {
  it("is the first slot that is not decided, also when it has passed", () => {
    const schedule = scheduleDefinition(twoHourly);
    expect(nextWakeMs(schedule, at("09:00"))).toBe(at("10:00"));
    expect(nextWakeMs(schedule, at("10:00"))).toBe(at("12:00"));
    expect(nextWakeMs({ ...schedule, days: [] }, at("10:00"))).toBeNull();
  });
});

describe("isTooLate", () => {
  it("is so after the window", () => {
    expect(isTooLate({ windowMs: 5_000 }, 1_000, 6_000)).toBe(false);
    expect(isTooLate({ windowMs: 5_000 }, 1_000, 6_001)).toBe(true);
  });
});
