import { expect, test } from "vitest";
import { fillTemplate, flawOfTemplate } from "../../../src/core/index.ts";

const noon = { at: "2026-03-05T12:07:09.000Z", timeZone: "UTC" };

test.each([
  ["wifi_{yyyyMMdd}.csv", "wifi_20260305.csv"],
  ["{yyyy}-{MM}-{dd}/{HH}{mm}{ss}", "2026-03-05/120709"],
  ["{ddMMM}", "05Mar"],
  ["{EEE dd.MM.yy}", "Thu 05.03.26"],
  ["{yyyyMMdd-1d}", "20260304"],
  ["{yyyyMMdd-5d}", "20260228"],
  ["{yyyyMMdd+30d}", "20260404"],
  ["{{yyyy}} and {{", "{yyyy} and {"],
  ["plain.csv", "plain.csv"],
])("%s is %s", (template, filled) => {
  expect(fillTemplate(template, noon)).toBe(filled);
});

test("the day is that of the zone", () => {
  const at = "2026-03-05T23:30:00.000Z";
  expect(fillTemplate("{yyyyMMdd HHmm}", { at, timeZone: "Europe/Berlin" })).toBe("20260306 0030");
  expect(fillTemplate("{yyyyMMdd HHmm}", { at, timeZone: "America/St_Johns" })).toBe(
    "20260305 2000",
  );
});

test("a day before is the day before on the calendar, also when a day has 23 hours", () => {
  // 2026-03-29 has 23 hours in Berlin; half past midnight on the 30th, less 24 hours, is the 28th.
  const at = "2026-03-29T22:30:00.000Z";
  expect(fillTemplate("{yyyyMMdd-1d}", { at, timeZone: "Europe/Berlin" })).toBe("20260329");
});

test.each(["{year}", "{yyyy", "yyyy}", "{}", "{yyyy/MM}", "{yyyyMMdd-1h}", "{../..}"])(
  "%s is refused with what was expected",
  (template) => {
    expect(flawOfTemplate(template)).toContain("expected parts such as {yyyy}");
    expect(() => fillTemplate(template, noon)).toThrow(/expected parts such as/);
  },
);
