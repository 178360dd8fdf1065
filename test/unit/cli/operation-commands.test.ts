import { describe, expect, it } from "vitest";
import { main } from "../../../src/cli/index.ts";
import { fakeHost } from "./fake-host.ts";
import {
  comingSlot,
  doctorReport,
  overview,
  pausedSchedule,
  schedule,
} from "./operation-samples.ts";
import { outcome } from "./outcome.ts";
import { result } from "./samples.ts";

describe("workflow", () => {
  it("is run --workflow by another name", async () => {
    const whole = await outcome(["workflow", "daily", "-c", "p.yaml"], { run: result });
    expect(whole.asked).toEqual([["run", { configPath: "p.yaml", workflow: "daily" }]]);
    expect(whole.said).toContain("completed: 1 of 1 account");
    const part = ["workflow", "daily", "-c", "p", "--account", "a", "--from", "load"];
    expect((await outcome(part, { run: result })).asked).toEqual([
      ["run", { configPath: "p", workflow: "daily", accounts: ["a"], select: { from: "load" } }],
    ]);
    const plan = { workflow: "daily", accounts: [] };
    const dry = await outcome(["workflow", "daily", "-c", "p", "--dry-run"], { plan });
    expect(dry.asked).toEqual([["plan", { configPath: "p", workflow: "daily" }]]);
  });

  it("ends as run does", async () => {
    const failed = { ...result, run: { ...result.run, status: "FAILED" } };
    const { said } = await outcome(["workflow", "daily", "-c", "p"], { run: failed }, 1);
    expect(said).toContain("failed: 1 of 1 account");
  });
});

describe("status without a run", () => {
  const answers = { overview, schedules: [schedule, pausedSchedule] };

  it("shows how all stands", async () => {
    const { asked, said } = await outcome(["status"], answers);
    expect(asked).toEqual([
      ["overview", undefined],
      ["schedules", undefined],
    ]);
    expect(said).toContain("service: alive since 10:48");
    expect(said).toContain("1 schedule paused: night");
    const { asked: of } = await outcome(["status", "-c", "p.yaml"], answers);
    expect(of).toEqual([
      ["overview", "p.yaml"],
      ["schedules", "p.yaml"],
    ]);
  });

  it("is the overview with --json", async () => {
    const { said } = await outcome(["status", "--json"], { overview });
    expect(JSON.parse(said)).toEqual({ ok: true, ...overview });
  });
});

describe("schedule", () => {
  it("lists schedules", async () => {
    const list = ["schedule", "list", "-c", "p.yaml"];
    const { asked, said } = await outcome(list, { schedules: [schedule] });
    expect(asked).toEqual([["schedules", "p.yaml"]]);
    expect(said).toMatch(/^schedule +rule.*\nmorning +at 09:30/);
    const json = await outcome(["schedule", "list", "--json"], { schedules: [schedule] });
    expect(json.asked).toEqual([["schedules", undefined]]);
    expect(JSON.parse(json.said)).toEqual({ ok: true, schedules: [schedule] });
  });

  it("shows the slots that come next", async () => {
    const answers = { comingSlots: [comingSlot], schedules: [schedule] };
    const { asked, said } = await outcome(["schedule", "next"], answers);
    expect(asked).toEqual([
      ["comingSlots", { count: 10 }],
      ["schedules", undefined],
    ]);
    expect(said).toContain("in 21 h 27 min  tomorrow 09:30  morning");
    const argv = ["schedule", "next", "morning", "--count", "3", "-c", "p", "--json"];
    const one = await outcome(argv, { comingSlots: [comingSlot] });
    expect(one.asked).toEqual([
      ["comingSlots", { configPath: "p", schedule: "morning", count: 3 }],
    ]);
    expect(JSON.parse(one.said)).toEqual({ ok: true, slots: [comingSlot] });
  });

  it("pauses and resumes", async () => {
    const paused = await outcome(["schedule", "pause", "night"], { pauseSchedule: pausedSchedule });
    expect(paused.asked).toEqual([["pauseSchedule", "night", undefined]]);
    expect(paused.said).toContain("schedule night: paused since");
    const resume = ["schedule", "resume", "morning", "-c", "p", "--json"];
    const resumed = await outcome(resume, { resumeSchedule: schedule });
    expect(resumed.asked).toEqual([["resumeSchedule", "morning", "p"]]);
    expect(JSON.parse(resumed.said)).toEqual({ ok: true, schedule });
  });

  it("runs what a schedule runs, and ends as run does", async () => {
    const trigger = ["schedule", "trigger", "morning", "-c", "p"];
    const { asked, said } = await outcome(trigger, { trigger: result });
    expect(asked).toEqual([["trigger", "morning", "p"]]);
    expect(said).toContain("completed: 1 of 1 account");
    const waiting = { ...result, run: { ...result.run, status: "WAITING" } };
    await outcome(trigger, { trigger: waiting }, 75);
  });
});

describe("doctor", () => {
  const [ok, warning, failing] = doctorReport.checks;

  it("prints what it found, and ends with 0 when nothing is failing", async () => {
    const well = { ...doctorReport, checks: [ok, warning] };
    const { said } = await outcome(["doctor", "-c", "p.yaml"], { doctor: well });
    expect(said).toContain("1 warning, 1 ok");
    const json = await outcome(["doctor", "--network", "--json"], { doctor: well });
    expect(JSON.parse(json.said)).toEqual({ ok: true, ...well });
  });

  it.each([
    [
      ["-c", "p.yaml"],
      ["p.yaml", false],
    ],
    [["--network"], [undefined, true]],
  ])("asks the app for what %j says", async (flags, expected) => {
    const asked: unknown[] = [];
    const host = fakeHost({
      doctor(configPath, options) {
        asked.push(configPath, options?.network);
        return Promise.resolve({ ...doctorReport, checks: [] });
      },
    });
    expect(await main(["doctor", ...flags], host)).toBe(0);
    expect(asked).toEqual(expected);
  });

  it("ends with 78 when the configuration does not hold, with 1 for all else", async () => {
    const { said } = await outcome(["doctor", "--json"], { doctor: doctorReport }, 1);
    expect(JSON.parse(said)).toMatchObject({ ok: false, checks: doctorReport.checks });
    const broken = { ...doctorReport, checks: [{ ...failing, name: "configuration" }, failing] };
    await outcome(["doctor"], { doctor: broken }, 78);
  });

  it("is not waited for any longer after an interruption", async () => {
    const host = fakeHost({
      doctor() {
        queueMicrotask(() => host.interrupt());
        return new Promise(() => undefined);
      },
    });
    expect(await main(["doctor"], host)).toBe(130);
  });
});

describe("usage", () => {
  it.each([
    [["schedule", "lst"], "unknown command 'lst' (Did you mean list?)"],
    [["schedule", "pause"], "missing required argument 'name'"],
    [["schedule", "next", "--count", "0"], "Expected a whole number from 1 to 1000."],
    [["workflow", "daily"], "required option '-c, --config <file>' not specified"],
    [["workflow", "-c", "p"], "missing required argument 'name'"],
    [["service"], "required option '-c, --config <file>' not specified"],
    [["service", "-c", "p", "--port", "70000"], "Expected a port, 0 to 65535."],
    [["service", "-c", "p", "--no-http", "--port", "1"], "expected either --no-http or --host"],
    [["status", "r1", "-c", "p"], "expected either a run or --config, got both"],
    [["docter"], "unknown command 'docter' (Did you mean doctor?)"],
  ])("refuses %j with 2", async (argv, said) => {
    const host = fakeHost();
    expect(await main(argv, host)).toBe(2);
    expect(host.stderr.text).toContain(said);
    expect(host.loaded).toEqual([]);
  });

  it("of schedule alone is shown", async () => {
    const host = fakeHost();
    expect(await main(["schedule"], host)).toBe(2);
    expect(host.stderr.text).toContain("Usage: data-wrangler schedule");
  });
});
