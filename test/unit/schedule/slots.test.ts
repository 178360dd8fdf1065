import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextSlots, slotsBetween, startOf } from "../../../src/schedule/index.ts";
import type { ScheduleDefinition } from "../../../src/schedule/index.ts";
import { scheduleDefinition } from "../../helpers/schedule-definition.ts";

type Over = Partial<ScheduleDefinition>;

const at = (...times: string[]): Over => ({ rule: { by: "times", times } });
const cron = (expression: string): Over => ({ rule: { by: "cron", expression } });
const every = (everyMs: number): Over => ({ rule: { by: "interval", everyMs } });

/** Slots from one time to another, both with them, as `MM-DDTHH:mm` in UTC. */
function slots(over: Over, from: string, to: string): string[] {
  const found = slotsBetween(scheduleDefinition(over), Date.parse(from) - 1, Date.parse(to));
  return [...found].map((ms) => new Date(ms).toISOString().slice(5, 16));
}

const next = (over: Over, after: string, count: number): string[] =>
  nextSlots(scheduleDefinition(over), Date.parse(after), count).map((ms) =>
    new Date(ms).toISOString(),
  );

const HOUR_MS = 3_600_000;

describe("slots of times of the day", () => {
  it("come at each time of each day, in the schedule's zone", () => {
    expect(slots(at("09:30", "13:00"), "2026-07-01T00:00Z", "2026-07-02T07:30Z")).toEqual([
      "07-01T07:30",
      "07-01T11:00",
      "07-02T07:30",
    ]);
  });

  it("leave out the one at the start of the question and have the one at its end", () => {
    const schedule = scheduleDefinition();
    const slotMs = Date.parse("2026-07-01T07:30Z");
    expect([...slotsBetween(schedule, slotMs, slotMs + 1)]).toEqual([]);
    expect([...slotsBetween(schedule, slotMs - 1, slotMs)]).toEqual([slotMs]);
    expect([...slotsBetween(schedule, slotMs, slotMs - 1)]).toEqual([]);
  });

  it.each([
    ["a gap of an hour", "Europe/Berlin", "02:30", "2026-03-29", "03-29T01:00"],
    ["a gap of half an hour", "Australia/Lord_Howe", "02:15", "2026-10-04", "10-03T15:30"],
    ["a gap at midnight", "Africa/Cairo", "00:30", "2026-04-24", "04-23T22:00"],
    ["a gap that ends at midnight", "America/Nuuk", "23:30", "2026-03-28", "03-29T01:00"],
    ["a day that was left out", "Pacific/Apia", "09:30", "2011-12-30", "12-30T10:00"],
  ])("in %s (%s %s) come at its end", (_, timeZone, time, day, slot) => {
    const from = new Date(Date.parse(day) - 14 * HOUR_MS).toISOString();
    const to = new Date(Date.parse(day) + 38 * HOUR_MS).toISOString();
    expect(slots({ timeZone, ...at(time) }, from, to)).toContain(slot);
    const [hours, minutes] = time.split(":");
    expect(slots({ timeZone, ...cron(`${minutes} ${hours} * * *`) }, from, to)).toContain(slot);
  });

  it("in one gap come at its end once, together with the one that is due there", () => {
    const times = at("02:00", "02:15", "02:45", "03:00", "04:00");
    const found = slots(times, "2026-03-29T00:00Z", "2026-03-29T12:00Z");
    expect(found).toEqual(["03-29T01:00", "03-29T02:00"]);
  });

  it.each([
    ["an hour", "Europe/Berlin", "02:30", "2026-10-25", "10-25T00:30"],
    ["half an hour", "Australia/Lord_Howe", "01:45", "2026-04-05", "04-04T14:45"],
    ["two hours", "Antarctica/Troll", "01:30", "2026-10-25", "10-24T23:30"],
    ["an hour before midnight", "Africa/Cairo", "23:30", "2026-10-29", "10-29T20:30"],
  ])("that come twice when clocks are turned back by %s (%s %s) come at the first", (...row) => {
    const [, timeZone, time, day, slot] = row;
    const from = new Date(Date.parse(day) - 14 * HOUR_MS).toISOString();
    const to = new Date(Date.parse(day) + 38 * HOUR_MS).toISOString();
    const ofThatDay = slots({ timeZone, ...at(time), except: [] }, from, to);
    expect(ofThatDay).toContain(slot);
    expect(ofThatDay.length).toBeLessThanOrEqual(3);
    const [first = "", second = ""] = ofThatDay;
    expect(first.slice(0, 5)).not.toBe(second.slice(0, 5));
  });
});

describe("days and exceptions", () => {
  it("leave out days of the week and dates, of one year or of each", () => {
    const over = { ...at("12:00"), days: ["mon" as const, "fri" as const] };
    const except = ["2026-12-28", "01-01"];
    expect(slots({ ...over, except }, "2026-12-20T00:00Z", "2027-01-12T00:00Z")).toEqual([
      "12-21T11:00",
      "12-25T11:00",
      "01-04T11:00",
      "01-08T11:00",
      "01-11T11:00",
    ]);
  });

  it("go by the date that the schedule's clocks show", () => {
    const over: Over = { timeZone: "Pacific/Auckland", ...at("01:00"), days: ["mon"] };
    expect(slots(over, "2026-07-04T00:00Z", "2026-07-07T00:00Z")).toEqual(["07-05T13:00"]);
  });

  it("go by the date that is named, though the gap it lies in ends on the next", () => {
    const over: Over = { timeZone: "America/Nuuk", ...at("23:30") };
    const range = ["2026-03-28T12:00Z", "2026-03-29T12:00Z"] as const;
    expect(slots({ ...over, days: ["sat"] }, ...range)).toEqual(["03-29T01:00"]);
    expect(slots({ ...over, days: ["sun"] }, ...range)).toEqual([]);
    expect(slots({ ...over, ...cron("30 23 * * 6") }, ...range)).toEqual(["03-29T01:00"]);
    expect(slots({ ...over, except: ["2026-03-28"] }, ...range)).toEqual([]);
  });

  it("hold for intervals and for cron as well", () => {
    const over: Over = { timeZone: "UTC", days: ["sun"], except: ["2026-07-12"] };
    const range = ["2026-07-04T00:00Z", "2026-07-20T00:00Z"] as const;
    const expected = ["07-05T00:00", "07-05T12:00", "07-19T00:00", "07-19T12:00"];
    expect(slots({ ...over, ...every(12 * HOUR_MS) }, ...range)).toEqual(expected);
    expect(slots({ ...over, ...cron("0 */12 * * *") }, ...range)).toEqual(expected);
    expect(slots({ ...over, ...cron("0 0,12 * * *") }, ...range)).toEqual(expected);
  });
});

describe("slots of an interval", () => {
  it("count from midnight and begin anew at the next", () => {
    const over: Over = { timeZone: "UTC", ...every(7 * HOUR_MS) };
    expect(slots(over, "2026-07-01T06:00Z", "2026-07-02T07:00Z")).toEqual([
      "07-01T07:00",
      "07-01T14:00",
      "07-01T21:00",
      "07-02T00:00",
      "07-02T07:00",
    ]);
  });

  it("follow real time: a short day has fewer, a long day more", () => {
    const hourly = every(HOUR_MS);
    const short = slots(hourly, "2026-03-28T23:00Z", "2026-03-29T21:59Z");
    const long = slots(hourly, "2026-10-24T22:00Z", "2026-10-25T22:59Z");
    expect([short.length, long.length]).toEqual([23, 25]);
  });

  it("begin at the first instant of a day that has no midnight", () => {
    const over: Over = { timeZone: "Africa/Cairo", ...every(12 * HOUR_MS) };
    expect(slots(over, "2026-04-23T12:00Z", "2026-04-24T12:00Z")).toEqual([
      "04-23T22:00",
      "04-24T10:00",
    ]);
  });
});

describe("slots of cron", () => {
  it("with a rhythm run through real time: nothing in a gap, twice where clocks are turned back", () => {
    const quarters = cron("*/15 1-3 * * *");
    expect(slots(quarters, "2026-03-29T00:00Z", "2026-03-29T01:45Z")).toEqual([
      "03-29T00:00",
      "03-29T00:15",
      "03-29T00:30",
      "03-29T00:45",
      "03-29T01:00",
      "03-29T01:15",
      "03-29T01:30",
      "03-29T01:45",
    ]);
    const doubled = slots(quarters, "2026-10-25T00:00Z", "2026-10-25T02:45Z");
    expect(doubled).toHaveLength(12);
    expect(new Set(doubled).size).toBe(12);
  });

  it("with a rhythm of one day a year come twice on it, when clocks are turned back then", () => {
    const over = cron("*/30 2 25 10 *");
    expect(slots(over, "2026-10-01T00:00Z", "2026-11-01T00:00Z")).toEqual([
      "10-25T00:00",
      "10-25T00:30",
      "10-25T01:00",
      "10-25T01:30",
    ]);
  });

  it("with a rhythm leave out a day also when it comes back after midnight", () => {
    const over: Over = { timeZone: "America/St_Johns", ...cron("*/30 * * * *"), days: ["sun"] };
    expect(slots(over, "2010-11-07T01:00Z", "2010-11-07T04:00Z")).toEqual([
      "11-07T02:30",
      "11-07T03:30",
      "11-07T04:00",
    ]);
  });

  it("with a rhythm only within a gap have none that day", () => {
    const over = cron("*/30 2 * * *");
    const range = ["2026-03-28T00:00Z", "2026-03-30T12:00Z"] as const;
    expect(slots(over, ...range).map((slot) => slot.slice(0, 5))).toEqual([
      "03-28",
      "03-28",
      "03-30",
      "03-30",
    ]);
  });

  it.each([
    ["30 9 * * 1-5", ["2026-07-03T07:30:00.000Z", "2026-07-06T07:30:00.000Z"]],
    ["15 30 9 1 * *", ["2026-08-01T07:30:15.000Z", "2026-09-01T07:30:15.000Z"]],
    ["0 0 L * *", ["2026-07-30T22:00:00.000Z", "2026-08-30T22:00:00.000Z"]],
    ["0 12 * * 1#1", ["2026-07-06T10:00:00.000Z", "2026-08-03T10:00:00.000Z"]],
    ["0 0 29 2 *", ["2028-02-28T23:00:00.000Z", "2032-02-28T23:00:00.000Z"]],
  ])("knows %s", (expression, expected) => {
    expect(next(cron(expression), "2026-07-02T12:00:00Z", 2)).toEqual(expected);
  });
});

describe("nextSlots", () => {
  it("gives as many as asked for, none when none is wanted", () => {
    expect(next(at("09:30"), "2026-07-01T07:30Z", 1)).toEqual(["2026-07-02T07:30:00.000Z"]);
    expect(next(at("09:30"), "2026-07-01T07:30Z", 0)).toEqual([]);
    expect(next(every(1_000), "2026-07-01T07:30:00.500Z", 2)).toEqual([
      "2026-07-01T07:30:01.000Z",
      "2026-07-01T07:30:02.000Z",
    ]);
  });

  const everyDate = Array.from({ length: 366 }, (_, i) =>
    new Date(Date.UTC(2028, 0, 1 + i)).toISOString().slice(5, 10),
  );

  it.each<[string, Over]>([
    ["30 February", cron("0 0 30 2 *")],
    ["all dates excepted, for times", { ...at("09:30"), except: everyDate }],
    ["all dates excepted, for an interval", { ...every(1_000), except: everyDate }],
    ["all dates excepted, for a rhythm", { ...cron("* * * * * *"), except: everyDate }],
    ["all dates excepted, for cron's times", { ...cron("30 9 * * *"), except: everyDate }],
    ["no day at all", { ...at("09:30"), days: [] }],
    ["only a date that is excepted", { ...cron("0 9 25 12 *"), except: ["12-25"] }],
  ])("gives none for a schedule that never is due: %s", (_, over) => {
    expect(next(over, "2026-07-01T00:00Z", 3)).toEqual([]);
  });

  it("continues where slotsBetween ends, whatever the question is cut into", () => {
    const start = Date.parse("2026-03-27T00:00Z");
    const rules: Over[] = [at("00:00", "02:30", "23:59"), every(5_400_000), cron("*/20 2,3 * * *")];
    const cut = fc.array(fc.integer({ min: 1, max: 4 * 24 * 60 }), { maxLength: 12 });
    fc.assert(
      fc.property(fc.constantFrom(...rules), cut, (over, minutes) => {
        const schedule = scheduleDefinition(over);
        const cuts = [0, ...minutes, 6 * 24 * 60].toSorted((a, b) => a - b);
        const pieces = cuts.slice(1).flatMap((to, i) => {
          const from = cuts[i]!;
          const piece = slotsBetween(schedule, start + from * 60_000, start + to * 60_000);
          return Array.from(piece);
        });
        const whole = [...slotsBetween(schedule, start, start + 6 * 24 * HOUR_MS)];
        expect(pieces).toEqual(whole);
        expect(nextSlots(schedule, start, whole.length)).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });
});

describe("startOf", () => {
  const dueMs = Date.parse("2026-07-01T07:30Z");

  it("is the slot itself without jitter", () => {
    expect(startOf(scheduleDefinition(), dueMs)).toBe(dueMs);
  });

  it("adds a share that is always the same, within the jitter, and spread over it", () => {
    const jitterMs = 600_000;
    const shares = Array.from({ length: 200 }, (_, i) => {
      const slotMs = dueMs + i * 24 * HOUR_MS;
      const schedule = scheduleDefinition({ jitterMs });
      expect(startOf(schedule, slotMs)).toBe(startOf(schedule, slotMs));
      return startOf(schedule, slotMs) - slotMs;
    });
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...shares)).toBeLessThanOrEqual(jitterMs);
    const quarters = new Set(shares.map((share) => Math.floor((share / jitterMs) * 4)));
    expect(quarters.size).toBeGreaterThanOrEqual(4);
  });

  it("differs from schedule to schedule", () => {
    const a = startOf({ name: "a", jitterMs: 600_000 }, dueMs);
    expect(startOf({ name: "b", jitterMs: 600_000 }, dueMs)).not.toBe(a);
  });
});
