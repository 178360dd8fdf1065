import { describe, expect, it } from "vitest";
import { isTimeZone } from "../../../src/schedule/index.ts";
import { instantsOf, wallOf } from "../../../src/schedule/wall-clock.ts";

const shown = (timeZone: string, at: string): string =>
  new Date(wallOf(timeZone, Date.parse(at))).toISOString();
const when = (timeZone: string, wall: string): string[] =>
  instantsOf(timeZone, Date.parse(wall)).map((ms) => new Date(ms).toISOString());

describe("isTimeZone", () => {
  it.each(["Europe/Berlin", "UTC", "America/Argentina/Ushuaia", "Etc/GMT+5"])(
    "knows %s",
    (name) => {
      expect(isTimeZone(name)).toBe(true);
    },
  );

  it.each(["Europe/Berln", "", "+02:00", "02:00", "local", "Mars/Olympus"])(
    "refuses %j",
    (name) => {
      expect(isTimeZone(name)).toBe(false);
    },
  );
});

describe("wallOf", () => {
  it("keeps milliseconds, also before 1970", () => {
    expect(shown("Asia/Kathmandu", "2026-07-01T00:00:00.250Z")).toBe("2026-07-01T05:45:00.250Z");
    expect(shown("UTC", "1969-12-31T23:59:59.750Z")).toBe("1969-12-31T23:59:59.750Z");
  });

  it("shows midnight as the start of a day", () => {
    expect(shown("Europe/Berlin", "2026-06-30T22:00:00Z")).toBe("2026-07-01T00:00:00.000Z");
  });

  it("refuses a zone that nobody knows", () => {
    expect(() => wallOf("Mars/Olympus", 0)).toThrow(RangeError);
  });
});

describe("instantsOf", () => {
  it("is one, two, or the end of a gap", () => {
    expect(when("Europe/Berlin", "2026-07-01T09:30Z")).toEqual(["2026-07-01T07:30:00.000Z"]);
    expect(when("Europe/Berlin", "2026-10-25T02:30Z")).toEqual([
      "2026-10-25T00:30:00.000Z",
      "2026-10-25T01:30:00.000Z",
    ]);
    expect(when("Europe/Berlin", "2026-03-29T02:00Z")).toEqual(["2026-03-29T01:00:00.000Z"]);
    expect(when("Europe/Berlin", "2026-03-29T02:59:59.999Z")).toEqual(["2026-03-29T01:00:00.000Z"]);
    expect(when("Europe/Berlin", "2026-03-29T03:00Z")).toEqual(["2026-03-29T01:00:00.000Z"]);
  });

  it("knows clocks that were turned at 00:01", () => {
    expect(when("America/St_Johns", "2011-03-13T00:01Z")).toEqual(["2011-03-13T03:31:00.000Z"]);
    expect(when("America/St_Johns", "2010-11-06T23:30Z")).toEqual([
      "2010-11-07T02:00:00.000Z",
      "2010-11-07T03:00:00.000Z",
    ]);
  });
});
