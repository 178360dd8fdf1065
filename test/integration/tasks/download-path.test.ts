import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import {
  chmod,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ranDownload, savedNames, sha256 } from "../../helpers/download.ts";
import { withFolder } from "../../helpers/engine.ts";
import { memoryJournal } from "../../helpers/memory-journal.ts";

const OLD = new Date("2026-02-01T00:00:00Z");

/** A folder with files in `drop`, by name. */
async function withDrop(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await withFolder();
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, "drop", name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    await utimes(path, OLD, OLD);
  }
  return folder;
}

const text = (folder: string, path: string) => readFile(join(folder, path), "utf8");

describe("a file of this machine", () => {
  it("is copied, and stays where it is", async () => {
    const folder = await withDrop({ "a.csv": "1" });
    const results = await ranDownload(folder, { from: "drop/a.csv", saveAs: "{stem}_{dd}{ext}" });
    const file = join(folder, "in/a_01.csv");
    expect(results).toEqual({
      files: [file],
      sources: [
        {
          source: join(folder, "drop/a.csv"),
          file,
          bytes: 1,
          sha256: sha256("1"),
          status: "copied",
        },
      ],
      bytes: 1,
      unchanged: false,
    });
    expect([await text(folder, "drop/a.csv"), await text(folder, "in/a_01.csv")]).toEqual([
      "1",
      "1",
    ]);
  });

  it("is one of several by a pattern or a part of the time, in the order of their names", async () => {
    const folder = await withDrop({
      "b_20260301.csv": "b",
      "a_20260301.csv": "a",
      "sub/c_20260301.csv": "c",
      "a_20260228.csv": "old",
      ".hidden_20260301.csv": "no",
    });
    const { files } = await ranDownload(folder, {
      from: [
        "drop/**/*_{yyyyMMdd}.csv",
        { path: "drop/a_{yyyyMMdd-1d}.csv", saveAs: "before.csv" },
      ],
    });
    const names = files.map((file) => file.slice(join(folder, "in/").length));
    expect(names).toEqual(["a_20260301.csv", "b_20260301.csv", "c_20260301.csv", "before.csv"]);
  });

  it("is empty, and is copied all the same, unless it has to have something in it", async () => {
    const folder = await withDrop({ "a.csv": "" });
    expect((await ranDownload(folder, { from: "drop/a.csv" })).bytes).toBe(0);
    await expect(
      ranDownload(folder, { from: "drop/a.csv", minSize: "1KB", saveAs: "b.csv" }),
    ).rejects.toMatchObject({ code: "DOWNLOAD_INVALID" });
    expect(await savedNames(folder)).toEqual(["a.csv"]);
  });

  it("is copied again only when it has changed", async () => {
    const folder = await withDrop({ "a.csv": "1", "b.csv": "2" });
    const from = "drop/*.csv";
    const run = async (runId: string) => {
      const { sources, unchanged } = await ranDownload(folder, { from }, { runId });
      return [...sources.map(({ status }) => status), unchanged];
    };
    expect(await run("run-1")).toEqual(["copied", "copied", false]);
    // An attempt that is made again tells the same.
    expect(await run("run-1")).toEqual(["copied", "copied", false]);
    expect(await run("run-2")).toEqual(["unchanged", "unchanged", true]);
    await writeFile(join(folder, "drop/b.csv"), "3");
    expect(await run("run-3")).toEqual(["unchanged", "copied", false]);
    expect(await text(folder, "in/b.csv")).toBe("3");
    // Touched only: its bytes are the same.
    await utimes(join(folder, "drop/b.csv"), OLD, new Date(0));
    expect(await run("run-4")).toEqual(["unchanged", "unchanged", true]);
    // Gone here: it is copied although it has not changed there.
    await rm(join(folder, "in/a.csv"));
    expect(await run("run-5")).toEqual(["copied", "unchanged", false]);
  });

  it.each([
    [{ from: "drop/none.csv" }],
    [{ from: "drop/*.txt" }],
    [{ from: "drop" }],
    [{ from: { path: "drop/*.csv", unchangedFor: "1h" } }],
  ])("is missing: %j", async (options) => {
    const folder = await withDrop({});
    await mkdir(join(folder, "drop"));
    await writeFile(join(folder, "drop/new.csv"), "being written");
    await expect(ranDownload(folder, options)).rejects.toMatchObject({ code: "INPUT_MISSING" });
  });

  it.each(["drop/none.csv", "drop/*.txt"])(
    "may be missing where that is said: %s",
    async (path) => {
      const folder = await withDrop({ "a.csv": "1" });
      for (const move of [false, true]) {
        const results = await ranDownload(folder, { from: { path, move, allowNone: true } });
        expect(results).toEqual({ files: [], sources: [], bytes: 0, unchanged: true });
      }
    },
  );

  it("is too big, or has another checksum: it stays where it is, moved or not", async () => {
    const folder = await withDrop({ "a.csv": "x".repeat(2_000) });
    for (const move of [false, true]) {
      const from = { path: "drop/a.csv", move };
      for (const check of [{ maxSize: "1KB" }, { minSize: "3KB" }, { sha256: "0".repeat(64) }]) {
        await expect(ranDownload(folder, { from, ...check })).rejects.toMatchObject({
          code: "DOWNLOAD_INVALID",
        });
      }
    }
    expect(await savedNames(folder)).toEqual([]);
    expect(existsSync(join(folder, "drop/a.csv"))).toBe(true);
  });

  it("does not replace another one when that is to stay", async () => {
    const folder = await withDrop({ "a.csv": "new" });
    await mkdir(join(folder, "in"));
    await writeFile(join(folder, "in/a.csv"), "mine");
    for (const move of [false, true]) {
      const from = { path: "drop/a.csv", move };
      const { sources } = await ranDownload(folder, { from, overwrite: "keep" });
      expect(sources[0]).toMatchObject({ status: "unchanged", sha256: sha256("mine") });
      await expect(ranDownload(folder, { from, overwrite: "fail" })).rejects.toMatchObject({
        code: "OUTPUT_UNWRITABLE",
      });
    }
    expect([await text(folder, "in/a.csv"), await text(folder, "drop/a.csv")]).toEqual([
      "mine",
      "new",
    ]);
  });

  it.each([false, true])("is not taken for its own copy (move: %s)", async (move) => {
    const folder = await withDrop({ "a.csv": "1" });
    const options = { from: { path: "drop/a.csv", move }, to: "drop" };
    await expect(ranDownload(folder, options)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("onto itself"),
    });
    expect(await text(folder, "drop/a.csv")).toBe("1");
  });

  it("does not get out by a link", async () => {
    const folder = await withDrop({ "a.csv": "1" });
    const elsewhere = await withFolder();
    await mkdir(join(folder, "in"));
    await symlink(elsewhere, join(folder, "in/sub"));
    const options = { from: "drop/a.csv", saveAs: "sub/{name}" };
    await expect(ranDownload(folder, options)).rejects.toMatchObject({
      code: "PATH_OUTSIDE",
      message: expect.stringContaining("link"),
    });
    expect(existsSync(join(elsewhere, "a.csv"))).toBe(false);
  });

  it("is not written through a link of its name", async () => {
    const folder = await withDrop({ "a.csv": "new", "precious.txt": "precious" });
    await mkdir(join(folder, "in"));
    await symlink(join(folder, "drop/precious.txt"), join(folder, "in/a.csv"));
    await ranDownload(folder, { from: "drop/a.csv" });
    expect(await text(folder, "drop/precious.txt")).toBe("precious");
    expect((await lstat(join(folder, "in/a.csv"))).isFile()).toBe(true);
  });

  it("does not fit on the disk: nothing is left of it", async ({ skip }) => {
    const folder = await withDrop({ "a.csv": "x".repeat(1_000_000) });
    const disk = join(folder, "in");
    await mkdir(disk);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", disk]);
    if (mounted.status !== 0) skip("this machine does not let us mount a small disk");
    onTestFinished(() => void spawnSync("umount", ["-l", disk]));
    await expect(ranDownload(folder, { from: "drop/a.csv" })).rejects.toMatchObject({
      code: "OUTPUT_UNWRITABLE",
    });
    expect(await savedNames(folder)).toEqual([]);
    expect(await readdir(join(disk, ".download"))).toEqual([]);
    await writeFile(join(folder, "drop/b.csv"), "fits");
    expect((await ranDownload(folder, { from: "drop/b.csv" })).files).toHaveLength(1);
  });

  // Whoever is root may read everything.
  it.skipIf(process.getuid?.() === 0)("may not be read", async () => {
    const folder = await withDrop({ "a.csv": "1" });
    await chmod(join(folder, "drop/a.csv"), 0o000);
    await expect(ranDownload(folder, { from: "drop/a.csv" })).rejects.toMatchObject({
      code: "DOWNLOAD_REFUSED",
    });
  });
});

describe("files that are moved", () => {
  const move = { from: { path: "drop/*.csv", move: true } };

  it("are here, and gone there", async () => {
    const folder = await withDrop({ "a.csv": "1", "b.csv": "22", "c.txt": "3" });
    const { sources, bytes, unchanged } = await ranDownload(folder, move);
    expect(sources).toEqual(
      ["a", "b"].map((name) => ({
        source: join(folder, `drop/${name}.csv`),
        file: join(folder, `in/${name}.csv`),
        bytes: name === "a" ? 1 : 2,
        sha256: sha256(name === "a" ? "1" : "22"),
        status: "moved",
      })),
    );
    expect([bytes, unchanged]).toEqual([3, false]);
    expect(await savedNames(folder)).toEqual(["a.csv", "b.csv"]);
    expect(existsSync(join(folder, "drop/a.csv"))).toBe(false);
    expect(existsSync(join(folder, "drop/c.txt"))).toBe(true);
  });

  it("are told the same by every attempt, and new ones wait for the next run", async () => {
    const folder = await withDrop({ "a.csv": "1", "b.csv": "2" });
    const journal = memoryJournal();
    const first = await ranDownload(folder, move, { journal });
    await writeFile(join(folder, "drop/c.csv"), "3");
    expect(await ranDownload(folder, move, { journal, attempt: 2 })).toEqual(first);
    expect(existsSync(join(folder, "drop/c.csv"))).toBe(true);
    const next = await ranDownload(folder, move, { runId: "run-2" });
    expect(next.files).toEqual([join(folder, "in/c.csv")]);
  });

  it("are found wherever a kill left them", async () => {
    const folder = await withDrop({ "a.csv": "1", "b.csv": "2", "c.csv": "3" });
    const journal = memoryJournal();
    // The plan is durable, and then the process is gone.
    const stopped = { ...move, overwrite: "fail" };
    await mkdir(join(folder, "in"));
    await writeFile(join(folder, "in/a.csv"), "in the way");
    await expect(ranDownload(folder, stopped, { journal })).rejects.toMatchObject({
      code: "OUTPUT_UNWRITABLE",
    });
    await rm(join(folder, "in/a.csv"));
    // Renamed; copied but not yet removed; not begun.
    await rename(join(folder, "drop/a.csv"), join(folder, "in/a.csv"));
    await writeFile(join(folder, "in/b.csv"), "2");
    const { sources } = await ranDownload(folder, stopped, { journal, attempt: 2 });
    expect(sources.map(({ status }) => status)).toEqual(["moved", "moved", "moved"]);
    expect(await savedNames(folder)).toEqual(["a.csv", "b.csv", "c.csv"]);
    expect(existsSync(join(folder, "drop/b.csv"))).toBe(false);
  });

  it("that are in neither place fail the task", async () => {
    const folder = await withDrop({ "a.csv": "1" });
    const journal = memoryJournal();
    await ranDownload(folder, move, { journal });
    await writeFile(join(folder, "in/a.csv"), "2");
    await expect(ranDownload(folder, move, { journal, attempt: 2 })).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
      message: expect.stringContaining("neither there nor at"),
    });
  });

  it("are not moved once they have changed", async () => {
    const folder = await withDrop({ "a.csv": "1" });
    const journal = memoryJournal();
    await mkdir(join(folder, "in/a.csv"), { recursive: true });
    // A folder is in the way: the plan is made, the move fails.
    await expect(ranDownload(folder, move, { journal })).rejects.toMatchObject({
      code: "OUTPUT_UNWRITABLE",
    });
    await rm(join(folder, "in/a.csv"), { recursive: true });
    await writeFile(join(folder, "drop/a.csv"), "1 and more");
    await expect(ranDownload(folder, move, { journal, attempt: 2 })).rejects.toMatchObject({
      code: "INPUT_CHANGED",
    });
    expect(await text(folder, "drop/a.csv")).toBe("1 and more");
  });

  it("replace what is there", async () => {
    const folder = await withDrop({ "a.csv": "new" });
    await mkdir(join(folder, "in"));
    await writeFile(join(folder, "in/a.csv"), "old");
    await ranDownload(folder, move);
    expect(await text(folder, "in/a.csv")).toBe("new");
  });

  it("are the files that links lead to; the links go", async () => {
    const folder = await withDrop({ "a.txt": "1" });
    await symlink("a.txt", join(folder, "drop/a.csv"));
    await ranDownload(folder, move);
    expect((await lstat(join(folder, "in/a.csv"))).isFile()).toBe(true);
    expect(await text(folder, "in/a.csv")).toBe("1");
    expect(existsSync(join(folder, "drop/a.csv"))).toBe(false);
    expect(await text(folder, "drop/a.txt")).toBe("1");
  });

  it("may have a second name at the target", async () => {
    const folder = await withDrop({ "a.csv": "1" });
    await mkdir(join(folder, "in"));
    await link(join(folder, "drop/a.csv"), join(folder, "in/a.csv"));
    await ranDownload(folder, move);
    expect(existsSync(join(folder, "drop/a.csv"))).toBe(false);
    expect(await text(folder, "in/a.csv")).toBe("1");
  });

  it("leave those alone that are still written to", async () => {
    const folder = await withDrop({ "a.csv": "1" });
    await writeFile(join(folder, "drop/b.csv"), "being written");
    const from = { path: "drop/*.csv", move: true, unchangedFor: "1h" };
    const { files } = await ranDownload(folder, { from });
    expect(files).toEqual([join(folder, "in/a.csv")]);
    expect(existsSync(join(folder, "drop/b.csv"))).toBe(true);
  });

  const memoryDisk = "/dev/shm";
  it.skipIf(!existsSync(memoryDisk))("come from another disk", async () => {
    const folder = await withFolder();
    const other = await mkdtemp(join(memoryDisk, "data-wrangler-test-"));
    onTestFinished(() => rm(other, { recursive: true, force: true }));
    expect((await stat(other)).dev).not.toBe((await stat(folder)).dev);
    const content = "x".repeat(300_000);
    await writeFile(join(other, "a.csv"), content);
    const journal = memoryJournal();
    const options = { from: { path: join(other, "*.csv"), move: true } };
    const first = await ranDownload(folder, options, { journal });
    expect(first.sources[0]).toMatchObject({ status: "moved", sha256: sha256(content) });
    expect(existsSync(join(other, "a.csv"))).toBe(false);
    expect(sha256(await readFile(join(folder, "in/a.csv")))).toBe(sha256(content));
    expect(await ranDownload(folder, options, { journal, attempt: 2 })).toEqual(first);
  });
});
