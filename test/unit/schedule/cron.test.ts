import { describe, expect, it } from "vitest";
import { flawOfCron } from "../../../src/schedule/index.ts";
import { namesTimes } from "../../../src/schedule/cron.ts";

describe("flawOfCron", () => {
  it.each(["* * * * *", "*/5 9-17 * * mon-fri", "0 30 9 1,15 * *", "0 0 L * *", "0 9 * * 1#2"])(
    "finds nothing wrong with %s",
    (expression) => {
      expect(flawOfCron(expression)).toBeUndefined();
    },
  );

  it.each([
    ["", "first, got 1 field"],
    ["@daily", "first, got 1 field"],
    ["0 0 9 * * * 2027", "first, got 7 fields"],
    ["2026-12-25T09:30:00", "first, got 1 field"],
    ["60 9 * * *", "Invalid value for minute: 60"],
    ["0 9 * * wed-mon", "From value is larger than to value"],
    ["0 9 * * workday", "illegal characters"],
    ["5/10 * * * *", "/"],
  ])("says what is wrong with %j", (expression, said) => {
    const flaw = flawOfCron(expression);
    expect(flaw).toMatch(/^expected 5 fields \(minute, hour, day, month, day of the week\), or 6/);
    expect(flaw).toContain(said);
  });
});

describe("namesTimes", () => {
  it.each([
    ["30 9 * * *", true],
    ["0,30 9-11 * * 1-5", true],
    ["15 30 9 */2 * *", true],
    ["*/15 * * * *", false],
    ["0 */2 * * *", false],
    ["30 * * * *", false],
    ["* 30 9 * * *", false],
    ["? 9 * * *", false],
  ])("%s: %s", (expression, expected) => {
    expect(namesTimes(expression)).toBe(expected);
  });
});
