import { expect, test } from "vitest";
import {
  clockFormOf,
  clockInText,
  writeClock,
} from "../../../../../../src/stages/transformation/generators/formats/clock.ts";

test.each([
  ["12/02/2011 6:55 a.m.", 6, 55],
  ["8:19aDec 1", 8, 19],
  ["9:22P 12-01-11", 21, 22],
  ["12:15 a.m.  Fri 02-Dec-2011", 0, 15],
  ["4:28 p.m. (Estimated runway)", 16, 28],
  ["12:00noon", 12, 0],
  ["2024-05-01T20:15", 20, 15],
  ["Thu  22:25", 22, 25],
])("%s holds one time", (text, hour, minute) => {
  expect(clockInText(text)).toMatchObject({ hour, minute, sure: true });
});

test.each([
  "6:00 or 7:00 a.m.",
  "before 7:00 p.m.",
  "to 7:00 p.m.",
  "Not Available",
  "25:10",
  "13:10 p.m.",
  "gate 14 7:00 a.m. #3",
  "ratio 3:15:99",
])("%s holds none that is certain", (text) => {
  expect(clockInText(text)).toBeUndefined();
});

test("an hour that may be morning or evening is not sure", () => {
  expect(clockInText("Thu 7:15")).toMatchObject({ hour: 7, sure: false });
});

test("a time is written in the form of another", () => {
  const form = clockFormOf("7:10 a.m.")!;
  expect(writeClock({ hour: 20, minute: 5, second: undefined, sure: true }, form)).toBe(
    "8:05 p.m.",
  );
  expect(
    writeClock({ hour: 0, minute: 5, second: undefined, sure: true }, clockFormOf("07:10 AM")!),
  ).toBe("12:05 AM");
  expect(
    writeClock({ hour: 7, minute: 5, second: undefined, sure: true }, clockFormOf("09:30")!),
  ).toBe("07:05");
});
