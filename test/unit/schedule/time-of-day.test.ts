import { describe, expect, it } from "vitest";
import { sortedTimes, TimeOfDay, timeOfDayAfter } from "../../../src/schedule/index.ts";

const after = (slot: string, time: string, timeZone = "Europe/Berlin"): string =>
  new Date(timeOfDayAfter(Date.parse(slot), time, timeZone)).toISOString();

describe("timeOfDayAfter", () => {
  it("is on the slot's own day in its zone", () => {
    expect(after("2026-07-01T07:30Z", "13:05")).toBe("2026-07-01T11:05:00.000Z");
    expect(after("2026-07-01T23:30Z", "09:00:30", "Asia/Tokyo")).toBe("2026-07-02T00:00:30.000Z");
  });

  it("is the slot itself at its own time", () => {
    expect(after("2026-07-01T07:30Z", "09:30")).toBe("2026-07-01T07:30:00.000Z");
  });

  it("is on the next day when it is earlier than the slot", () => {
    expect(after("2026-07-01T20:00Z", "02:00")).toBe("2026-07-02T00:00:00.000Z");
    expect(after("2026-07-01T07:30:01Z", "09:30")).toBe("2026-07-02T07:30:00.000Z");
  });

  it("is the end of a gap that it lies in, also when the slot is there too", () => {
    expect(after("2026-03-29T00:30Z", "02:45")).toBe("2026-03-29T01:00:00.000Z");
    expect(after("2026-03-29T01:00Z", "02:45")).toBe("2026-03-29T01:00:00.000Z");
    expect(after("2026-03-28T20:00Z", "02:45")).toBe("2026-03-29T01:00:00.000Z");
  });

  it("is the first of two occurrences, but never before the slot", () => {
    expect(after("2026-10-24T23:30Z", "02:30")).toBe("2026-10-25T00:30:00.000Z");
    expect(after("2026-10-25T00:45Z", "02:30")).toBe("2026-10-25T01:30:00.000Z");
    expect(after("2026-10-25T01:45Z", "02:30")).toBe("2026-10-26T01:30:00.000Z");
    expect(after("2026-10-24T20:00Z", "02:30")).toBe("2026-10-25T00:30:00.000Z");
  });
});

describe("TimeOfDay", () => {
  it.each(["00:00", "09:30", "23:59", "23:59:59"])("takes %s", (time) => {
    expect(TimeOfDay.safeParse(time).success).toBe(true);
  });

  it.each(["24:00", "9:30", "09:60", "09:30:60", "0930", "", "09:30 ", "9 am"])(
    "refuses %j",
    (time) => {
      expect(TimeOfDay.safeParse(time).success).toBe(false);
    },
  );
});

describe("sortedTimes", () => {
  it("has each time once, rising, without seconds that are zero", () => {
    expect(sortedTimes(["13:00", "09:30:00", "09:30", "09:30:15"])).toEqual([
      "09:30",
      "09:30:15",
      "13:00",
    ]);
  });
});
