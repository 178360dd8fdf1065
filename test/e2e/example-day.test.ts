/** The example day, lived through with the real service, portal, mail server, desktop program and kills. */
import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Workbook } from "@cj-tech-master/excelts";
import { expect, onTestFinished, test } from "vitest";
import { withFolder } from "../helpers/engine.ts";

const DAY = fileURLToPath(new URL("../../examples/wifi-day/day.js", import.meta.url));
/** What a day may take of real time. */
const PATIENCE_MS = 240_000;

interface Day {
  readonly starts: number;
  readonly timeline: readonly {
    readonly at: string;
    readonly who: string;
    readonly what: string;
  }[];
  readonly finished: readonly {
    readonly at: number;
    readonly account: string;
    readonly task: string;
    readonly status: string;
    readonly attempts: number;
    readonly reason: string | null;
  }[];
  readonly mails: readonly {
    readonly to: readonly string[];
    readonly subject: string;
    readonly messageId: string;
  }[];
  readonly refusals: number;
  readonly folder: string;
}

async function livedThrough(...args: string[]): Promise<Day> {
  const folder = join(await withFolder(), "day");
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [DAY, "--json", "--out", folder, ...args], {
    maxBuffer: 64_000_000,
    timeout: PATIENCE_MS,
    killSignal: "SIGKILL",
  });
  return JSON.parse(stdout) as Day;
}

const TASKS = [
  "look-round",
  "morning",
  "afternoon",
  "prepare",
  "excel",
  "desktop",
  "email",
  "archive",
];

/** How the tasks of both accounts ended on a day, `YYYY-MM-DD` in UTC. */
function endsOf({ finished }: Day, day: string): Record<string, string> {
  return Object.fromEntries(
    finished
      .filter(({ at, task }) => new Date(at).toISOString().startsWith(day) && !task.includes("/"))
      .map(({ account, task, status }) => [`${account} ${task}`, status]),
  );
}

const namesOf = (account: string) => TASKS.map((task) => `${account} ${task}`);

const ALL_DONE: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [...namesOf("north"), ...namesOf("south")].map((name) => [name, "COMPLETED"]),
  ),
  "north alarm": "SKIPPED",
  "south alarm": "SKIPPED",
};

/** Each account's mail came once, and nothing besides. */
function expectMailsOnce({ mails }: Day): void {
  expect(mails.flatMap(({ to }) => to).toSorted()).toEqual([
    "north@example.com",
    "south@example.com",
  ]);
  expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(2);
}

async function workbookOf({ folder }: Day, account: string): Promise<Workbook> {
  const workbook = new Workbook();
  await workbook.xlsx.readFile(join(folder, "books", account, "wifi_20260302.xlsx"));
  return workbook;
}

test("a good day: files, workbooks, mails, archive, each at its time", async () => {
  const day = await livedThrough();
  expect(endsOf(day, "2026-03-02")).toMatchObject({ ...ALL_DONE, "north restart": "COMPLETED" });
  expectMailsOnce(day);
  // Switched on, and restarted in each of the two nights.
  expect(day.starts).toBe(3);

  const starts = Object.fromEntries(
    day.timeline
      .filter(({ who, what }) => who.startsWith("north") && what === "starts")
      .map(({ at, who }) => [who.slice("north ".length), at.slice(11, 16)]),
  );
  // In UTC; the day is one of Berlin's winter.
  expect(starts).toMatchObject({
    "look-round": "08:25",
    morning: "08:30",
    afternoon: "12:00",
    prepare: "12:00",
    excel: "12:05",
    desktop: "14:00",
    email: "15:00",
    restart: "01:00",
  });

  for (const account of ["north", "south"]) {
    const workbook = await workbookOf(day, account);
    expect(workbook.worksheets.map(({ name }) => name)).toEqual([
      "Morning 02Mar",
      "Afternoon 02Mar",
    ]);
    const [morning] = workbook.worksheets;
    const cleaned = await readFile(
      join(day.folder, "out", account, "morning_20260302", "cleaned.csv"),
      "utf8",
    );
    expect(morning?.rowCount).toBe(cleaned.trimEnd().split("\n").length);
    expect(morning?.getRow(1).getCell(1).value).toBe("session");
    expect(typeof morning?.getRow(2).getCell(7).value).toBe("number");
    const archive = join(day.folder, "archive", account, "2026");
    expect(await readdir(join(archive, "02Mar"))).toEqual([
      "afternoon_20260302.csv",
      "morning_20260302.csv",
    ]);
    expect(await readdir(archive)).toContain("09Mar");
    expect(await readdir(join(day.folder, "in", account))).not.toContain("morning_20260302.csv");
    const imported = await readdir(join(day.folder, "desktop", account));
    expect(imported.filter((file) => file.endsWith(".json"))).toHaveLength(1);
  }
});

test("a bad day: portal, desktop program and mail server fail at first, and all is done in the end", async () => {
  const faults = ["portal-fails", "web-page", "desktop-hangs", "mail-busy"];
  const day = await livedThrough(...faults.flatMap((fault) => ["--fault", fault]));
  expect(endsOf(day, "2026-03-02")).toMatchObject(ALL_DONE);
  expectMailsOnce(day);
  expect(day.refusals).toBe(3);
  const attempts = new Map(
    day.finished.map(({ account, task, attempts: count }) => [`${account} ${task}`, count]),
  );
  expect(attempts.get("north morning")).toBe(3);
  expect(attempts.get("north desktop")).toBe(2);
  // Closed, opened and looked after before the second attempt.
  expect(attempts.get("north desktop/recover-1.3")).toBe(1);
});

test("the power is cut at each task, and half a file comes: nothing is done twice", async () => {
  const day = await livedThrough(
    "--fault",
    "half-file",
    ...TASKS.flatMap((task) => ["--kill", task]),
  );
  expect(endsOf(day, "2026-03-02")).toMatchObject(ALL_DONE);
  expectMailsOnce(day);
  expect(day.starts).toBe(3 + TASKS.length);
  const cuts = day.timeline.filter(({ what }) => what.startsWith("the power is cut"));
  expect(cuts).toHaveLength(TASKS.length);
});

test("no portal all morning: the day stops, the operator hears of it, the next day is a good one", async () => {
  const day = await livedThrough("--days", "2", "--fault", "portal-down");
  expect(endsOf(day, "2026-03-02")).toMatchObject({
    "north morning": "FAILED",
    "north prepare": "SKIPPED",
    "north email": "SKIPPED",
    "south morning": "FAILED",
  });
  expect(endsOf(day, "2026-03-03")).toMatchObject(ALL_DONE);
  const subjects = day.mails.map(({ subject }) => subject).toSorted();
  expect(subjects).toEqual([
    "No wifi day on 2026-03-02: north",
    "No wifi day on 2026-03-02: south",
    "Wifi sessions of 2026-03-03: north",
    "Wifi sessions of 2026-03-03: south",
  ]);
});

test("the disk for workbooks is full: they are made when there is room, and whole", async (context) => {
  const books = join(await withFolder(), "books");
  await mkdir(books);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", books]);
  context.skip(mounted.status !== 0, "a small file system cannot be mounted here");
  onTestFinished(() => {
    spawnSync("umount", [books]);
  });
  const day = await livedThrough("--fault", "disk-full", "--books", books);
  expect(endsOf(day, "2026-03-02")).toMatchObject(ALL_DONE);
  expectMailsOnce(day);
  const excel = day.finished.filter(({ task }) => task === "excel");
  expect(excel.map(({ attempts }) => attempts > 1)).toEqual([true, true]);
  for (const account of ["north", "south"]) {
    expect(await readdir(join(books, account))).toEqual(["wifi_20260302.xlsx"]);
    expect(existsSync(join(day.folder, "archive", account, "2026", "02Mar"))).toBe(true);
  }
});
