import { describe, expect, it } from "vitest";
import { describeRule, spanInWords } from "../../../src/schedule/index.ts";
import type { ScheduleDefinition } from "../../../src/schedule/index.ts";
import { scheduleDefinition } from "../../helpers/schedule-definition.ts";

describe("describeRule", () => {
  it.each<[Partial<ScheduleDefinition>, string]>([
    [
      {
        rule: { by: "times", times: ["09:30", "13:00"] },
        days: ["mon", "tue", "wed", "thu", "fri"],
        except: ["12-25"],
      },
      "at 09:30 and 13:00, Monday to Friday, Europe/Berlin, not on 25 Dec",
    ],
    [{}, "at 09:30, every day, Europe/Berlin"],
    [
      { rule: { by: "interval", everyMs: 900_000 }, days: ["sun", "sat"], timeZone: "UTC" },
      "every 15 min from midnight, Saturday and Sunday, UTC",
    ],
    [
      { days: ["tue", "wed", "thu", "sat"], except: ["2026-12-25", "01-01"] },
      "at 09:30, Tuesday to Thursday and Saturday, Europe/Berlin, not on 25 Dec 2026 and 1 Jan",
    ],
    [
      { rule: { by: "cron", expression: "0 9 * * 1-5" }, except: ["05-01", "05-02", "05-03"] },
      'by cron "0 9 * * 1-5", Europe/Berlin, not on 1 May, 2 May and 3 May',
    ],
    [
      { except: ["05-01", "05-02", "05-03", "05-04"] },
      "at 09:30, every day, Europe/Berlin, not on 1 May, 2 May, 3 May and 1 more day",
    ],
    [
      { except: ["05-01", "05-02", "05-03", "05-04", "05-05"] },
      "at 09:30, every day, Europe/Berlin, not on 1 May, 2 May, 3 May and 2 more days",
    ],
  ])("%o", (over, expected) => {
    expect(describeRule(scheduleDefinition(over))).toBe(expected);
  });
});

describe("spanInWords", () => {
  it.each([
    [0, "0 s"],
    [5, "5 ms"],
    [45_000, "45 s"],
    [90_000, "1 min 30 s"],
    [7_500_000, "2 h 5 min"],
    [7_200_999, "2 h"],
    [90_000_000, "1 d 1 h"],
  ])("%d ms: %s", (ms, expected) => {
    expect(spanInWords(ms)).toBe(expected);
  });
});
