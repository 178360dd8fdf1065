import { describe, expect, it } from "vitest";
import { doctorLines } from "../../../src/cli/render/checks.ts";
import { slotTable } from "../../../src/cli/render/coming.ts";
import { scheduleLines, scheduleTable } from "../../../src/cli/render/schedules.ts";
import { zonesOf } from "../../../src/cli/render/zones.ts";
import { styleOf } from "../../../src/cli/style.ts";
import {
  berlinSchedule,
  comingSlot,
  doctorReport,
  pausedSchedule,
  schedule,
} from "./operation-samples.ts";
import { AT } from "./samples.ts";

const options = { style: styleOf(false), cwd: "/data", now: AT };

describe("scheduleTable", () => {
  it("shows rule, what runs, state, last slot and the next one as clocks there show it", () => {
    expect(scheduleTable([schedule, berlinSchedule, pausedSchedule], options)).toEqual([
      "schedule  rule                                   runs                 state   last slot                                                        next",
      "morning   at 09:30, every day, America/St_Johns  daily                active  09:30 ended, run r2                                              tomorrow 09:30 (in 21 h 27 min)",
      "mail      at 18:00, every day, Europe/Berlin     daily/mail for acme  active  yesterday 18:00 missed: nobody was there to start it within 6 h  18:00 (in 1 h 27 min)",
      "night     at 09:30, every day, America/St_Johns  daily                paused",
    ]);
  });

  it("is as wide as the terminal, and never cuts the next slot", () => {
    const lines = scheduleTable([schedule, berlinSchedule], { ...options, width: 100 });
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(lines[1]).toMatch(/ tomorrow 09:30 \(in 21 h 27 min\)$/);
  });

  it("says that no slot comes, and where schedules are written", () => {
    const dead = { ...schedule, next: null, last: null };
    expect(scheduleTable([dead], options)[1]).toMatch(/ active +never$/);
    expect(scheduleTable([], options)).toEqual([
      "No schedules. They stand under `schedules:` in a configuration: name it with --config.",
    ]);
  });
});

describe("scheduleLines", () => {
  it("say how it stands and what to do to have it run", () => {
    expect(scheduleLines(schedule, options)).toEqual([
      "schedule morning: active, next tomorrow 09:30 (in 21 h 27 min)",
    ]);
    expect(scheduleLines(berlinSchedule, options)).toEqual([
      "schedule mail: active, next 18:00 Europe/Berlin (in 1 h 27 min)",
    ]);
    expect(scheduleLines(pausedSchedule, options)).toEqual([
      "schedule night: paused since Fri 2026-02-27 08:30",
      "Its slots are left out until: data-wrangler schedule resume night",
    ]);
    expect(scheduleLines({ ...pausedSchedule, pausedAt: null }, options)).toEqual([
      "schedule night: paused, as the configuration says",
      "Take `paused: true` out of the configuration, and have the service read it anew (SIGHUP).",
    ]);
    expect(scheduleLines({ ...schedule, next: null }, options)).toEqual([
      "schedule morning: active, but no slot comes",
    ]);
  });
});

describe("slotTable", () => {
  it("shows when each starts and what it runs", () => {
    const many = { ...comingSlot, accounts: ["a", "b", "c", "d"] };
    const zones = zonesOf([schedule, berlinSchedule]);
    expect(slotTable([berlinSchedule.next!, many], { ...options, zones })).toEqual([
      "in              at                   schedule  runs",
      "in 1 h 27 min   18:00 Europe/Berlin  mail      task mail of workflow daily for acme",
      "in 21 h 27 min  tomorrow 09:30       morning   workflow daily for 4 accounts",
    ]);
    expect(slotTable([], { ...options, zones })).toEqual([
      "No slot comes: no schedule is active, or none has slots left.",
    ]);
  });
});

describe("doctorLines", () => {
  it("show how each check came out, what to do, and sums", () => {
    expect(doctorLines(doctorReport, options)).toEqual([
      "ok       configuration  2 accounts, 1 workflow.",
      "warning  disk           1.2 GB left.",
      "                        what to do: Make room.",
      "failing  secrets        No MAIL_PASSWORD.",
      "                        No API_KEY.",
      "                        what to do: Set.",
      "",
      "1 failing, 1 warning, 1 ok",
    ]);
  });

  it("have their levels in colour without being pushed aside by it", () => {
    const [first, second] = doctorLines(doctorReport, { ...options, style: styleOf(true) });
    expect(first).toBe("\u001B[32mok\u001B[39m       configuration  2 accounts, 1 workflow.");
    expect(second).toBe("\u001B[33mwarning\u001B[39m  disk           1.2 GB left.");
  });
});
