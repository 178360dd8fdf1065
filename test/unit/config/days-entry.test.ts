import { describe, expect, it } from "vitest";
import { allWeekdaysOf, flawOfDate, weekdaysOf } from "../../../src/config/days-entry.ts";

describe("weekdaysOf", () => {
  it.each([
    ["mon", ["mon"]],
    ["Wednesday", ["wed"]],
    ["mon-fri", ["mon", "tue", "wed", "thu", "fri"]],
    ["fri - Mon", ["fri", "sat", "sun", "mon"]],
    ["sun-sun", ["sun"]],
  ])("reads %s", (text, expected) => {
    expect(weekdaysOf(text)).toEqual(expected);
  });

  it.each(["", "mo", "mon-", "mon-wed-fri", "mon,tue", "weekdays"])("refuses %j", (text) => {
    expect(weekdaysOf(text)).toMatchObject({ flaw: expect.stringContaining(JSON.stringify(text)) });
  });

  it("together are in the order of the week, each once", () => {
    expect(allWeekdaysOf(["sat-mon", "monday", "nonsense"])).toEqual(["mon", "sat", "sun"]);
  });
});

describe("flawOfDate", () => {
  it.each(["2026-12-25", "12-25", "2028-02-29", "02-29"])("finds nothing wrong with %s", (text) => {
    expect(flawOfDate(text)).toBeUndefined();
  });

  it.each([
    "2026-02-29",
    "02-30",
    "2026-13-01",
    "2026-00-10",
    "25.12.2026",
    "2026-12-25T00:00",
    "",
  ])("refuses %j", (text) => {
    expect(flawOfDate(text)).toContain(`got ${JSON.stringify(text)}`);
  });
});
