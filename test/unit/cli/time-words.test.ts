import { describe, expect, it } from "vitest";
import {
  aboutWhen,
  dayAndTime,
  dayAndTimeThere,
  span,
  timeLeft,
} from "../../../src/cli/time-words.ts";
import { inMinutes } from "./operation-samples.ts";
import { AT } from "./samples.ts";

const at = (iso: string, timeZone?: string): string => dayAndTime(iso, AT, timeZone);

describe("span", () => {
  it("is as exact as one wants to know it", () => {
    const spans = [0, 44_600, 59_600, 60_000, 35 * 60_000, 59.6 * 60_000, 125 * 60_000].map(span);
    expect(spans).toEqual(["0 s", "45 s", "1 min", "1 min", "35 min", "1 h 00 min", "2 h 05 min"]);
    expect([47.9, 48, 76.5].map((hours) => span(hours * 3_600_000))).toEqual([
      "47 h 54 min",
      "2 d 0 h",
      "3 d 4 h",
    ]);
  });
});

describe("timeLeft", () => {
  it("says now for what is due or was", () => {
    expect([125, 0, -5].map((minutes) => timeLeft(inMinutes(minutes), AT))).toEqual([
      "in 2 h 05 min",
      "now",
      "now",
    ]);
  });
});

describe("dayAndTime", () => {
  it("names the day as people do, and seconds where there are any", () => {
    expect(at("2026-03-01T15:30:00.000Z")).toBe("12:00");
    expect(at("2026-03-01T15:30:05.000Z")).toBe("12:00:05");
    expect(at("2026-03-02T03:30:00.000Z")).toBe("tomorrow 00:00");
    expect(at("2026-03-01T03:29:00.000Z")).toBe("yesterday 23:59");
    expect(at("2026-03-03T13:00:00.000Z")).toBe("Tue 2026-03-03 09:30");
    expect(at("2025-12-31T13:00:00.000Z")).toBe("Wed 2025-12-31 09:30");
  });

  it("counts days over a change of clocks", () => {
    // clocks go forward on 8 March 2026
    const evening = new Date("2026-03-08T03:00:00.000Z");
    expect(dayAndTime("2026-03-09T02:00:00.000Z", evening)).toBe("tomorrow 23:30");
  });

  it("names another zone only where its clocks show another time", () => {
    const iso = "2026-03-01T17:00:00.000Z";
    expect(dayAndTime(iso, AT, "Europe/Berlin")).toBe("18:00 Europe/Berlin");
    expect(dayAndTime(iso, AT, "Canada/Newfoundland")).toBe("13:30");
    expect(dayAndTimeThere(iso, AT, "Europe/Berlin")).toBe("18:00");
  });

  it("has the day of the zone that is named", () => {
    // there it is half past midnight already
    const zone = "Asia/Tokyo";
    expect(at("2026-03-01T14:30:00.000Z", zone)).toBe("yesterday 23:30 Asia/Tokyo");
    expect(at("2026-03-01T23:30:00.000Z", zone)).toBe("08:30 Asia/Tokyo");
  });
});

describe("aboutWhen", () => {
  it("leaves the seconds out", () => {
    expect(aboutWhen("2026-03-01T15:30:59.999Z", AT)).toBe("12:00");
  });
});
