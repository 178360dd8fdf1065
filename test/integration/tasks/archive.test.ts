import { fork } from "node:child_process";
import { once } from "node:events";
import {
  chmod,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { TaskContext } from "../../../src/tasks/index.ts";
import { archive } from "../../../src/tasks/archive/index.ts";
import { withFolder } from "../../helpers/engine.ts";
import { memoryJournal } from "../../helpers/memory-journal.ts";
import { taskContext } from "../../helpers/task-context.ts";

type Changes = Partial<Pick<TaskContext<never>, "scheduledAt" | "timeZone">>;

interface Parts extends Changes {
  readonly journal?: ReturnType<typeof memoryJournal>;
  readonly signal?: AbortSignal;
}

/** Run options as they stand in a file, in a run of 1 March 2026. */
async function ran(folder: string, options: object, parts: Parts = {}) {
  const { scheduledAt, timeZone, ...rest } = parts;
  const checked = archive.options.parse({ to: "archive/{yyyy}/{ddMMM}", ...options });
  const context = taskContext({ options: checked, folder, ...rest });
  return archive.run({
    ...context,
    ...(scheduledAt === undefined ? {} : { scheduledAt }),
    ...(timeZone === undefined ? {} : { timeZone }),
  });
}

/** All files below a folder with what they hold, by their paths; of a link, where it leads. */
async function tree(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of (await readdir(folder, { recursive: true })).toSorted()) {
    const path = join(folder, name);
    const at = await lstat(path);
    if (at.isSymbolicLink()) found[name] = `→ ${await readlink(path)}`;
    else if (at.isFile()) found[name] = await readFile(path, "utf8");
  }
  return found;
}

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await withFolder();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

const failing = (code: string, text = "") =>
  expect.objectContaining({ code, message: expect.stringContaining(text) });

const DAY = "archive/2026/01Mar";

describe("files", () => {
  it("are moved into the folder of the day of the run", async () => {
    const folder = await folderWith({ "in/a.csv": "a", "in/b.csv": "bb", "in/c.txt": "c" });
    const at = new Date("2026-02-03T04:05:06Z");
    await utimes(join(folder, "in", "a.csv"), at, at);

    const results = await ran(folder, { files: "in/*.csv" });

    expect(await tree(folder)).toEqual({
      "in/c.txt": "c",
      [`${DAY}/a.csv`]: "a",
      [`${DAY}/b.csv`]: "bb",
    });
    expect(results).toEqual({
      files: [join(folder, DAY, "a.csv"), join(folder, DAY, "b.csv")],
      folders: [join(folder, DAY)],
      left: [],
      moved: 2,
      bytes: 3,
      deleted: 0,
    });
    expect((await stat(join(folder, DAY, "a.csv"))).mtime).toEqual(at);
  });

  it("are named by paths, patterns and parts of the date", async () => {
    const folder = await folderWith({
      "in/wifi_20260301.csv": "1",
      "in/wifi_20260228.csv": "2",
      "in/{odd}.csv": "3",
      "in/x[1].csv": "4",
    });
    const files = ["in/wifi_{yyyyMMdd}.csv", join(folder, "in/{odd}.csv"), "in/x[1].csv", "no/*"];
    await ran(folder, { files });
    expect(Object.keys(await tree(folder))).toEqual([
      `${DAY}/wifi_20260301.csv`,
      `${DAY}/x[1].csv`,
      `${DAY}/{odd}.csv`,
      "in/wifi_20260228.csv",
    ]);
  });

  it("go by the day of the run's own zone", async () => {
    const folder = await folderWith({ "a.csv": "a" });
    await ran(
      folder,
      { files: "a.csv" },
      { scheduledAt: "2026-02-28T23:30:00Z", timeZone: "Asia/Tokyo" },
    );
    expect(await tree(folder)).toEqual({ [`${DAY}/a.csv`]: "a" });
  });

  it("may be copied", async () => {
    const folder = await folderWith({ "a.csv": "a" });
    await chmod(join(folder, "a.csv"), 0o640);
    const at = new Date("2026-02-03T04:05:06Z");
    await utimes(join(folder, "a.csv"), at, at);
    await ran(folder, { files: "a.csv", mode: "copy" });
    expect(await tree(folder)).toEqual({ "a.csv": "a", [`${DAY}/a.csv`]: "a" });
    const copy = await stat(join(folder, DAY, "a.csv"));
    expect([copy.mtime, copy.mode & 0o777]).toEqual([at, 0o640]);
  });

  it("may be packed, each for itself", async () => {
    const folder = await folderWith({ "a.csv": "a".repeat(10_000) });
    await writeFile(join(folder, "b.csv.gz"), gzipSync("b"));
    const options = { files: ["*.csv", "*.gz"], compress: "gzip" };
    const results = await ran(folder, options);
    const packed = await readFile(join(folder, DAY, "a.csv.gz"));
    expect(packed.length).toBeLessThan(200);
    expect(gunzipSync(packed).toString()).toBe("a".repeat(10_000));
    expect(gunzipSync(await readFile(join(folder, DAY, "b.csv.gz"))).toString()).toBe("b");
    expect(results).toMatchObject({ moved: 2, bytes: 10_000 + gzipSync("b").length });
    expect((await readdir(folder)).toSorted()).toEqual(["archive"]);
  });

  it("that do not exist fail the task, unless a pattern finds none", async () => {
    const folder = await withFolder();
    await expect(ran(folder, { files: ["gone.csv"] })).rejects.toEqual(failing("INPUT_MISSING"));
    expect(await ran(folder, { files: ["*.csv"] })).toMatchObject({ files: [], folders: [] });
    expect(await readdir(folder)).toEqual([]);
  });

  it("that are there already are left alone", async () => {
    const folder = await folderWith({ [`${DAY}/a.csv`]: "a" });
    const results = await ran(folder, { files: `${DAY}/*.csv` });
    expect(results).toMatchObject({ moved: 0, files: [join(folder, DAY, "a.csv")] });
    expect(await tree(folder)).toEqual({ [`${DAY}/a.csv`]: "a" });
  });

  it("go to another disk", async () => {
    // /dev/shm is one on Linux; elsewhere the folder is on the same disk.
    const folder = await folderWith({ "in/a.csv": "a", "in/b.csv": "b" });
    const shared = process.platform === "linux" ? `/dev/shm/${folder.split("/").at(-1)}` : folder;
    try {
      await ran(folder, { files: "in/*", to: `${shared}/{ddMMM}` });
      await writeFile(join(folder, "in", "a.csv"), "new");
      await ran(folder, { files: "in/*", to: `${shared}/{ddMMM}`, onConflict: "replace" });
      expect(await tree(shared)).toMatchObject({ "01Mar/a.csv": "new", "01Mar/b.csv": "b" });
      expect(await readdir(join(folder, "in"))).toEqual([]);
    } finally {
      await rm(shared, { recursive: true, force: true });
    }
  });
});

describe("a name that is taken", () => {
  const given = { "a.csv": "new", [`${DAY}/a.csv`]: "old" };

  it("by the same bytes needs nothing", async () => {
    const same = { "a.csv": "old", [`${DAY}/a.csv`]: "old" };
    for (const onConflict of ["rename", "replace", "keep", "fail"]) {
      const folder = await folderWith(same);
      const results = await ran(folder, { files: "a.csv", onConflict });
      expect(await tree(folder)).toEqual({ [`${DAY}/a.csv`]: "old" });
      expect(results).toMatchObject({ moved: 0, files: [join(folder, DAY, "a.csv")] });
    }
  });

  it("by the same bytes, packed, needs nothing", async () => {
    const folder = await folderWith({ "a.csv": "old" });
    await mkdir(join(folder, DAY), { recursive: true });
    await writeFile(join(folder, DAY, "a.csv.gz"), gzipSync("old", { level: 1 }));
    await ran(folder, { files: "a.csv", compress: "gzip" });
    expect(Object.keys(await tree(folder))).toEqual([`${DAY}/a.csv.gz`]);
  });

  it.each([
    ["something that is not packed", Buffer.from("old")],
    ["something cut off", gzipSync("new").subarray(0, 15)],
    ["something else", gzipSync("old")],
    ["something that unpacks to very much", gzipSync(Buffer.alloc(50_000_000))],
  ])("by %s gives a packed file a number", async (_what, there) => {
    const folder = await folderWith({ "a.csv": "new" });
    await mkdir(join(folder, DAY), { recursive: true });
    await writeFile(join(folder, DAY, "a.csv.gz"), there);
    await ran(folder, { files: "a.csv", compress: "gzip" });
    expect(await readFile(join(folder, DAY, "a.csv.gz"))).toEqual(there);
    expect(gunzipSync(await readFile(join(folder, DAY, "a-2.csv.gz"))).toString()).toBe("new");
  });

  it("gives the new file a number", async () => {
    const folder = await folderWith({ ...given, [`${DAY}/a-2.csv`]: "older", Makefile: "x" });
    await writeFile(join(folder, DAY, "Makefile"), "y");
    await ran(folder, { files: ["a.csv", "Makefile"] });
    expect(await tree(folder)).toEqual({
      [`${DAY}/a.csv`]: "old",
      [`${DAY}/a-2.csv`]: "older",
      [`${DAY}/a-3.csv`]: "new",
      [`${DAY}/Makefile`]: "y",
      [`${DAY}/Makefile-2`]: "x",
    });
  });

  it("by another file of the same task does too", async () => {
    const folder = await folderWith({ "1/a.csv": "1", "2/a.csv": "2", "3/a.csv": "1" });
    const results = await ran(folder, { files: "*/a.csv" });
    expect(await tree(join(folder, DAY))).toEqual({ "a.csv": "1", "a-2.csv": "2" });
    expect(results).toMatchObject({ moved: 2, bytes: 3 });
  });

  it("goes to the new file", async () => {
    const folder = await folderWith(given);
    await ran(folder, { files: "a.csv", onConflict: "replace" });
    expect(await tree(folder)).toEqual({ [`${DAY}/a.csv`]: "new" });
  });

  it("stays with the old file", async () => {
    const folder = await folderWith(given);
    const results = await ran(folder, { files: "a.csv", onConflict: "keep" });
    expect(await tree(folder)).toEqual(given);
    expect(results).toMatchObject({ files: [], left: [join(folder, "a.csv")], moved: 0 });
  });

  it("fails the task, with both as they were", async () => {
    const folder = await folderWith(given);
    await expect(ran(folder, { files: "a.csv", onConflict: "fail" })).rejects.toEqual(
      failing("OUTPUT_UNWRITABLE", "there already"),
    );
    const { ["archive-plan.json"]: _plan, ...files } = await tree(folder);
    expect(files).toEqual(given);
  });

  it.each(["rename", "replace"])("by a link is not followed (%s)", async (onConflict) => {
    const folder = await folderWith({ "a.csv": "new", "outside.csv": "outside" });
    await mkdir(join(folder, DAY), { recursive: true });
    await symlink(join(folder, "outside.csv"), join(folder, DAY, "a.csv"));
    await ran(folder, { files: "a.csv", onConflict });
    expect((await tree(folder))["outside.csv"]).toBe("outside");
    expect(Object.values(await tree(join(folder, DAY)))).toContain("new");
  });

  it("of many tasks at once keeps all of their files", async () => {
    const folders = await Promise.all(
      Array.from({ length: 8 }, (_, i) => folderWith({ "a.csv": `account ${i}` })),
    );
    const shared = await withFolder();
    await Promise.all(
      folders.map((folder) => ran(folder, { files: "a.csv", to: `${shared}/{ddMMM}` })),
    );
    expect(Object.values(await tree(shared)).toSorted()).toEqual(
      folders.map((_, i) => `account ${i}`),
    );
  });
});

async function made(folder: string): Promise<string[]> {
  return (await readdir(join(folder, "archive"), { recursive: true })).toSorted();
}

describe("folders", () => {
  it("are made for the days ahead, over the ends of months and years", async () => {
    const folder = await withFolder();
    const results = await ran(
      folder,
      { to: "archive/{yyyy}/{ddMMM}", createAhead: 3 },
      { scheduledAt: "2026-12-30T22:30:00Z", timeZone: "Europe/Berlin" },
    );
    const days = ["2026/30Dec", "2026/31Dec", "2027/01Jan", "2027/02Jan"];
    expect(await made(folder)).toEqual(["2026", ...days.slice(0, 2), "2027", ...days.slice(2)]);
    expect(results).toEqual({
      files: [],
      folders: days.map((day) => join(folder, "archive", day)),
      left: [],
      moved: 0,
      bytes: 0,
      deleted: 0,
    });
  });

  it.each([
    ["2026-03-28T22:59:00Z", ["0328", "0329", "0330", "0331"]],
    ["2026-03-28T23:01:00Z", ["0329", "0330", "0331", "0401"]],
    ["2026-10-24T22:01:00Z", ["1025", "1026", "1027", "1028"]],
  ])("leave out no day when the clock changes (%s)", async (scheduledAt, days) => {
    const folder = await withFolder();
    const timeZone = "Europe/Berlin";
    await ran(folder, { to: "archive/{MMdd}", createAhead: 3 }, { scheduledAt, timeZone });
    expect(await made(folder)).toEqual(days);
  });

  it.each(["../archive/{ddMMM}", "archive/../../{ddMMM}", "archive\\..\\{ddMMM}", "a\nb/{ddMMM}"])(
    "do not lead outside: %j",
    async (to) => {
      const folder = await folderWith({ "in/a.csv": "a" });
      await expect(ran(join(folder, "in"), { files: "a.csv", to })).rejects.toEqual(
        failing("PATH_OUTSIDE"),
      );
      expect(await tree(folder)).toEqual({ "in/a.csv": "a" });
    },
  );

  it("are not made behind links", async () => {
    const folder = await folderWith({ "a.csv": "a", "elsewhere/x": "x" });
    await mkdir(join(folder, "archive"));
    await symlink(join(folder, "elsewhere"), join(folder, "archive", "2026"));
    await expect(ran(folder, { files: "a.csv" })).rejects.toEqual(
      failing("PATH_OUTSIDE", "symbolic link"),
    );
    expect(await readdir(join(folder, "elsewhere"))).toEqual(["x"]);
  });

  it("are not taken for files, nor links for what they lead to", async () => {
    const folder = await folderWith({ "secret.txt": "secret", "in/a.csv": "a" });
    await symlink(join(folder, "secret.txt"), join(folder, "in", "b.csv"));
    await expect(ran(folder, { files: "in/*.csv" })).rejects.toEqual(
      failing("PATH_OUTSIDE", "b.csv is a symbolic link"),
    );
    expect(await tree(folder)).toMatchObject({ "secret.txt": "secret", "in/a.csv": "a" });
  });
});

describe("what was kept long enough", () => {
  const keep = { keep: "30d", createAhead: 2 };

  it("is deleted with its folders; nothing else is", async () => {
    const there = {
      "archive/2026/29Jan/young.csv": "y",
      "archive/2026/30Jan/younger.csv": "y",
      "archive/2026/29Jan.txt": "no folder of ours",
      "archive/2025/notes/readme.txt": "no day",
      "archive/2025/28Jan/deep/old.csv": "below a folder that we did not make",
      "archive/2025/28Jan/.hidden": "hidden",
      "archive/28Jan/old.csv": "not in a year",
      "archive/2026/28jan/old.csv": "not written as we do",
      "2026/01Jan/old.csv": "not in the archive",
    };
    const old = {
      "archive/2026/28Jan/old.csv": "o",
      "archive/2026/28Jan/.archive-0123456789abcdef.tmp": "left by a killed one",
      "archive/2025/28Jan/old.csv": "o",
      "archive/2019/05May/very-old.csv": "o",
    };
    const folder = await folderWith({ ...there, ...old, "elsewhere/28Jan/x.csv": "x" });
    await mkdir(join(folder, "archive/2025/06May"));
    await symlink(join(folder, "elsewhere"), join(folder, "archive/2024"));
    await symlink(join(folder, "2026/01Jan/old.csv"), join(folder, "archive/2025/28Jan/link.csv"));
    const before = await tree(folder);

    const results = await ran(folder, keep, { scheduledAt: "2026-02-28T10:00:00Z" });

    const after = await tree(folder);
    for (const path of Object.keys(old)) delete before[path];
    expect(after).toEqual(before);
    expect(results).toMatchObject({ deleted: 4 });
    expect((await readdir(join(folder, "archive"))).toSorted()).toEqual([
      "2024",
      "2025",
      "2026",
      "28Jan",
    ]);
    expect((await readdir(join(folder, "archive/2025"))).toSorted()).toEqual(["28Jan", "notes"]);
  });

  it("is kept as long as its folder may hold something younger", async () => {
    const there = {
      "archive/2026/01/x.csv": "January has days that are kept",
      "byday/27Feb/x.csv": "of this year or the last",
      "byday/01Mar/x.csv": "made ahead",
    };
    const folder = await folderWith({
      ...there,
      "archive/2025/12/x.csv": "",
      "byday/02Mar/x.csv": "",
    });
    const at = { scheduledAt: "2026-02-28T10:00:00Z" };
    await ran(folder, { to: "archive/{yyyy}/{MM}", keep: "30d" }, at);
    await ran(folder, { to: "byday/{ddMMM}", keep: "30d", createAhead: 1 }, at);
    expect(await tree(folder)).toEqual(there);
  });

  it.each([
    [{ to: "archive", keep: "30d" }, "parts of the date"],
    [{ to: "archive/{{yyyy}}", keep: "30d" }, "parts of the date"],
    [{ to: "archive/{yyyyMMdd}/{HHmm}", keep: "30d" }, "none of the time"],
    [{ to: "archive/{yyyyMMdd-HH}", createAhead: 1 }, "none of the time"],
    [{ to: "archive/{ddMMM}", keep: "12h" }, "at least one day"],
    [{ to: "archive/{nonsense}" }, "expected parts"],
    [{ to: "" }, ""],
    [{ to: "a", createAhead: -1 }, ""],
    [{ to: "a", onConflict: "ask" }, ""],
  ])("and other options have to make sense: %j", (options, message) => {
    expect(archive.options.safeParse(options).error?.issues[0]?.message).toContain(message);
  });
});

describe("an attempt that was broken off", () => {
  it("is gone on with: what was moved is found by its bytes", async () => {
    const folder = await folderWith({ "in/a.csv": "a", "in/b.csv": "b" });
    const journal = memoryJournal();
    // The second file cannot be moved: something that no file can take the place of is in its way.
    await mkdir(join(folder, DAY, "b.csv"), { recursive: true });
    const options = { files: ["in/a.csv", "in/b.csv"], onConflict: "fail" };
    await expect(ran(folder, options, { journal })).rejects.toEqual(failing("OUTPUT_UNWRITABLE"));
    await rm(join(folder, DAY, "b.csv"), { recursive: true });

    const results = await ran(folder, options, { journal });

    expect(await tree(folder)).toEqual({ [`${DAY}/a.csv`]: "a", [`${DAY}/b.csv`]: "b" });
    expect(results).toMatchObject({ moved: 2, bytes: 2 });
    expect(journal.effects("own")).toMatchObject([{ effect: "archive", status: "DONE" }]);
    expect(await ran(folder, options, { journal })).toEqual(results);
  });

  it("between the two names of a file leaves one", async () => {
    const folder = await folderWith({ "in/a.csv": "a" });
    await mkdir(join(folder, DAY), { recursive: true });
    await link(join(folder, "in/a.csv"), join(folder, DAY, "a.csv"));
    await ran(folder, { files: "in/*" });
    expect(await tree(folder)).toEqual({ [`${DAY}/a.csv`]: "a" });
  });

  it("says so when a file is neither here nor there", async () => {
    const folder = await folderWith({ "in/a.csv": "a", "in/b.csv": "b" });
    const journal = memoryJournal();
    await mkdir(join(folder, DAY, "b.csv"), { recursive: true });
    const options = { files: ["in/a.csv", "in/b.csv"], onConflict: "fail" };
    await expect(ran(folder, options, { journal })).rejects.toEqual(failing("OUTPUT_UNWRITABLE"));
    await rename(join(folder, DAY, "a.csv"), join(folder, "elsewhere.csv"));
    await expect(ran(folder, options, { journal })).rejects.toEqual(
      failing("INPUT_MISSING", "a.csv was to be put away"),
    );
    expect((await tree(folder))["elsewhere.csv"]).toBe("a");
  });

  it("by its signal stops between two files", async () => {
    const folder = await folderWith({ "a.csv": "a" });
    const signal = AbortSignal.abort(new Error("time is up"));
    await expect(ran(folder, { files: "a.csv" }, { signal })).rejects.toThrow("time is up");
    expect(await tree(folder)).toEqual({ "a.csv": "a" });
  });

  it.each([
    ["move", {}],
    ["move", { compress: "gzip" }],
    ["move", { to: "/dev/shm/FOLDER/{ddMMM}" }],
  ])(
    "by a kill at any moment loses and doubles nothing (%s, %j)",
    { timeout: 180_000 },
    async (mode, more) => {
      const count = 40;
      const files: Record<string, string> = {};
      for (let i = 0; i < count; i++)
        files[`in/${i % 2}/file${i >> 1}.csv`] = `${i}\n`.repeat(20_000);
      const folder = await folderWith(files);
      const options = JSON.stringify({
        files: "in/**/*.csv",
        to: "archive/{ddMMM}",
        mode,
        ...more,
      }).replace("FOLDER", folder.split("/").at(-1) ?? "");
      const target = JSON.parse(options).to.replace("{ddMMM}", "01Mar");
      const root = target.startsWith("/") ? target : join(folder, target);
      try {
        let kills = 0;
        for (let waitMs = 20; ; waitMs *= 2.2) {
          const code = await killedAfter(folder, options, waitMs);
          if (code === 0) break;
          kills++;
        }
        expect(kills).toBeGreaterThan(0);
        const held = await Promise.all(
          (await readdir(root)).map(async (name) => {
            const bytes = await readFile(join(root, name));
            return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
          }),
        );
        expect(held.toSorted()).toEqual(Object.values(files).toSorted());
        const left = Object.keys(await tree(join(folder, "in")));
        expect(left).toHaveLength(mode === "copy" ? count : 0);
      } finally {
        if (target.startsWith("/dev/shm/"))
          await rm(join(root, ".."), { recursive: true, force: true });
      }
    },
  );
});

const PROGRAM = fileURLToPath(new URL("../../programs/archive-files.ts", import.meta.url));

/** Exit code of an attempt in a process of its own, which is killed once it has been at work so long. */
async function killedAfter(
  folder: string,
  options: string,
  waitMs: number,
): Promise<number | null> {
  const child = fork(PROGRAM, [folder, options], {
    execArgv: ["--import", "tsx"],
    stdio: "inherit",
  });
  const exit = once(child, "exit");
  await Promise.race([once(child, "message"), exit]);
  await Promise.race([pause(waitMs), exit]);
  child.kill("SIGKILL");
  const [code] = await exit;
  return code;
}
