/**
 * Slots of all kinds of rules against an oracle of its own making over luxon. A choice of zones and two
 * years by default; `ALL_ZONES=1` takes all zones that this Node knows, and five years.
 */
import { describe, expect, it } from "vitest";
import { slotsBetween, type Timetable } from "../../../src/schedule/index.ts";
import {
  dailySlots,
  DAY_MS,
  intervalSlots,
  shownMinutes,
  shownTimes,
  stretchesOf,
} from "../../helpers/zone-oracle.ts";

const ALL = process.env["ALL_ZONES"] === "1";
const FROM = Date.UTC(ALL ? 2024 : 2026, 0, 1);
const TO = Date.UTC(ALL ? 2029 : 2028, 0, 1);

/** Gaps and doubled hours of half an hour, one and two, at midnight, before it, at noon in UTC, or never. */
const CHOICE = [
  "Africa/Cairo",
  "Africa/Casablanca",
  "America/Havana",
  "America/New_York",
  "America/Nuuk",
  "America/Santiago",
  "America/Sao_Paulo",
  "America/St_Johns",
  "Antarctica/Troll",
  "Asia/Beirut",
  "Asia/Gaza",
  "Asia/Kathmandu",
  "Asia/Kolkata",
  "Asia/Tokyo",
  "Atlantic/Azores",
  "Australia/Adelaide",
  "Australia/Lord_Howe",
  "Europe/Berlin",
  "Europe/Chisinau",
  "Europe/Dublin",
  "Europe/London",
  "Pacific/Apia",
  "Pacific/Auckland",
  "Pacific/Chatham",
  "UTC",
];
const ZONES = ALL ? [...new Set([...Intl.supportedValuesOf("timeZone"), "UTC"])] : CHOICE;

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const at = (...times: string[]): Partial<Timetable> => ({ rule: { by: "times", times } });
const cron = (expression: string): Partial<Timetable> => ({ rule: { by: "cron", expression } });
const every = (everyMs: number): Partial<Timetable> => ({ rule: { by: "interval", everyMs } });

function slotsOf(timeZone: string, over: Partial<Timetable>, from = FROM, to = TO): number[] {
  const timetable: Timetable = {
    rule: { by: "times", times: ["00:00"] },
    timeZone,
    days: null,
    except: [],
    ...over,
  };
  return [...slotsBetween(timetable, from - 1, to - 1)];
}

const within = (slots: readonly number[], from = FROM, to = TO): number[] =>
  slots.filter((slot) => slot >= from && slot < to);

const isSunday = (dayMs: number): boolean => new Date(dayMs).getUTCDay() === 0;
const isWorkday = (dayMs: number): boolean => ![0, 6].includes(new Date(dayMs).getUTCDay());

/** A daily rule and what it means, as milliseconds from midnight. */
const DAILY: readonly (readonly [string, Partial<Timetable>, readonly number[]])[] = [
  ["02:30", at("02:30"), [2.5]],
  ["01:30", at("01:30"), [1.5]],
  ["00:00", at("00:00"), [0]],
  ["06:00", at("06:00"), [6]],
  ["many times", at("00:30", "02:00", "02:30", "23:30"), [0.5, 2, 2.5, 23.5]],
  ["cron 02:30", cron("30 2 * * *"), [2.5]],
  ["cron 00:30 and 23:30", cron("0 30 0,23 * * *"), [0.5, 23.5]],
];

describe.each(ZONES)("%s", (timeZone) => {
  const stretches = stretchesOf(timeZone, FROM - 5 * DAY_MS, TO + 5 * DAY_MS);
  const changes = stretches.slice(1).map(({ startMs }) => startMs);

  it.each(DAILY)("has the slots of %s", (_, over, hours) => {
    const expected = dailySlots(
      stretches,
      hours.map((hour) => hour * HOUR_MS),
    );
    expect(slotsOf(timeZone, over)).toEqual(within(expected));
  });

  it("counts days by the time that is named, also when it lies in a gap", () => {
    const expected = within(
      dailySlots(
        stretches,
        [0.5, 2.5, 23.5].map((h) => h * HOUR_MS),
        isWorkday,
      ),
    );
    const days: Timetable["days"] = ["mon", "tue", "wed", "thu", "fri"];
    expect(slotsOf(timeZone, { ...at("00:30", "02:30", "23:30"), days })).toEqual(expected);
    expect(slotsOf(timeZone, cron("30 0,2,23 * * 1-5"))).toEqual(expected);
    expect(slotsOf(timeZone, { ...cron("30 0,2,23 * * *"), days })).toEqual(expected);
  });

  it.each([15 * MINUTE_MS, 7 * HOUR_MS])("has a slot every %d ms from midnight", (everyMs) => {
    expect(slotsOf(timeZone, every(everyMs))).toEqual(within(intervalSlots(stretches, everyMs)));
  });

  it("keeps a rhythm that has few days, all the time", () => {
    const times = [23 * 60, 23 * 60 + 40, 0, 40, 2 * 60, 2 * 60 + 40].map((m) => m * MINUTE_MS);
    expect(slotsOf(timeZone, cron("*/40 0,2,23 * * 0"))).toEqual(
      within(shownTimes(stretches, times, isSunday)),
    );
  });

  it("keeps the rhythm of cron in real time around each change of clocks", () => {
    for (const change of [FROM + 10 * DAY_MS, ...within(changes)]) {
      const [from, to] = [change - 2 * DAY_MS, change + 2 * DAY_MS];
      const near = stretchesOf(timeZone, from - DAY_MS, to + DAY_MS);
      const quarters = shownMinutes(near, (shown) => shown.getUTCMinutes() % 15 === 0);
      expect(slotsOf(timeZone, cron("*/15 * * * *"), from, to)).toEqual(within(quarters, from, to));
      const evenHours = shownMinutes(
        near,
        (shown) => shown.getUTCMinutes() === 30 && shown.getUTCHours() % 2 === 0,
      );
      expect(slotsOf(timeZone, cron("30 */2 * * *"), from, to)).toEqual(
        within(evenHours, from, to),
      );
    }
  });
});
