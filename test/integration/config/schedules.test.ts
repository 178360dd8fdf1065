import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadSettings, settingsFor } from "../../../src/config/index.ts";
import { ScheduleDefinition } from "../../../src/schedule/index.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "schedules-"));
  file = join(folder, "pipeline.yaml");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function load(text: string) {
  await writeFile(file, text);
  return loadSettings(file, { env: {}, workflow: null });
}

const HOUR_MS = 3_600_000;

describe("schedules in settings", () => {
  it("have every default filled in", async () => {
    const { schedules, timeZone } = await load(
      "timeZone: Asia/Tokyo\naccounts: [{ id: a, inputs: x }]\nschedules: { daily: { at: 09:30 } }",
    );
    expect(timeZone).toBe("Asia/Tokyo");
    expect(schedules).toEqual([
      {
        name: "daily",
        workflow: "prepare",
        task: null,
        accounts: null,
        rule: { by: "times", times: ["09:30"] },
        timeZone: "Asia/Tokyo",
        days: null,
        except: [],
        overlap: "skip",
        catchUp: "last",
        windowMs: 6 * HOUR_MS,
        jitterMs: 0,
        paused: false,
      },
    ]);
    expect(ScheduleDefinition.array().parse(schedules)).toEqual(schedules);
  });

  it("say what the file says", async () => {
    const { schedules } = await load(`
accounts: [{ id: a, inputs: x }, { id: b, inputs: y }]
workflows:
  default: { tasks: { t: { kind: prepare } } }
  other: { tasks: { t: { kind: prepare } } }
schedules:
  times: { workflow: other, task: t, accounts: b, at: [13:00, 09:30:00], timeZone: UTC, days: [sun, mon-tue] }
  cron: { cron: "0 9 * * 1", overlap: queue, catchUp: all, window: 5m, jitter: 90s, paused: true }
  often: { every: 90m, accounts: [b, a] }
`);
    const [times, cron, often] = schedules;
    expect(times).toMatchObject({
      workflow: "other",
      task: "t",
      accounts: ["b"],
      rule: { by: "times", times: ["09:30", "13:00"] },
      timeZone: "UTC",
      days: ["mon", "tue", "sun"],
    });
    expect(cron).toMatchObject({
      workflow: "default",
      rule: { by: "cron", expression: "0 9 * * 1" },
      // the machine's: that of the tests
      timeZone: "America/St_Johns",
      overlap: "queue",
      catchUp: "all",
      windowMs: 300_000,
      jitterMs: 90_000,
      paused: true,
    });
    expect(often).toMatchObject({
      rule: { by: "interval", everyMs: 5_400_000 },
      accounts: ["b", "a"],
    });
  });

  it("take dates from files beside the file", async () => {
    const dates =
      "\uFEFF# bank holidays\r\n2026-12-25 Christmas\r\n\r\n12-26;Boxing Day\n2026-12-25\n";
    await writeFile(join(folder, "holidays.txt"), dates);
    const { schedules } = await load(`
accounts: [{ id: a, inputs: x }]
schedules:
  one: { at: 09:30, except: { file: holidays.txt } }
  two: { at: 09:30, except: [01-01, { file: ./holidays.txt }] }
`);
    expect(schedules.map(({ except }) => except)).toEqual([
      ["12-26", "2026-12-25"],
      ["01-01", "12-26", "2026-12-25"],
    ]);
  });

  it("tell what is wrong in such files, at the place that names them", async () => {
    const wrong = Array.from({ length: 8 }, (_, i) => `25.12.202${i}`).join("\n");
    await writeFile(join(folder, "wrong.txt"), `12-24\n${wrong}\n`);
    const text = `accounts: [{ id: a, inputs: x }]
schedules:
  s: { at: 09:30, except: [{ file: none.txt }, { file: wrong.txt }] }`;
    await expect(load(text)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      details: {
        problems: [
          expect.stringMatching(
            /:3:36 schedules\.s\.except\[0\]\.file: expected a file with dates: ENOENT/,
          ),
          expect.stringContaining(
            `:3:56 schedules.s.except[1].file: ${join(folder, "wrong.txt")}:2: expected a date`,
          ),
          ...Array.from({ length: 4 }, () => expect.stringContaining("wrong.txt:")),
          expect.stringContaining("wrong.txt: 3 more lines like these"),
        ],
      },
    });
  });

  it("that are left without a day by a file are told", async () => {
    const all = Array.from({ length: 366 }, (_, i) =>
      new Date(Date.UTC(2028, 0, 1 + i)).toISOString().slice(5, 10),
    );
    await writeFile(join(folder, "all.txt"), all.join("\n"));
    const text =
      "accounts: [{ id: a, inputs: x }]\nschedules: { s: { at: 09:30, except: { file: all.txt } } }";
    await expect(load(text)).rejects.toMatchObject({
      message: expect.stringContaining("schedules.s: expected days on which it is due"),
    });
  });
});

describe("secrets, service and times of tasks in settings", () => {
  it("lays an account's secrets over those of the top", async () => {
    const { accounts } = await load(`
secrets: { portal: PORTAL, mail: MAIL }
accounts:
  - { id: a, inputs: x, secrets: { portal: PORTAL_A } }
  - { id: b, inputs: x }
`);
    expect(accounts.map(({ secrets }) => secrets)).toEqual([
      { portal: "PORTAL_A", mail: "MAIL" },
      { portal: "PORTAL", mail: "MAIL" },
    ]);
  });

  it("has a service by default, and one as the file says", async () => {
    const plain = await load("accounts: [{ id: a, inputs: x }]");
    expect(plain.service).toEqual({
      host: "127.0.0.1",
      port: 8642,
      log: { file: null, maxSizeBytes: 10_000_000, maxFiles: 5 },
      checks: {
        diskFreeBytes: 1_000_000_000,
        memoryBytes: 1_500_000_000,
        stuckAfterMs: 2 * HOUR_MS,
        clockStepMs: 5_000,
      },
      heartbeatMs: 15_000,
    });
    const { service } = await load(`
service: { host: "::1", port: off, log: { file: logs/service.log, maxSize: 5MB }, checks: { memory: 2GB } }
accounts: [{ id: a, inputs: x }]`);
    expect(service).toMatchObject({
      host: "::1",
      port: null,
      log: { file: join(folder, "logs/service.log"), maxSizeBytes: 5_000_000 },
      checks: { memoryBytes: 2_000_000_000, clockStepMs: 5_000 },
    });
    const silent = await load("service: { port: null }\naccounts: [{ id: a, inputs: x }]");
    expect(silent.service.port).toBeNull();
  });

  it("gives tasks their times", async () => {
    const { workflows } = await load(`
accounts: [{ id: a, inputs: x }]
workflows: { w: { tasks: { t: { kind: prepare, at: 13:05, window: 5m }, u: { kind: prepare } } } }`);
    expect(
      workflows[0]?.tasks.map(({ at, windowMs, options }) => ({ at, windowMs, options })),
    ).toEqual([
      { at: "13:05", windowMs: 300_000, options: {} },
      { at: null, windowMs: null, options: {} },
    ]);
  });
});

describe("settingsFor", () => {
  it("has no schedules, and the machine's zone", () => {
    const settings = settingsFor({ input: "x.csv", output: "out", cwd: folder });
    expect(settings).toMatchObject({ schedules: [], timeZone: "America/St_Johns" });
    expect(settings.accounts[0]?.secrets).toEqual({});
    expect(settings.service.port).toBe(8642);
  });
});
